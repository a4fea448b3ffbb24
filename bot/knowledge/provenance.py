"""Learned questions and what the search made of them in, what staff see out: state, votes, who said what and when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.dialogue.learned import Event, LearnedQuestion, State, votes
from index.learned import Remembered, Sections, Standing
from kb.article import ArticleKey

_STATES = {
    Standing.HOLDS: State.ACTIVE,
    Standing.CHANGED: State.TO_CONFIRM,
    Standing.WITHDRAWN: State.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A learned question."""

    question: LearnedQuestion
    state: State
    worth: float
    """Votes for it less votes against it; 1 is one customer."""


@dataclass(frozen=True, slots=True)
class Taught:
    """A learned question that spoke for or against an article when another question was asked."""

    id: int
    key: ArticleKey
    text: str
    cosine: float
    """Of the two questions."""
    worth: float
    events: tuple[Event, ...]


def entry(question: LearnedQuestion, sections: Sections) -> Entry:
    """How a learned question stands with the index that is served."""
    pair, given = question.pair, votes(question.events)
    worth = sum(given.values())
    standing, _ = sections.standing(pair.key, pair.revision, pair.anchor, pair.digest)
    state = _STATES[standing]
    if not given:
        state = State.FORGOTTEN
    elif state is State.ACTIVE and worth <= 0:
        state = State.OUTVOTED
    return Entry(question, state, worth)


def taught(remembered: Sequence[Remembered], questions: Iterable[LearnedQuestion]) -> tuple[Taught, ...]:
    """Where what the search remembered comes from, nearest first; what was erased meanwhile is left out."""
    known = {one.id: one for one in questions} if remembered else {}
    return tuple(
        Taught(
            one.id,
            one.key,
            known[one.id].pair.text,
            one.cosine,
            sum(votes(known[one.id].events).values()),
            known[one.id].events,
        )
        for one in remembered
        if one.id in known
    )
