"""Properties of the clocks, over calendars with holidays, several periods a day and changes of the clocks."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.calendars import ALWAYS, Calendar
from bot.desk.clocks import due, paused, resumed, spent
from bot.desk.ticket import Pause

NONE = dt.timedelta(0)
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
#: Days around which clocks change in the zones above.
START = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
WEEK = {day: ((dt.time(9), dt.time(12, 30)), (dt.time(13, 30), dt.time(0))) for day in (0, 1, 2, 4, 6)}

calendars = st.one_of(
    st.just(ALWAYS),
    st.sampled_from(ZONES).map(
        lambda zone: Calendar(ZoneInfo(zone), WEEK, frozenset({dt.date(2026, 3, 30), dt.date(2026, 10, 26)}))
    ),
    # Around the very hours that a change takes away and repeats.
    st.sampled_from(ZONES).map(
        lambda zone: Calendar(ZoneInfo(zone), {day: ((dt.time(1), dt.time(4)),) for day in range(7)})
    ),
)
moments = st.integers(0, 300 * 24 * 60).map(lambda minutes: START + dt.timedelta(minutes=minutes))
spans = st.integers(0, 20 * 24 * 60).map(lambda minutes: dt.timedelta(minutes=minutes))


@st.composite
def histories(draw: st.DrawFn) -> tuple[dt.datetime, tuple[Pause, ...], dt.datetime]:
    """When a clock was started, its pauses, and a moment after all of them."""
    since = at = draw(moments)
    pauses = []
    for _ in range(draw(st.integers(0, 4))):
        begun = at + draw(spans)
        at = begun + draw(spans)
        pauses.append(Pause(begun, at))
    return since, tuple(pauses), at + draw(spans)


@given(calendars, histories())
def test_time_spent_is_never_negative_nor_longer_than_what_passed_without_pauses(calendar, history) -> None:
    since, pauses, now = history
    run = spent(calendar, since, pauses, now)
    rested = sum((one.until - one.since for one in pauses), NONE)
    assert NONE <= run <= now - since - rested
    assert spent(calendar, now, (), since) == NONE or now == since


@given(calendars, histories(), st.floats(0, 1))
def test_time_spent_is_additive(calendar, history, share) -> None:
    since, pauses, now = history
    middle = since + (now - since) * share
    before = spent(calendar, since, pauses, middle)
    # A pause that lies across the middle counts for both sides with its own part.
    rest = tuple(Pause(max(one.since, middle), one.until) for one in pauses if one.until > middle)
    assert before + spent(calendar, middle, rest, now) == spent(calendar, since, pauses, now)


@given(calendars, histories(), spans)
def test_pauses_never_count(calendar, history, more) -> None:
    since, pauses, now = history
    longer = (*pauses, Pause(now, now + more))
    assert spent(calendar, since, longer, now + more) == spent(calendar, since, pauses, now)


@given(calendars, histories(), spans)
@settings(deadline=None)
def test_a_clock_runs_out_when_just_its_time_was_spent(calendar, history, target) -> None:
    since, pauses, _ = history
    at = due(calendar, since, pauses, target)
    assert at is not None
    assert at >= since
    assert spent(calendar, since, pauses, at) == target


@given(calendars, histories(), spans, spans)
@settings(deadline=None)
def test_more_time_is_never_due_earlier(calendar, history, target, more) -> None:
    since, pauses, _ = history
    assert due(calendar, since, pauses, target) <= due(calendar, since, pauses, target + more)


@given(histories(), spans)
def test_a_clock_that_is_paused_before_its_end_is_not_due(history, target) -> None:
    since, pauses, now = history
    stopped = paused(pauses, now)
    at = due(ALWAYS, since, stopped, target)
    assert (at is None) == (spent(ALWAYS, since, pauses, now) < target)
    again = resumed(stopped, now + dt.timedelta(hours=1))
    assert due(ALWAYS, since, again, target) is not None


@pytest.mark.parametrize(
    ("zone", "day", "hours"), [("Europe/Berlin", 29, 2), ("America/New_York", 8, 2), ("UTC", 29, 3)]
)
def test_an_hour_that_a_change_takes_away_is_not_worked(zone: str, day: int, hours: int) -> None:
    night = Calendar(ZoneInfo(zone), {weekday: ((dt.time(1), dt.time(4)),) for weekday in range(7)})
    first = dt.datetime(2026, 3, day, tzinfo=ZoneInfo(zone))
    assert spent(night, first, (), first + dt.timedelta(hours=12)) == dt.timedelta(hours=hours)


def test_pausing_twice_and_resuming_twice_change_nothing() -> None:
    one = paused((), START)
    assert paused(one, START + dt.timedelta(hours=1)) == one
    two = resumed(one, START + dt.timedelta(hours=2))
    assert two == (Pause(START, START + dt.timedelta(hours=2)),)
    assert resumed(two, START + dt.timedelta(hours=3)) == two
