import datetime as dt

import pytest

from bot.desk.queue import Clock, Row, Urgency, due, next_due, span
from bot.desk.ticket import Priority, Status
from bot.dialogue.reply import Reason

NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (dt.timedelta(seconds=59), "less than a minute"),
        (dt.timedelta(minutes=12, seconds=30), "12 min"),
        (dt.timedelta(hours=1), "1 h"),
        (dt.timedelta(hours=3, minutes=5), "3 h 5 min"),
        (dt.timedelta(days=2), "2 d"),
        (dt.timedelta(days=2, hours=4, minutes=59), "2 d 4 h"),
    ],
)
def test_a_span_is_told_in_its_two_largest_units(length: dt.timedelta, expected: str) -> None:
    assert span(length) == expected


@pytest.mark.parametrize(
    ("minutes", "urgency", "left"),
    [
        (0, Urgency.LATER, "4 h left"),
        (180, Urgency.LATER, "1 h left"),
        (181, Urgency.SOON, "59 min left"),
        (240, Urgency.SOON, "less than a minute left"),
        (245, Urgency.OVERDUE, "overdue by 5 min"),
    ],
)
def test_a_clock_is_marked_in_its_last_quarter_and_when_it_has_run_out(
    minutes: int, urgency: Urgency, left: str
) -> None:
    at = NOON + dt.timedelta(hours=4)
    told = due(Clock.FIRST_RESPONSE, NOON, at, NOON + dt.timedelta(minutes=minutes))
    assert (told.urgency, told.left, told.at) == (urgency, left, at)


@pytest.mark.parametrize(
    ("status", "clock"),
    [
        (Status.NEW, Clock.FIRST_RESPONSE),
        # Whoever has taken it has not written to the customer yet.
        (Status.OPEN, Clock.FIRST_RESPONSE),
        # It is somebody else's turn: nothing is due.
        (Status.WAITING, None),
        (Status.ON_HOLD, None),
        (Status.SOLVED, None),
        (Status.CLOSED, None),
    ],
)
def test_the_clock_that_counts_follows_from_the_status(status: Status, clock: Clock | None) -> None:
    first, last = NOON + dt.timedelta(hours=1), NOON + dt.timedelta(hours=8)
    row = Row("TZ-1", "s", Reason.PERSON, Priority.HIGH, "q", status, "en", NOON, first, last)
    told = next_due(row, NOON)
    assert (told.clock if told else None) == clock
