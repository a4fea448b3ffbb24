"""The facts of some days in, counts out; counts of separate days add up to those of the whole time."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import chain
from typing import Any, Final

from bot.ledger.definitions import Outcome, counts, outcome
from bot.ledger.facts import Fact
from bot.ledger.returns import returned
from bot.ledger.stories import WINDOW, Story, stories

#: A day is counted once every window that began on it has closed, and writers on other clocks have caught up.
GRACE: Final = dt.timedelta(hours=1)
DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of the conversations opened in some time; `docs/metrics.md` says what each means."""

    small_talk: int = 0
    """Conversations in which nothing was asked; they are in no other count."""
    conversations: int = 0
    involved: int = 0
    answered: int = 0
    handed_off: int = 0
    contained: int = 0
    abandoned: int = 0
    confirmed: int = 0
    returned: int = 0
    reopened: int = 0
    solved_by_person: int = 0
    surely_deflected: int = 0
    at_most_deflected: int = 0
    surely_first_contact: int = 0
    at_most_first_contact: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    """Hand-offs by the reason of the first one."""
    channels: Mapping[str, int] = field(default_factory=dict)
    languages: Mapping[str, int] = field(default_factory=dict)
    articles: Mapping[str, int] = field(default_factory=dict)
    """Conversations that quoted an article."""
    articles_confirmed: Mapping[str, int] = field(default_factory=dict)
    articles_failed: Mapping[str, int] = field(default_factory=dict)
    """Of those, the ones that were abandoned, handed off or followed by a return."""
    escalations: Mapping[str, int] = field(default_factory=dict)
    """Hand-offs that a person judged: `right` or `wrong`."""
    ratings: Mapping[str, int] = field(default_factory=dict)
    """Surveys by satisfaction, 1 to 5."""
    recommendations: Mapping[str, int] = field(default_factory=dict)
    """Surveys by how likely the customer recommends, 0 to 10."""
    first_responses: tuple[float | None, ...] = ()
    """Seconds from each hand-off to a person's first reply, shortest first; None where there was none in the window."""
    resolutions: tuple[float | None, ...] = ()
    """Seconds from each hand-off to its solution, likewise."""


def total(tallies: Iterable[Tally]) -> Tally:
    """The counts of separate days together."""
    every = list(tallies)
    summed: dict[str, Any] = {
        one.name: _together([getattr(tally, one.name) for tally in every]) for one in fields(Tally) if every
    }
    return Tally(**summed)


def closed(day: dt.date, now: dt.datetime) -> bool:
    """Whether nothing can change the counts of a day (UTC) any more."""
    return now >= start_of(day) + DAY + WINDOW + GRACE


def start_of(day: dt.date) -> dt.datetime:
    """The first moment of a day, UTC."""
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)


def tally_days(facts: Iterable[Fact], first: dt.date, last: dt.date) -> dict[dt.date, Tally]:
    """Counts of each day from `first` to `last`; the facts reach from `first` to a window beyond `last`."""
    told = stories(facts)
    back = returned(told)
    by_day: dict[dt.date, list[Story]] = {first + DAY * place: [] for place in range((last - first).days + 1)}
    for story in told:
        own = by_day.get(story.opened_at.astimezone(dt.UTC).date())
        if own is not None:
            own.append(story)
    return {day: tally(own, back) for day, own in by_day.items()}


def tally(told: Sequence[Story], back: frozenset[str]) -> Tally:
    """Counts of some conversations; `back` are those whose customer returned."""
    counted = [story for story in told if counts(story)]
    rated = [(story, outcome(story, returned=story.conversation_id in back)) for story in counted]
    outcomes = [one for _, one in rated]
    handed_off = [story for story in counted if story.handed_off_at is not None]
    return Tally(
        small_talk=len(told) - len(counted),
        conversations=len(counted),
        involved=sum(one.involved for one in outcomes),
        answered=sum(one.answered for one in outcomes),
        handed_off=len(handed_off),
        contained=sum(one.contained for one in outcomes),
        abandoned=sum(one.abandoned for one in outcomes),
        confirmed=sum(one.confirmed for one in outcomes),
        returned=sum(not one.durable for one in outcomes),
        reopened=sum(one.reopened for one in outcomes),
        solved_by_person=sum(one.solved_by_person for one in outcomes),
        surely_deflected=sum(one.surely_deflected for one in outcomes),
        at_most_deflected=sum(one.at_most_deflected for one in outcomes),
        surely_first_contact=sum(one.surely_first_contact for one in outcomes),
        at_most_first_contact=sum(one.at_most_first_contact for one in outcomes),
        reasons=_counts(story.hand_off for story in handed_off),
        channels=_counts(story.channel for story in counted),
        languages=_counts(story.language for story in counted),
        articles=_cited(counted),
        articles_confirmed=_cited(story for story, one in rated if one.surely_deflected),
        articles_failed=_cited(story for story, one in rated if _failed(one)),
        escalations=_counts(
            "right" if s.escalation else "wrong" for s in counted if s.escalation is not None
        ),
        ratings=_counts(str(story.rated) for story in counted if story.rated is not None),
        recommendations=_counts(str(s.recommends) for s in counted if s.recommends is not None),
        first_responses=_waits((s.handed_off_at, s.agent_at) for s in handed_off),
        resolutions=_waits((s.handed_off_at, None if s.reopened else s.solved_at) for s in handed_off),
    )


def _counts(names: Iterable[str]) -> Mapping[str, int]:
    # A plain dict: `asdict` takes a Counter apart into pairs and counts those.
    return dict(Counter(names))


def _cited(told: Iterable[Story]) -> Mapping[str, int]:
    return _counts(article for story in told for article, _ in story.cited)


def _failed(one: Outcome) -> bool:
    return one.abandoned or one.handed_off or not one.durable


def _waits(spans: Iterable[tuple[dt.datetime | None, dt.datetime | None]]) -> tuple[float | None, ...]:
    waits = [(end - start).total_seconds() if start and end else None for start, end in spans]
    return _sorted(waits)


def _sorted(waits: Iterable[float | None]) -> tuple[float | None, ...]:
    every = list(waits)
    ended = sorted(wait for wait in every if wait is not None)
    return (*ended, *[None] * (len(every) - len(ended)))


def _together(parts: Sequence[Any]) -> object:
    """One field of all days: numbers are added, counts by name too, waits sorted into one list."""
    if isinstance(parts[0], int):
        return sum(parts)
    if isinstance(parts[0], Mapping):
        counted: Counter[str] = Counter()
        for part in parts:
            counted.update(part)
        return dict(counted)
    return _sorted(chain.from_iterable(parts))
