"""One story in, all that is ever counted of it out: a record whose flags any database can count and find by."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import IntFlag, auto
from typing import Final

from bot.ledger.definitions import Outcome, counts, outcome
from bot.ledger.hours import Hours
from bot.ledger.stories import Story


class Flag(IntFlag):
    """What is true of a conversation, in the order of the stored bits.

    Add one at the end, and count `DEFINITIONS` up.
    """

    COUNTS = auto()
    """Something was asked, or a person took part; the others hold only of those."""
    INVOLVED = auto()
    ANSWERED = auto()
    HANDED_OFF = auto()
    CONTAINED = auto()
    ABANDONED = auto()
    CONFIRMED = auto()
    RETURNED = auto()
    REOPENED = auto()
    SOLVED_BY_PERSON = auto()
    SURELY_DEFLECTED = auto()
    AT_MOST_DEFLECTED = auto()
    SURELY_FIRST_CONTACT = auto()
    AT_MOST_FIRST_CONTACT = auto()
    ESCALATION_RIGHT = auto()
    ESCALATION_WRONG = auto()
    WITH_PEOPLE = auto()
    """People got it: by a hand-off, or because it began with a person."""
    PASSED_UP = auto()
    """A person escalated it further."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an article is about."""

    product: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """What records are made with besides facts."""

    hours: Hours = field(default_factory=Hours)
    subjects: Mapping[str, Subject] = field(default_factory=dict)
    """By the id of the article."""


@dataclass(frozen=True, slots=True)
class Record:
    """A conversation as it stood when its window closed."""

    conversation_id: str
    opened_at: dt.datetime
    hour: int
    """Of the team's week, 0 to 167, when it was opened."""
    channel: str
    language: str
    product: str
    tags: tuple[str, ...]
    flags: int
    """Bits of `Flag`; a plain number, since arithmetic with flags takes ten times as long."""
    hand_off: str
    """Reason of the first hand-off, or empty."""
    first_response: float | None
    """Business seconds from people having it to a person's first reply; None where there was none."""
    resolution: float | None
    """Likewise to its solution."""
    handled: float | None
    """Business seconds in which it waited for the person who had it; None where nobody did anything."""
    rated: int | None
    recommends: int | None
    solved_by: str
    articles: tuple[str, ...]
    """Those that were quoted."""

    @property
    def day(self) -> dt.date:
        """The day it was opened, UTC."""
        return self.opened_at.astimezone(dt.UTC).date()


_BOUNDS: Final = frozenset(
    {"surely_deflected", "at_most_deflected", "surely_first_contact", "at_most_first_contact"}
)
_OF_OUTCOME: Final = tuple(
    (int(flag), flag.name.lower())
    for flag in Flag
    if flag.name and flag.name.lower() in {one.name for one in fields(Outcome)} | _BOUNDS
)
_RETURNED, _WITH_PEOPLE, _PASSED_UP = int(Flag.RETURNED), int(Flag.WITH_PEOPLE), int(Flag.PASSED_UP)
_RIGHT, _WRONG = int(Flag.ESCALATION_RIGHT), int(Flag.ESCALATION_WRONG)


def records(told: Iterable[Story], back: frozenset[str], basis: Basis) -> list[Record]:
    """One for each story; `back` are the ids of those whose customer returned."""
    return [_record(story, story.conversation_id in back, basis) for story in told]


def _record(story: Story, returned: bool, basis: Basis) -> Record:
    flags = _flags(story, outcome(story, returned=returned)) if counts(story) else 0
    subject = basis.subjects.get(story.about)
    tags = (*story.tags, *(subject.tags if subject else ()))
    since, hours = story.with_people_at, basis.hours
    return Record(
        conversation_id=story.conversation_id,
        opened_at=story.opened_at,
        hour=hours.hour_of_week(story.opened_at),
        channel=story.channel,
        language=story.language,
        product=story.product or (subject.product if subject else ""),
        tags=tuple(dict.fromkeys(tags)),
        flags=flags,
        hand_off=story.hand_off,
        first_response=hours.between(since, story.agent_at) if since and story.agent_at else None,
        resolution=hours.between(since, story.solved_at) if since and story.solved_at else None,
        handled=_handled(story.in_hand, hours),
        rated=story.rated,
        recommends=story.recommends,
        solved_by=story.solved_by,
        articles=tuple(article for article, _ in story.cited),
    )


def _flags(story: Story, one: Outcome) -> int:
    found = int(Flag.COUNTS)
    for flag, name in _OF_OUTCOME:
        if getattr(one, name):
            found |= flag
    if not one.durable:
        found |= _RETURNED
    if story.with_people_at is not None:
        found |= _WITH_PEOPLE
    if story.passed_up:
        found |= _PASSED_UP
    if story.escalation is not None:
        found |= _RIGHT if story.escalation else _WRONG
    return found


def _handled(spans: Sequence[tuple[dt.datetime, dt.datetime]], hours: Hours) -> float | None:
    return sum(hours.between(start, end) for start, end in spans) if spans else None
