"""A layer: what is counted of all that happened, out of what is stored.

What they import is imported when it is used, since a start needs none of it.
"""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.composition.portal import Portal

if TYPE_CHECKING:
    from bot.experimenting.article_trials import ArticleTrials
    from bot.experimenting.running import Experimenting
    from bot.insights.evidence import Evidence
    from bot.insights.keeping import Keeper
    from bot.insights.overview import Insights
    from bot.ledger.counting import Counting
    from bot.ledger.reviewing import Reviewing
    from bot.ledger.targets import Targets
    from bot.storage.ledger import LedgerLog


@dataclass(slots=True)
class Counted(Portal):
    """The parts that count."""

    _counting: "Counting | None" = None
    _keeper: "Keeper | None" = None

    @property
    def ledger(self) -> "LedgerLog":
        """What happened in each conversation."""
        from bot.storage.ledger import LedgerLog

        return LedgerLog(self.database)

    @property
    def targets(self) -> "Targets":
        """What the team wants, and what a contact costs."""
        from bot.ledger.targets import SHIPPED, load_targets

        return load_targets(self.settings.targets or SHIPPED)

    @property
    def counting(self) -> "Counting":
        """Counts of days."""
        if self._counting is None:
            from bot.ledger.counting import Counting
            from bot.ledger.hours import Hours
            from bot.storage.counted import CountedLog

            # One for all: the sums of its business hours are worked out once.
            hours = Hours(self.policy.hours)
            kept = CountedLog(self.database, hours)
            self._counting = Counting(self.ledger, kept, hours, self.chance.now)
        return self._counting

    @property
    def reviewing(self) -> "Reviewing":
        """Reviews of periods."""
        from bot.ledger.reviewing import Reviewing

        return Reviewing(self.counting, self.targets)

    @property
    def insights(self) -> "Insights":
        """What is known of how support goes."""
        from bot.insights.overview import Insights
        from bot.storage.insights import InsightLog

        return Insights(
            self.counting,
            self.ledger,
            InsightLog(self.database),
            self.targets,
            now=self.chance.now,
        )

    @property
    def evidence(self) -> "Evidence":
        """The conversations behind the figures."""
        from bot.insights.evidence import Evidence
        from bot.storage.insights import InsightLog
        from bot.storage.openings import OpeningLog

        return Evidence(
            InsightLog(self.database),
            self.conversations,
            OpeningLog(self.database),
            mask=self.masked,
            now=self.chance.now,
        )

    @property
    def experimenting(self) -> "Experimenting":
        """Settings served side by side, started and watched."""
        from bot.experimenting.running import Experimenting
        from bot.storage.experiments import ExperimentLog

        return Experimenting(
            ExperimentLog(self.database),
            self.arms,
            self.beside,
            now=self.chance.now,
            new_id=self.chance.new_id,
        )

    @property
    def article_trials(self) -> "ArticleTrials":
        """Other texts of articles, tried beside the published ones."""
        from bot.experimenting.article_trials import ArticleTrials
        from bot.experiments.planning import LOOKED_BACK
        from bot.storage.trials import TrialLog

        log = TrialLog(self.database)
        return ArticleTrials(
            self.experimenting,
            log,
            self.shelf,
            lambda key: log.met(key, self.chance.now() - dt.timedelta(days=LOOKED_BACK)),
            locales=frozenset(self.settings.locales),
        )

    def article_titles(self) -> dict[str, str]:
        """Titles of published articles by id, in the default locale where there is one."""
        every = self.shelf.published().items()
        default = self.settings.default_locale
        return {key.id: one.title for key, one in sorted(every, key=lambda it: it[0].locale == default)}

    def keep_counted(self) -> None:
        """Begins to count days as their windows close."""
        from bot.insights.keeping import Keeper

        self._keeper = Keeper(lambda: self.counting.step())
