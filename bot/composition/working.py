"""A layer: what happens by itself, out of all that is there: timers, and what leaves the desk.

What they import is imported when it is used, since most commands need none of it.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.composition.counted import Counted

if TYPE_CHECKING:
    from bot.people.erasure import Erasure
    from bot.storage.team import TeamLog
    from bot.team.board import Board
    from bot.team.staffing import Staffing
    from bot.team.views import Views
    from bot.tickets.automatic import Automatic
    from bot.tickets.timekeeping import Handler, Timekeeping
    from bot.working import Work, Worker


@dataclass(slots=True)
class Working(Counted):
    """The parts that work by themselves."""

    _worker: "Worker | None" = None

    @property
    def team_log(self) -> "TeamLog":
        """The team as routing sees it."""
        from bot.storage.team import TeamLog

        return TeamLog(self.database)

    @property
    def staffing(self) -> "Staffing":
        """Who takes tickets now, and which."""
        from bot.team.staffing import Staffing

        settings = self.settings
        languages = dict.fromkeys((*settings.locales, *settings.help_locales))
        return Staffing(self.team_log, self.policy, tuple(languages), self.chance.now)

    @property
    def board(self) -> "Board":
        """The lead's board."""
        from bot.storage.queue import QueueLog
        from bot.team.board import Board

        return Board(
            self.team_log,
            QueueLog(self.database),
            self.live_board,
            present=self.availability.present,
            mask=self.masked,
            now=self.chance.now,
        )

    @property
    def views(self) -> "Views":
        """Views of the queue."""
        from bot.storage.views import ViewLog
        from bot.team.views import Views

        return Views(ViewLog(self.database), self.chance)

    @property
    def automatic(self) -> "Automatic":
        """What happens to tickets by itself."""
        from bot.storage.tickets import TicketLog
        from bot.tickets.automatic import Automatic

        return Automatic(
            TicketLog(self.database),
            self.team_log,
            self.conversations,
            self.policy,
            now=self.chance.now,
            learned=self.categories.guess,
        )

    @property
    def handlers(self) -> "Mapping[str, Handler]":
        """What each kind of timer does; a new kind is a line here."""
        from bot.desk.timers import Kind

        automatic = self.automatic
        return {
            Kind.ROUTE: automatic.route,
            Kind.WARN: automatic.warn,
            Kind.BREACH: automatic.breach,
            Kind.ESCALATE: automatic.escalate,
        }

    @property
    def timekeeping(self) -> "Timekeeping":
        """What fires timers."""
        from bot.storage.timers import TimerLog
        from bot.tickets.timekeeping import Timekeeping

        return Timekeeping(TimerLog(self.database), self.handlers, self.chance.now)

    @property
    def work(self) -> "Work":
        """All that is done again and again; a new job is a line here."""
        from bot.working import Work

        return Work(
            {
                "timers": self.timekeeping.run,
                "delivery": self.delivery.run,
                "knowledge": self.look_after,
                "files": self.tidy_files,
                "solved": self.solved.prepare,
                "categories": self.learn_categories,
            }
        )

    @property
    def erasure(self) -> "Erasure":
        """Customers who want to be forgotten."""
        from bot.people.erasure import Erasure
        from bot.storage.erasing import ErasingLog

        return Erasure(
            ErasingLog(self.database), self.learning.erase, self.attachments.unwanted, self.chance.now
        )

    def tidy_files(self) -> int:
        """Once an hour, in one process of all: files that were kept long enough go. Gives whether it was due."""
        from bot.storage.reports import ReportLog

        if not ReportLog(self.database).due("files", dt.timedelta(hours=1), self.chance.now()):
            return 0
        self.attachments.tidy()
        return 1

    def look_after(self) -> int:
        """Once a day, in one process of all: finds gaps, and looks at every article. Gives whether it was due."""
        from bot.storage.reports import ReportLog

        if not ReportLog(self.database).due("knowledge", dt.timedelta(days=1), self.chance.now()):
            return 0
        self.gap_finding.find(90)
        self.article_health.check(90)
        return 1

    def learn_categories(self) -> int:
        """Once a day, in one process of all: begins to learn categories anew, aside. Gives whether it was due."""
        from bot.storage.reports import ReportLog

        if not ReportLog(self.database).due("categories", dt.timedelta(days=1), self.chance.now()):
            return 0
        self.categories.learn_aside()
        return 1

    def start_work(self) -> None:
        """Works in a thread beside the server, unless the settings leave that to `tierzero work`."""
        if self.settings.work:
            from bot.working import Worker

            if self.settings.policy or self.settings.mail_texts or self.settings.smtp_host:
                # What a team has written itself is read now, so that a mistake in it is told at the start.
                _ = self.delivery
            self._worker = Worker(lambda: self.work)
