"""Business seconds by looked-up sums are those that the calendar counts one by one."""

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.calendars import Calendar, between
from bot.ledger.hours import Hours

BERLIN = Calendar(
    ZoneInfo("Europe/Berlin"),
    {day: ((dt.time(9), dt.time(12, 30)), (dt.time(13), dt.time(17))) for day in range(5)}
    | {5: ((dt.time(20), dt.time(0)),)},
    frozenset({dt.date(2026, 3, 31)}),
)
HOURS = Hours(BERLIN)
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@settings(deadline=None)
@given(st.integers(0, 300 * 86_400), st.integers(-86_400, 100 * 86_400))
def test_looked_up_time_is_counted_time(since: int, length: int) -> None:
    first = START + dt.timedelta(seconds=since)
    last = first + dt.timedelta(seconds=length)
    assert abs(HOURS.between(first, last) - between(BERLIN, first, last).total_seconds()) < 1e-3


def test_a_team_that_is_always_there_counts_every_second() -> None:
    assert Hours().between(START, START + dt.timedelta(seconds=90)) == 90.0
    assert Hours().between(START, START - dt.timedelta(seconds=90)) == 0.0


def test_the_hour_of_the_week_is_on_the_teams_clock() -> None:
    # A Sunday evening in UTC is a Monday in Berlin.
    assert HOURS.hour_of_week(dt.datetime(2026, 3, 1, 23, 30, tzinfo=dt.UTC)) == 0
    assert HOURS.hour_of_week(dt.datetime(2026, 3, 1, 22, 30, tzinfo=dt.UTC)) == 167
