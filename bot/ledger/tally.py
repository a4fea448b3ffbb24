"""The facts of some days in, counts out; counts of separate days add up to those of the whole time."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import chain
from typing import Any, Final

from bot.ledger.facts import Fact
from bot.ledger.records import Basis, Flag, Record, records
from bot.ledger.returns import returned
from bot.ledger.stories import WINDOW, Story, stories

#: A day is counted once every window that began on it has closed, and writers on other clocks have caught up.
GRACE: Final = dt.timedelta(hours=1)
DAY: Final = dt.timedelta(days=1)
#: The basis of counts where neither business hours nor articles are known.
NOTHING_KNOWN: Final = Basis()
#: A conversation that quoted an article and was not settled by it.
FAILED: Final = int(Flag.ABANDONED | Flag.HANDED_OFF | Flag.RETURNED)
JUDGED: Final = ((int(Flag.ESCALATION_RIGHT), "right"), (int(Flag.ESCALATION_WRONG), "wrong"))
_WITH_PEOPLE, _SURELY = int(Flag.WITH_PEOPLE), int(Flag.SURELY_DEFLECTED)
#: Counts of a tally that are those of a flag.
_BY_FLAG: Final = {"conversations": int(Flag.COUNTS)} | {
    flag.name.lower(): int(flag)
    for flag in Flag
    if flag.name and int(flag) not in (Flag.COUNTS, *dict(JUDGED))
}


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
    with_people: int = 0
    passed_up: int = 0
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
    agents: Mapping[str, int] = field(default_factory=dict)
    """Conversations solved, by the account of who solved them."""
    first_responses: tuple[float | None, ...] = ()
    """Business seconds from people having it to a person's first reply, shortest first; None where there was none in
    the window."""
    resolutions: tuple[float | None, ...] = ()
    """Business seconds from people having it to its solution, likewise."""
    handled: tuple[float | None, ...] = ()
    """Business seconds in which each waited for the person who had it."""


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


def counted_days(
    facts: Iterable[Fact], first: dt.date, last: dt.date, basis: Basis = NOTHING_KNOWN
) -> dict[dt.date, tuple[Record, ...]]:
    """Records of each day from `first` to `last`; the facts reach from `first` to a window beyond `last`."""
    told = stories(facts)
    back = returned(told)
    by_day: dict[dt.date, list[Story]] = {first + DAY * place: [] for place in range((last - first).days + 1)}
    for story in told:
        own = by_day.get(story.opened_at.astimezone(dt.UTC).date())
        if own is not None:
            own.append(story)
    return {day: tuple(records(own, back, basis)) for day, own in by_day.items()}


def tally_days(facts: Iterable[Fact], first: dt.date, last: dt.date) -> dict[dt.date, Tally]:
    """Counts of each day from `first` to `last`; the facts reach from `first` to a window beyond `last`."""
    return {day: tally(own) for day, own in counted_days(facts, first, last).items()}


def tally(of: Sequence[Record]) -> Tally:
    """Counts of some conversations."""
    counted = [one for one in of if one.flags]
    with_people = [one for one in counted if one.flags & _WITH_PEOPLE]
    return Tally(
        small_talk=len(of) - len(counted),
        **shares(Counter(one.flags for one in counted)),
        reasons=_counts(one.hand_off for one in counted if one.hand_off),
        channels=_counts(one.channel for one in counted),
        languages=_counts(one.language for one in counted),
        articles=_cited(counted),
        articles_confirmed=_cited(one for one in counted if one.flags & _SURELY),
        articles_failed=_cited(one for one in counted if one.flags & FAILED),
        escalations=_counts(name for one in counted for flag, name in JUDGED if one.flags & flag),
        ratings=_counts(str(one.rated) for one in counted if one.rated is not None),
        recommendations=_counts(str(one.recommends) for one in counted if one.recommends is not None),
        agents=_counts(one.solved_by for one in counted if one.solved_by),
        first_responses=in_order(one.first_response for one in with_people),
        resolutions=in_order(one.resolution for one in with_people),
        handled=in_order(one.handled for one in with_people if one.handled is not None),
    )


def shares(by_flags: Mapping[int, int]) -> dict[str, int]:
    """How many conversations each flag is true of, by the name it has in a tally."""
    found = dict.fromkeys(_BY_FLAG, 0)
    for flags, count in by_flags.items():
        for name, flag in _BY_FLAG.items():
            if flags & flag:
                found[name] += count
    return found


def _counts(names: Iterable[str]) -> Mapping[str, int]:
    # A plain dict: `asdict` takes a Counter apart into pairs and counts those.
    return dict(Counter(names))


def _cited(of: Iterable[Record]) -> Mapping[str, int]:
    return _counts(article for one in of for article in one.articles)


def in_order(waits: Iterable[float | None]) -> tuple[float | None, ...]:
    """Waits as a tally has them: shortest first, those that have not ended last."""
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
    return in_order(chain.from_iterable(parts))
