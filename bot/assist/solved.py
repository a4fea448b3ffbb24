"""A question's vector in, solved tickets like it out, with what solved them."""

import datetime as dt
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from bot.changes import ArticleLink
from bot.desk.matter import matter
from bot.desk.suggested import SimilarTicket, TicketVerdict, Verdict
from bot.dialogue.conversation import Conversation, Role
from bot.ports import Conversations

Floats = npt.NDArray[np.float32]

#: Cosine from which on two texts are about the same: see `docs/measurements.md`.
LIKE: Final = 0.6
MOST_SHOWN: Final = 3
#: What verdicts add to the cosine at most, or take from it; they order what is alike and find nothing that is not.
MOST_JUDGED: Final = 0.1
#: What one verdict says of a solved ticket: 1 is that it was the answer.
_WORTH: Final = {Verdict.ACCEPTED: 1.0, Verdict.EDITED: 0.5, Verdict.REJECTED: -1.0}
#: Characters of what was written last to the customer.
REPLY_CHARS: Final = 600
#: Tickets that are prepared in one go of the worker: a fraction of a second.
_AT_ONCE: Final = 64
#: Newest solved tickets that are compared with; 4 bytes for each of 384 dimensions: 30 MB.
_MOST_COMPARED: Final = 20_000
_REFRESH: Final = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ToPrepare:
    """A solved ticket that has no vector yet."""

    reference: str
    conversation_id: str
    subject: str
    language: str


class SolvedStore(Protocol):
    """Solved tickets and their vectors."""

    def lacking(self, model: str, most: int) -> Sequence[ToPrepare]:
        """Solved tickets without a vector of this model, newest first."""

    def keep(self, model: str, vectors: Sequence[tuple[str, bytes]]) -> None:
        """Stores vectors by the reference of their ticket; those of other models go."""

    def vectors(self, model: str, most: int) -> Sequence[tuple[str, bytes]]:
        """Of tickets that are solved now, newest first."""


class Tickets(Protocol):
    """What stands beside a ticket."""

    def articles(self, reference: str) -> Sequence[ArticleLink]:
        """Articles that helped with a ticket."""


class Solved:
    """Finds solved tickets. A restart or another model costs nothing but the worker's time."""

    def __init__(
        self,
        store: SolvedStore,
        tickets: Tickets,
        conversations: Conversations,
        encode: Callable[[Sequence[str]], Floats],
        model: Callable[[], str],
        verdicts: Callable[[], Sequence[TicketVerdict]],
        *,
        mask: Callable[[str], str],
        now: Callable[[], dt.datetime],
    ) -> None:
        """`encode` makes unit vectors, `model` names what does; `mask` takes personal data out.

        `verdicts` is what agents said of solved tickets that were suggested.
        """
        self._store = store
        self._tickets = tickets
        self._conversations = conversations
        self._encode = encode
        self._model = model
        self._verdicts = verdicts
        self._mask = mask
        self._now = now
        self._lock = threading.Lock()
        self._read_at: dt.datetime | None = None
        self._references: tuple[str, ...] = ()
        self._matrix: Floats = np.zeros((0, 0), dtype=np.float32)
        self._judged: Floats = np.zeros(0, dtype=np.float32)
        self._refused: frozenset[tuple[str, str]] = frozenset()

    def prepare(self) -> int:
        """Makes vectors of what was solved lately; returns how many. A job of the worker."""
        lacking = self._store.lacking(self._model(), _AT_ONCE)
        if not lacking:
            return 0
        vectors = self._encode([self._text(one) for one in lacking]).astype(np.float32)
        rows = [(one.reference, vector.tobytes()) for one, vector in zip(lacking, vectors, strict=True)]
        self._store.keep(self._model(), rows)
        return len(rows)

    def like(self, vector: Floats, *, but: str = "", personal: bool = False) -> tuple[SimilarTicket, ...]:
        """Solved tickets that are about the same, most alike first; without personal data unless that may be seen.

        What helped agents before comes sooner, what did not comes later or not at all; what was said not to fit the
        ticket `but` is not shown for it again.
        """
        references, matrix, judged, refused = self._read()
        if not references:
            return ()
        likeness = matrix @ vector.astype(np.float32)
        ranked = likeness + judged
        found: list[SimilarTicket] = []
        for place in np.argsort(-ranked)[: MOST_SHOWN * 4]:
            if ranked[place] < LIKE or len(found) == MOST_SHOWN:
                break
            if likeness[place] < LIKE or (but and (references[place], but) in refused):
                continue
            if references[place] != but:
                one = self._shown(
                    references[place], float(likeness[place]), float(judged[place]), personal=personal
                )
                found += [one] if one is not None else []
        return tuple(found)

    def look_again(self) -> None:
        """Somebody has said what they make of one."""
        with self._lock:
            self._read_at = None

    def _shown(
        self, reference: str, likeness: float, judged: float, *, personal: bool
    ) -> SimilarTicket | None:
        ticket = self._conversations.ticket(reference)
        conversation = self._conversations.get(ticket.conversation_id) if ticket else None
        if ticket is None or conversation is None:
            return None
        reply = _last_reply(conversation)
        articles = tuple(self._tickets.articles(reference))
        if not reply and not articles:
            return None  # nothing tells what solved it
        shown = (lambda text: text) if personal else self._mask
        asked = matter(conversation.messages, ticket.language) or ticket.subject
        why = [f"Asked nearly the same (likeness {likeness:.2f})."]
        if articles:
            why.append("An article is linked to it.")
        if judged > 0:
            why.append("It helped colleagues with tickets like this.")
        return SimilarTicket(
            reference,
            shown(asked),
            ticket.language,
            shown(reply),
            tuple((one.article_id, one.locale) for one in articles),
            tuple(why),
        )

    def _text(self, one: ToPrepare) -> str:
        conversation = self._conversations.get(one.conversation_id)
        told = matter(conversation.messages, one.language) if conversation else ""
        return told or one.subject or "-"

    def _read(self) -> tuple[tuple[str, ...], Floats, Floats, frozenset[tuple[str, str]]]:
        """The vectors and verdicts as they were stored a minute ago at most."""
        with self._lock:
            now = self._now()
            if self._read_at is None or now - self._read_at >= _REFRESH:
                rows = self._store.vectors(self._model(), _MOST_COMPARED)
                self._references = tuple(reference for reference, _ in rows)
                joined = b"".join(vector for _, vector in rows)
                self._matrix = np.frombuffer(joined, dtype=np.float32).reshape(len(rows), -1 if rows else 0)
                said = self._verdicts()
                self._judged = _weighed(self._references, said)
                refused = ((one.similar, one.ticket) for one in said if one.verdict is Verdict.REJECTED)
                self._refused = frozenset(refused)
                self._read_at = now
            return self._references, self._matrix, self._judged, self._refused


def _weighed(references: Sequence[str], said: Sequence[TicketVerdict]) -> Floats:
    """What verdicts add to each: with the sum e of their worth, `MOST_JUDGED * e / (|e| + 1)`."""
    worth: dict[str, float] = {}
    for one in said:
        worth[one.similar] = worth.get(one.similar, 0.0) + _WORTH[one.verdict]
    sums = (worth.get(reference, 0.0) for reference in references)
    return np.array([MOST_JUDGED * e / (abs(e) + 1.0) for e in sums], dtype=np.float32)


def _last_reply(conversation: Conversation) -> str:
    said = [one.text for one in conversation.messages if one.role is Role.AGENT]
    text = said[-1] if said else ""
    return text if len(text) <= REPLY_CHARS else f"{text[:REPLY_CHARS].rstrip()}…"
