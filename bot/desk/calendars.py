"""Business hours and a moment in, whether anybody is there, and when next, out; time is passed in, and aware."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

#: Days looked ahead for an opening; a team that is closed for longer is taken for one that never opens.
_HORIZON = 400

Period = tuple[dt.time, dt.time]
"""From, and up to but not including; both naive, in the calendar's zone. Midnight as an end is the end of the day."""


class NeverOpen(ValueError):
    """Nobody is there in more than a year."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a team is there. Nobody knows it is always there: without periods it is never."""

    zone: dt.tzinfo
    week: Mapping[int, tuple[Period, ...]]
    """Periods of each weekday, 0 is Monday; ordered, none inside another. A day without an entry is free."""
    holidays: frozenset[dt.date] = field(default=frozenset())


ALWAYS = Calendar(dt.UTC, {day: ((dt.time(0), dt.time(0)),) for day in range(7)})
"""A team that is there around the clock."""


def is_open(calendar: Calendar, at: dt.datetime) -> bool:
    """Whether the team is there at a moment."""
    return any(start <= at < end for start, end in openings(calendar, at, days=1))


def next_open(calendar: Calendar, at: dt.datetime) -> dt.datetime:
    """The first moment from `at` on when the team is there, in its zone; raises `NeverOpen`."""
    for start, end in openings(calendar, at, days=_HORIZON):
        if end > at:
            return max(start, at).astimezone(calendar.zone)
    raise NeverOpen("The business hours have no opening in more than a year.")


def add(calendar: Calendar, at: dt.datetime, time: dt.timedelta) -> dt.datetime:
    """The moment when the team has been there for `time` since `at`; raises `NeverOpen` and `ValueError`.

    No time added is `at` itself, open or not. Counts real time: an hour that a clock change takes away or repeats is
    counted as it passes.
    """
    if time < dt.timedelta(0):
        raise ValueError("business time cannot be taken away")
    left, now = time, at
    while left:
        for start, end in openings(calendar, now, days=_HORIZON):
            begin = max(start, at)
            if end <= begin:
                continue
            if left <= end - begin:
                return (begin + left).astimezone(calendar.zone)
            left -= end - begin
            at = end
        if at <= now:
            raise NeverOpen("The business hours have no opening in more than a year.")
        now = at
    return at.astimezone(calendar.zone)


def between(calendar: Calendar, first: dt.datetime, last: dt.datetime) -> dt.timedelta:
    """How long the team was there between two moments; nothing where `last` comes first."""
    days = max(1, (last - first).days + 2)
    parts = (min(end, last) - max(start, first) for start, end in openings(calendar, first, days=days))
    return sum((part for part in parts if part > dt.timedelta(0)), dt.timedelta(0))


def openings(calendar: Calendar, at: dt.datetime, *, days: int) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """The periods of the days around and after a moment as moments in UTC, in order."""
    # The day before, since a moment's date in UTC may be one day further than in the zone.
    first = at.astimezone(calendar.zone).date() - dt.timedelta(days=1)
    for ahead in range(days + 2):
        day = first + dt.timedelta(days=ahead)
        if day in calendar.holidays:
            continue
        for start, end in calendar.week.get(day.weekday(), ()):
            last = day + dt.timedelta(days=1) if end == dt.time(0) else day
            opens, closes = _moment(calendar, day, start), _moment(calendar, last, end)
            if opens < closes:
                yield opens, closes


def _moment(calendar: Calendar, day: dt.date, time: dt.time) -> dt.datetime:
    """A time on the clock as a moment. One that a clock change skips is the moment it skips to."""
    local = dt.datetime.combine(day, time, calendar.zone)
    return local.astimezone(dt.UTC)
