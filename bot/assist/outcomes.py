"""An agent's verdict on a suggestion in; it is kept, and changes what the next one who asks the like is shown."""

import datetime as dt
from collections.abc import Callable
from typing import Final, Protocol

from bot.desk.suggested import Outcome, TicketOutcome, Verdict
from bot.dialogue.learned import What
from bot.errors import BadRequest, NotFound, TooLarge
from bot.knowledge.learning import LONGEST_QUESTION, Learning
from bot.ports import Shelf
from kb.article import ArticleKey, Audience

#: What a verdict on an article teaches the search.
_TEACHES: Final = {
    Verdict.ACCEPTED: What.AGENT_LINKED,
    Verdict.EDITED: What.AGENT_EDITED,
    Verdict.REJECTED: What.AGENT_REJECTED,
}
#: Characters of a reply that an agent reports.
LONGEST_REPLY = 20_000


class OutcomeStore(Protocol):
    """Where verdicts are kept."""

    def append(self, outcome: Outcome) -> None:
        """Keeps a verdict; earlier ones stay."""

    def append_of_ticket(self, outcome: TicketOutcome) -> None:
        """Keeps a verdict on a solved ticket."""


class Outcomes:
    """Takes agents' verdicts."""

    def __init__(
        self,
        store: OutcomeStore,
        shelf: Shelf,
        learning: Learning,
        *,
        mask: Callable[[str], str],
        now: Callable[[], dt.datetime],
        ticket: Callable[[str], object | None],
        judged: Callable[[], None],
    ) -> None:
        """`ticket` finds a ticket by its reference; `judged` is told that one has a new verdict."""
        self._store = store
        self._shelf = shelf
        self._learning = learning
        self._mask = mask
        self._now = now
        self._ticket = ticket
        self._judged = judged

    def record(
        self,
        verdict: Verdict,
        article: ArticleKey,
        question: str,
        who: str,
        *,
        reply: str = "",
        ticket: str = "",
        internal: bool = True,
    ) -> None:
        """Keeps a verdict with its texts masked; the search learns that the article answers the question, or does not.

        `internal` says whether they may know of articles that are for agents only.

        Raises `BadRequest` without a question, `TooLarge` for a text that is none, and `NotFound` for an article that
        is not published.
        """
        _check(question, reply)
        current = self._shelf.published([article]).get(article)
        if current is None or (current.audience is Audience.AGENT and not internal):
            raise NotFound(f"There is no published article {article}.")
        masked = self._mask(question)
        # First, since an outcome that teaches nothing should not look as if it did; twice changes nothing.
        self._learning.link(masked, article, who, what=_TEACHES[verdict])
        self._store.append(Outcome(self._now(), who, verdict, article, masked, self._mask(reply), ticket))

    def record_of_ticket(
        self, verdict: Verdict, similar: str, question: str, who: str, *, reply: str = "", ticket: str = ""
    ) -> None:
        """Keeps a verdict on a solved ticket that was suggested: see `bot.assist.solved` for what it changes.

        Raises `BadRequest`, `TooLarge`, and `NotFound` for a ticket that does not exist.
        """
        _check(question, reply)
        if self._ticket(similar) is None:
            raise NotFound(f"There is no ticket {similar}.")
        told = (self._mask(question), self._mask(reply))
        self._store.append_of_ticket(TicketOutcome(self._now(), who, verdict, similar, *told, ticket))
        self._judged()


def _check(question: str, reply: str) -> None:
    if not question.strip():
        raise BadRequest("Say in text what the suggestion was for.")
    if len(question) > LONGEST_QUESTION:
        raise TooLarge(f"A question may have at most {LONGEST_QUESTION} characters.")
    if len(reply) > LONGEST_REPLY:
        raise TooLarge(f"A reply may have at most {LONGEST_REPLY} characters.")
