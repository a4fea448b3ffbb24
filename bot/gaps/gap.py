"""A gap: what customers ask and nothing answers, where it stands, and what was done about it."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.gaps.cure import Advice
from bot.gaps.unanswered import Place, Trouble
from kb.article import ArticleKey


class State(StrEnum):
    """How far somebody has come."""

    OPEN = "open"
    ASSIGNED = "assigned"
    WRITTEN = "written"
    """An article landed that answers some of its questions, or somebody says so."""
    VERIFIED = "verified"
    """Its own questions were asked again, and are answered."""


#: What a person may do, by where a gap stands; the rest is done by asking its questions again.
BY_HAND: Final = {
    State.OPEN: (State.ASSIGNED, State.WRITTEN),
    State.ASSIGNED: (State.ASSIGNED, State.WRITTEN, State.OPEN),
    State.WRITTEN: (State.ASSIGNED, State.OPEN),
    State.VERIFIED: (State.ASSIGNED, State.OPEN),
}
#: A gap is verified when at least this share of its questions is answered by something newer than the gap.
VERIFIED_SHARE: Final = 0.8
#: A verified gap opens again with so many questions asked after that.
ASKED_AGAIN: Final = 2


class Now(StrEnum):
    """What a gap's question gets when it is asked again."""

    ANSWERED = "answered"
    SAME = "same"
    """The same passage that did not help then."""
    ASKED_BACK = "asked_back"
    HANDED_OFF = "handed_off"
    UNKNOWN = ""
    """It was not asked again."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One of a gap's questions."""

    place: Place
    at: dt.datetime
    trouble: Trouble
    ticket: str
    minutes: float
    now: Now = Now.UNKNOWN
    by: ArticleKey | None = None
    """The article that answers it now."""
    newer: bool = False
    """What answers it now was published after the gap appeared."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was done about a gap."""

    at: dt.datetime
    who: str
    """The account's id, or `tierzero`."""
    what: str
    """The state it led to, or `joined` and `split` for changes of its questions."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap as it was computed last."""

    id: str
    language: str
    state: State
    assignee: str
    """Account id, or empty."""
    opened_at: dt.datetime
    questions: tuple[Asked, ...]
    """The most typical first: it names the gap."""
    advice: Advice | None
    corpus: str = ""
    """Fingerprint of the knowledge base that its questions were asked against last."""

    @property
    def tickets(self) -> int:
        """Tickets that it caused."""
        return len({one.ticket for one in self.questions if one.ticket})

    @property
    def minutes(self) -> float:
        """That people spent on those tickets."""
        spent = {one.ticket: one.minutes for one in self.questions if one.ticket}
        return sum(spent.values())

    @property
    def conversations(self) -> int:
        """In which it was asked."""
        return len({one.place.conversation_id for one in self.questions})

    @property
    def answered(self) -> int:
        """Questions that are answered now."""
        return sum(one.now is Now.ANSWERED for one in self.questions)

    @property
    def asked_again(self) -> int:
        """Questions that were asked again."""
        return sum(one.now is not Now.UNKNOWN for one in self.questions)

    @property
    def rank(self) -> tuple[int, float, int, str]:
        """The costliest first: tickets, then minutes, then questions; nothing else breaks a tie but the id."""
        return (-self.tickets, -self.minutes, -len(self.questions), self.id)


def advanced(gap: Gap) -> tuple[State, str]:
    """Where a gap stands after its questions were asked again, and why; the state it has where nothing changes."""
    again = gap.asked_again
    newer = sum(one.newer and one.now is Now.ANSWERED for one in gap.questions)
    if not again or gap.state is State.VERIFIED:
        return gap.state, ""
    said = f"{gap.answered} of {again} questions are answered now"
    if newer and gap.answered >= VERIFIED_SHARE * again:
        return State.VERIFIED, said
    if newer and gap.state in (State.OPEN, State.ASSIGNED):
        return State.WRITTEN, said
    if gap.state is State.WRITTEN and gap.answered >= VERIFIED_SHARE * again:
        return State.VERIFIED, said
    return gap.state, ""
