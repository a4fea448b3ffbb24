"""A layer: what answers in, the flows that customers meet out: the chat, people in it, the help centre.

What a first message does not need is imported when it is used, since every start would wait for it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.chat.chat import Chat
from bot.chat.handover import Handover
from bot.composition.answers import Answers
from bot.dialogue.reply import Reply
from bot.live.presence import Availability
from bot.logs import log_turn
from bot.storage.live import LiveLog
from bot.storage.live_board import LiveBoard
from bot.storage.tickets import TicketLog
from bot.storage.trials import TrialLog
from bot.tickets.hearing import Hearing

if TYPE_CHECKING:
    from bot.help_centre.articles import ArticlePages
    from bot.help_centre.search import HelpSearch
    from bot.live.talk import LiveDesk
    from bot.people.members import Members
    from bot.tickets.categories import Categories
    from bot.tickets.tickets import Tickets


@dataclass(slots=True)
class Customers(Answers):
    """The parts that customers meet, and what their messages change of tickets."""

    _chat: Chat | None = None
    _help_search: "HelpSearch | None" = None
    _articles: "ArticlePages | None" = None
    _categories: "Categories | None" = None

    def _noticed(self, reply: Reply, seconds: float) -> None:
        self.meters.turn(reply, seconds)
        log_turn(reply, seconds)

    @property
    def chat(self) -> Chat:
        """The chat flow."""
        if self._chat is None:
            self._chat = Chat(
                self.conversations,
                self.answering,
                self.handover,
                self.dialogue.wording,
                self.chance,
                self.redactor,
                learn=self.learning.heard,
                heard=self.hearing.heard,
                noticed=self._noticed,
                served=self.arms.served,
            )
        return self._chat

    @property
    def handover(self) -> Handover:
        """Words and tickets of hand-offs."""
        parts = self.dialogue
        return Handover(
            self.answering,
            parts.wording,
            parts.handlings,
            self.policy,
            self.chance,
            minutes_to_wait=self.availability.minutes_to_wait,
            learned=lambda ticket, messages: self.categories.guess_new(ticket, messages),
        )

    @property
    def categories(self) -> "Categories":
        """What tickets are about, learned from solved ones."""
        if self._categories is None:
            from bot.tickets.categories import Categories

            self._categories = Categories(
                TicketLog(self.database),
                self.conversations,
                lambda texts: self.encoder.vectors(texts),
                lambda: self.encoder.identity,
                self.settings.data.expanduser() / "categories.npz",
                learn_from=self.policy.routing.learn_from,
            )
        return self._categories

    @property
    def live_store(self) -> LiveLog:
        """Live chats as stored."""
        return LiveLog(self.database)

    @property
    def live_board(self) -> LiveBoard:
        """The list of live chats."""
        return LiveBoard(self.database)

    @property
    def availability(self) -> Availability:
        """Who is there for live chats."""
        return Availability(self.live_store, self.live_board, self.policy.live, self.chance.now)

    @property
    def live_desk(self) -> "LiveDesk":
        """What agents do in live chats."""
        from bot.live.talk import LiveDesk
        from bot.storage.live_steps import LiveSteps

        return LiveDesk(
            self.conversations,
            self.live_store,
            LiveSteps(self.database),
            self.desk,
            self.handover,
            self.dialogue.wording,
            self.policy,
            self.chance,
        )

    @property
    def members(self) -> "Members":
        """Who is of the team."""
        from bot.people.members import Members
        from bot.storage.people import PeopleLog

        return Members(PeopleLog(self.database))

    @property
    def hearing(self) -> Hearing:
        """What customers and rules change of tickets."""
        return Hearing(TicketLog(self.database), self.policy, self.chance.now)

    @property
    def desk(self) -> "Tickets":
        """What the team does with tickets."""
        from bot.tickets.tickets import Tickets

        return Tickets(
            TicketLog(self.database),
            self.members,
            self.policy,
            self.chance,
            redact=lambda text: self.redactor.redact(text).text,
        )

    @property
    def help_search(self) -> "HelpSearch":
        """The help centre's search."""
        if self._help_search is None:
            from bot.help_centre.search import HelpSearch

            self._help_search = HelpSearch(
                self.knowledge,
                self.answering,
                self.verifier,
                redact=lambda text: self.redactor.redact(text).text,
            )
        return self._help_search

    @property
    def articles(self) -> "ArticlePages":
        """Article pages."""
        if self._articles is None:
            from bot.help_centre.articles import ArticlePages

            self._articles = ArticlePages(
                self.shelf,
                public_url=self.settings.public_url,
                default_locale=self.settings.default_locale,
                tried=TrialLog(self.database).tried,
            )
        return self._articles
