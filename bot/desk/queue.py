"""Tickets waiting in a queue: what is asked for, what a row shows, which clock is next and what is left of it; pure."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.desk.ticket import Priority, Status
from bot.dialogue.reply import Reason

FINISHED: Final = (Status.SOLVED, Status.CLOSED)
UNFINISHED: Final = tuple(status for status in Status if status not in FINISHED)
#: A clock with less than this share of its time left is marked: there is still time to act, and not much.
SOON: Final = 0.25

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


@dataclass(frozen=True, slots=True)
class Filter:
    """Which tickets are asked for."""

    statuses: tuple[Status, ...] = UNFINISHED
    priority: Priority | None = None
    reason: Reason | None = None
    language: str = ""
    """Empty for all."""
    text: str = ""
    """Stands in the subject or the reference, whatever its case; empty for all."""


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket as a queue shows it."""

    reference: str
    subject: str
    reason: Reason
    priority: Priority
    queue: str
    status: Status
    language: str
    created_at: dt.datetime
    first_response_due: dt.datetime
    resolution_due: dt.datetime


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a ticket."""

    at: dt.datetime
    who: str
    what: str
    before: str
    after: str


class Clock(StrEnum):
    """What is due."""

    FIRST_RESPONSE = "first response"
    RESOLUTION = "resolution"


class Urgency(StrEnum):
    """How a clock stands."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Due:
    """A clock with what is left of it."""

    clock: Clock
    at: dt.datetime
    urgency: Urgency
    left: str
    """Such as `3 h 5 min left` or `overdue by 12 min`."""


def next_clock(status: Status) -> Clock | None:
    """The clock that runs out next for a ticket of this status; None where nothing is due any more."""
    if status in FINISHED:
        return None
    return Clock.FIRST_RESPONSE if status is Status.NEW else Clock.RESOLUTION


def next_due(row: Row, now: dt.datetime) -> Due | None:
    """What is due next for a ticket; None where nothing is."""
    clock = next_clock(row.status)
    if clock is None:
        return None
    at = row.first_response_due if clock is Clock.FIRST_RESPONSE else row.resolution_due
    return due(clock, row.created_at, at, now)


def due(clock: Clock, started: dt.datetime, at: dt.datetime, now: dt.datetime) -> Due:
    """A clock that was started and runs out at `at`."""
    left = at - now
    if left < dt.timedelta(0):
        return Due(clock, at, Urgency.OVERDUE, f"overdue by {span(-left)}")
    urgency = Urgency.SOON if left < SOON * (at - started) else Urgency.LATER
    return Due(clock, at, urgency, f"{span(left)} left")


def span(length: dt.timedelta) -> str:
    """A time span in its two largest units: `2 d 4 h`, `3 h 5 min`, `12 min`, `less than a minute`."""
    seconds = int(length.total_seconds())
    days, hours = seconds // _DAY, seconds % _DAY // _HOUR
    minutes = seconds % _HOUR // _MINUTE
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min" if minutes else "less than a minute"
