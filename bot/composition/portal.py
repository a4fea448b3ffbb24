"""A layer: the help centre's own parts: what readers say and ask for there, out of what leaves the desk.

What they import is imported when it is used, since commands need none of it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.composition.leaving import Leaving

if TYPE_CHECKING:
    from bot.help_centre.contact_form import ContactForm
    from bot.help_centre.own_requests import OwnRequests
    from bot.help_centre.popular import Popular
    from bot.help_centre.votes import HelpVotes
    from bot.help_centre.writing_in import WritingIn
    from bot.storage.forms import FormLog


@dataclass(slots=True)
class Portal(Leaving):
    """The parts that readers of the help centre meet."""

    _popular: "Popular | None" = None

    @property
    def popular(self) -> "Popular":
        """What readers are helped by most."""
        if self._popular is None:
            from bot.help_centre.popular import Popular
            from bot.storage.uses import UseLog

            self._popular = Popular(UseLog(self.database), now=self.chance.now)
        return self._popular

    @property
    def votes(self) -> "HelpVotes":
        """What readers say of articles."""
        from bot.help_centre.votes import HelpVotes
        from bot.storage.votes import VoteLog

        return HelpVotes(VoteLog(self.database), lambda: self.keyring, mask=self.masked, now=self.chance.now)

    @property
    def forms(self) -> "FormLog":
        """What happened to contact forms."""
        from bot.storage.forms import FormLog

        return FormLog(self.database)

    @property
    def writing_in(self) -> "WritingIn":
        """What customers write to people outside the chat."""
        from bot.help_centre.writing_in import WritingIn

        return WritingIn(
            self.conversations,
            self.answering,
            self.handover,
            self.hearing,
            self.dialogue.wording,
            self.chance,
            self.redactor,
        )

    @property
    def contact_form(self) -> "ContactForm":
        """The contact form."""
        from bot.help_centre.contact_form import ContactForm

        return ContactForm(
            self.forms,
            lambda: self.keyring,
            self.help_search,
            self.writing_in,
            now=self.chance.now,
            new_id=self.chance.new_id,
        )

    @property
    def own_requests(self) -> "OwnRequests":
        """Customers' own tickets."""
        from bot.help_centre.own_requests import OwnRequests
        from bot.storage.own_requests import RequestLog

        return OwnRequests(
            RequestLog(self.database),
            self.conversations,
            self.hearing,
            self.writing_in,
            lambda: self.keyring,
            self.chance,
        )
