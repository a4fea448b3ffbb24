"""A layer: the parts that only staff need, out of those that customers meet.

What they import is imported when it is used: its cryptography would slow every start down.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.composition.customers import Customers

if TYPE_CHECKING:
    from bot.assist.outcomes import Outcomes
    from bot.assist.solved import Solved
    from bot.assist.suggestions import Suggestions
    from bot.insights.article_health import ArticleHealth
    from bot.insights.gap_finding import GapFinding
    from bot.insights.gap_viewing import GapViewing
    from bot.people.keyring import Keyring
    from bot.people.machine_keys import MachineKeys
    from bot.people.signing_in import SigningIn
    from bot.people.team import Team
    from bot.people.visitors import Visitors
    from bot.storage.people import PeopleLog
    from bot.tickets.attachments import Attachments
    from bot.tickets.viewing import Viewing


@dataclass(slots=True)
class Staff(Customers):
    """The parts that staff meet."""

    _keyring: "Keyring | None" = None
    _solved: "Solved | None" = None

    @property
    def keyring(self) -> "Keyring":
        """The service's own keys."""
        if self._keyring is None:
            from bot.people.keyring import Keyring

            self._open_data_folder()
            self._keyring = Keyring.open(self.settings.keys)
        return self._keyring

    @property
    def audit(self) -> "PeopleLog":
        """Accounts and the audit log as stored."""
        from bot.storage.people import PeopleLog

        return PeopleLog(self.database)

    @property
    def signing_in(self) -> "SigningIn":
        """Sessions of staff."""
        from bot.people.policy import load_policy
        from bot.people.signing_in import SigningIn

        return SigningIn(
            self.audit,
            self.keyring,
            load_policy(),
            now=self.chance.now,
            new_id=self.chance.new_id,
            issuer=self.settings.site_name,
        )

    @property
    def visitors(self) -> "Visitors":
        """Sessions of customers."""
        from bot.people.keyring import identified
        from bot.people.visitors import LEEWAY, Visitors

        secret, now = self.settings.identity_secret, self.chance.now
        return Visitors(
            lambda: self.keyring,
            lambda token: identified(token, secret, now(), LEEWAY),
            now=now,
            new_id=self.chance.new_id,
        )

    @property
    def team(self) -> "Team":
        """Accounts of staff."""
        from bot.people.policy import load_policy
        from bot.people.team import Team

        return Team(self.audit, load_policy(), now=self.chance.now, new_id=self.chance.new_id)

    @property
    def machine_keys(self) -> "MachineKeys":
        """Keys of programs."""
        from bot.people.machine_keys import MachineKeys

        return MachineKeys(self.audit, now=self.chance.now, new_id=self.chance.new_id)

    @property
    def suggestions(self) -> "Suggestions":
        """What helps agents answer."""
        from bot.assist.suggestions import Suggestions

        return Suggestions(
            self.knowledge,
            self.verifier,
            self.dialogue,
            self.conversations,
            locales=self.settings.locales,
            default_locale=self.settings.default_locale,
            mask=self.masked,
            solved=self.solved,
        )

    @property
    def solved(self) -> "Solved":
        """Solved tickets that are like a question."""
        if self._solved is None:
            from bot.assist.solved import Solved
            from bot.storage.solved import SolvedLog
            from bot.storage.suggestions import OutcomeLog
            from bot.storage.tickets import TicketLog

            self._solved = Solved(
                SolvedLog(self.database),
                TicketLog(self.database),
                self.conversations,
                lambda texts: self.encoder.vectors(texts),
                lambda: self.encoder.identity,
                OutcomeLog(self.database).of_tickets,
                mask=self.masked,
                now=self.chance.now,
            )
        return self._solved

    @property
    def outcomes(self) -> "Outcomes":
        """What agents make of suggestions."""
        from bot.assist.outcomes import Outcomes
        from bot.storage.suggestions import OutcomeLog

        store = OutcomeLog(self.database)
        return Outcomes(
            *(store, self.shelf, self.learning),
            mask=self.masked,
            now=self.chance.now,
            ticket=self.conversations.ticket,
            judged=self.solved.look_again,
        )

    @property
    def attachments(self) -> "Attachments":
        """Files of conversations."""
        from bot.storage.attachments import AttachmentLog
        from bot.storage.tickets import TicketLog
        from bot.tickets.attachments import Attachments
        from bot.tickets.files import FileStore

        log = TicketLog(self.database)
        return Attachments(
            AttachmentLog(self.database),
            FileStore(self.settings.files_root),
            self.desk,
            self.hearing,
            log,
            self.policy.attachments,
            self.chance,
            conversations_of=log.conversations,
        )

    @property
    def tickets(self) -> "Viewing":
        """Tickets as the team sees them."""
        from bot.storage.openings import OpeningLog
        from bot.storage.queue import QueueLog
        from bot.storage.tickets import TicketLog
        from bot.tickets.viewing import Viewing

        return Viewing(
            self.conversations,
            QueueLog(self.database),
            OpeningLog(self.database),
            TicketLog(self.database),
            shown=self.members.shown,
            mask=self.masked,
            now=self.chance.now,
        )

    @property
    def gap_finding(self) -> "GapFinding":
        """What finds questions that nobody could answer."""
        from bot.answering.answering import Answering
        from bot.insights.gap_finding import GapFinding
        from bot.storage.gaps import GapLog
        from bot.storage.suggestions import OutcomeLog

        # Without what writes answers: whether there is an answer is decided before it.
        settings = self.settings
        answering = Answering(
            self.knowledge,
            self.verifier,
            self.dialogue,
            locales=settings.locales,
            default_locale=settings.default_locale,
        )
        return GapFinding(
            GapLog(self.database),
            self.conversations,
            OutcomeLog(self.database),
            self.shelf,
            self.encoder,
            answering,
            now=self.chance.now,
            new_id=self.chance.new_id,
        )

    @property
    def gaps(self) -> "GapViewing":
        """Gaps as the team sees them."""
        from bot.insights.gap_viewing import GapViewing
        from bot.storage.gaps import GapLog
        from bot.storage.openings import OpeningLog

        return GapViewing(
            GapLog(self.database),
            self.conversations,
            self.team,
            OpeningLog(self.database),
            mask=self.masked,
            now=self.chance.now,
        )

    @property
    def article_health(self) -> "ArticleHealth":
        """What needs a person's eye about the articles."""
        from bot.insights.article_health import ArticleHealth
        from bot.storage.ledger import LedgerLog
        from bot.storage.reports import ReportLog

        return ArticleHealth(
            self.shelf,
            LedgerLog(self.database),
            ReportLog(self.database),
            locales=self.settings.locales,
            default_locale=self.settings.default_locale,
            now=self.chance.now,
        )
