"""An agent's verdict on a suggestion in; it is kept, and an accepted article helps the next customer who asks."""

import datetime as dt
from collections.abc import Callable
from typing import Protocol

from bot.desk.suggested import Outcome, Verdict
from bot.errors import BadRequest, NotFound, TooLarge
from bot.learning import LONGEST_QUESTION, Learning
from bot.ports import Shelf
from kb.article import ArticleKey, Audience

#: Characters of a reply that an agent reports.
LONGEST_REPLY = 20_000


class OutcomeStore(Protocol):
    """Where verdicts are kept."""

    def append(self, outcome: Outcome) -> None:
        """Keeps a verdict; earlier ones stay."""


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
    ) -> None:
        self._store = store
        self._shelf = shelf
        self._learning = learning
        self._mask = mask
        self._now = now

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
        """Keeps a verdict with its texts masked; an accepted one is linked to the question.

        `internal` says whether they may know of articles that are for agents only.

        Raises `BadRequest` without a question, `TooLarge` for a text that is none, and `NotFound` for an article that
        is not published.
        """
        if not question.strip():
            raise BadRequest("Say in text what the suggestion was for.")
        if len(question) > LONGEST_QUESTION:
            raise TooLarge(f"A question may have at most {LONGEST_QUESTION} characters.")
        if len(reply) > LONGEST_REPLY:
            raise TooLarge(f"A reply may have at most {LONGEST_REPLY} characters.")
        current = self._shelf.published([article]).get(article)
        if current is None or (current.audience is Audience.AGENT and not internal):
            raise NotFound(f"There is no published article {article}.")
        masked = self._mask(question)
        if verdict is Verdict.ACCEPTED:
            # First, since an outcome that teaches nothing should not look as if it did; twice changes nothing.
            self._learning.link(masked, article, who)
        self._store.append(Outcome(self._now(), who, verdict, article, masked, self._mask(reply), ticket))
