"""Business hours: when somebody is there, and when the team has been there for some time."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.calendars import ALWAYS, Calendar, NeverOpen, add, between, is_open, next_open

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = dt.timedelta(hours=1)
OFFICE = Calendar(
    BERLIN,
    {day: ((dt.time(9), dt.time(12, 30)), (dt.time(13, 30), dt.time(17))) for day in range(5)},
    frozenset({dt.date(2026, 12, 25), dt.date(2027, 1, 1)}),
)
NIGHTS = Calendar(
    ZoneInfo("America/New_York"),
    {day: ((dt.time(0), dt.time(4)), (dt.time(22), dt.time(0))) for day in range(7)},
)
CALENDARS = st.sampled_from([OFFICE, NIGHTS, ALWAYS])
#: Around both changes of the clocks in Berlin and New York, and around the holidays.
MOMENTS = st.timedeltas(dt.timedelta(0), dt.timedelta(days=395)).map(
    lambda since: dt.datetime(2026, 3, 1, tzinfo=dt.UTC) + since
)
SPANS = st.timedeltas(dt.timedelta(0), dt.timedelta(hours=90))


def berlin(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("at", "there", "then"),
    [
        ("2026-11-20 09:00", True, "2026-11-20 09:00"),
        ("2026-11-20 12:29", True, "2026-11-20 12:29"),
        ("2026-11-20 12:30", False, "2026-11-20 13:30"),
        ("2026-11-20 17:00", False, "2026-11-23 09:00"),
        ("2026-11-22 15:00", False, "2026-11-23 09:00"),
        ("2026-12-24 18:00", False, "2026-12-28 09:00"),
    ],
)
def test_the_team_is_there_in_its_hours_and_back_at_the_next(at: str, there: bool, then: str) -> None:
    assert is_open(OFFICE, berlin(at)) is there
    assert next_open(OFFICE, berlin(at)) == berlin(then)


@pytest.mark.parametrize(
    ("at", "hours", "then"),
    [
        ("2026-11-20 10:00", 2, "2026-11-20 12:00"),
        ("2026-11-20 12:00", 1, "2026-11-20 14:00"),
        ("2026-11-20 16:00", 4, "2026-11-23 12:00"),
        ("2026-11-22 10:00", 1, "2026-11-23 10:00"),
    ],
)
def test_business_time_passes_only_while_the_team_is_there(at: str, hours: int, then: str) -> None:
    assert add(OFFICE, berlin(at), hours * HOUR) == berlin(then)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 3), ("2026-10-25", 5), ("2026-05-03", 4)])
def test_an_hour_that_the_clocks_skip_or_repeat_is_counted_as_it_passes(day: str, hours: int) -> None:
    early = Calendar(BERLIN, {6: ((dt.time(0), dt.time(4)),)})
    midnight = berlin(f"{day} 00:00").astimezone(dt.UTC)
    assert between(early, midnight, midnight + 24 * HOUR) == hours * HOUR
    assert add(early, midnight, hours * HOUR) == berlin(f"{day} 04:00")


@settings(max_examples=150, deadline=None)
@given(CALENDARS, MOMENTS, SPANS)
def test_adding_never_goes_back_and_counts_what_was_added(
    calendar: Calendar, at: dt.datetime, time: dt.timedelta
) -> None:
    then = add(calendar, at, time)
    assert then >= at + time
    assert between(calendar, at, then) == time


@settings(max_examples=150, deadline=None)
@given(CALENDARS, MOMENTS, SPANS, SPANS)
def test_adding_twice_is_adding_the_sum(
    calendar: Calendar, at: dt.datetime, one: dt.timedelta, other: dt.timedelta
) -> None:
    assert add(calendar, add(calendar, at, one), other) == add(calendar, at, one + other)


@settings(max_examples=150, deadline=None)
@given(CALENDARS, MOMENTS)
def test_the_next_opening_is_open_and_nothing_before_it_is(calendar: Calendar, at: dt.datetime) -> None:
    then = next_open(calendar, at)
    assert then >= at
    assert is_open(calendar, then)
    assert between(calendar, at, then) == dt.timedelta(0)


def test_a_team_that_is_never_there_is_an_error_and_not_an_endless_search() -> None:
    never = Calendar(dt.UTC, {})
    with pytest.raises(NeverOpen):
        next_open(never, berlin("2026-11-20 10:00"))
    with pytest.raises(NeverOpen):
        add(never, berlin("2026-11-20 10:00"), HOUR)
    assert add(never, berlin("2026-11-20 10:00"), dt.timedelta(0)) == berlin("2026-11-20 10:00")


def test_time_cannot_be_taken_away() -> None:
    with pytest.raises(ValueError, match="taken away"):
        add(OFFICE, berlin("2026-11-20 10:00"), -HOUR)
