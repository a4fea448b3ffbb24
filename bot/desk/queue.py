"""Tickets waiting in a queue: what is asked for, what a row shows, which clock is next and what is left of it; pure."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from bot.desk.ticket import FINISHED, UNFINISHED, Priority, Status
from bot.dialogue.reply import Reason

#: Statuses in which it is not the team's turn, so that no clock runs.
PAUSED: Final = (Status.WAITING, Status.ON_HOLD)
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
    """Empty for all, as in the following."""
    queue: str = ""
    category: str = ""
    tag: str = ""
    level: int = 0
    """0 for all."""
    assignee: str | None = None
    """Who has it; empty for tickets that nobody has, None for all."""
    due_before: dt.datetime | None = None
    """Only those whose next clock runs and ends before then; None for all."""
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
    next_response_due: dt.datetime | None = None
    first_responded_at: dt.datetime | None = None
    assignee: str = ""
    category: str = ""
    level: int = 1


class Clock(StrEnum):
    """What is due."""

    FIRST_RESPONSE = "first response"
    NEXT_RESPONSE = "next response"
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


class Timed(Protocol):
    """What the clocks of a ticket are read off; a row of a queue is one, and so is a whole ticket."""

    @property
    def status(self) -> Status:
        """Where it stands."""

    @property
    def created_at(self) -> dt.datetime:
        """When it was opened."""

    @property
    def first_response_due(self) -> dt.datetime:
        """By when a person is to write first."""

    @property
    def next_response_due(self) -> dt.datetime | None:
        """By when the customer's last message is to be answered."""

    @property
    def resolution_due(self) -> dt.datetime:
        """By when it is to be settled."""

    @property
    def first_responded_at(self) -> dt.datetime | None:
        """When a person wrote first."""


def running(ticket: Timed) -> tuple[tuple[Clock, dt.datetime], ...]:
    """The clocks that run, the next one first; none while it is somebody else's turn or the ticket is finished."""
    if not is_running(ticket):
        return ()
    found = [(Clock.RESOLUTION, ticket.resolution_due)]
    if ticket.next_response_due is not None:
        found.append((Clock.NEXT_RESPONSE, ticket.next_response_due))
    found.sort(key=lambda one: one[1])
    if ticket.first_responded_at is None:
        # A customer who has heard nothing yet comes first, whatever else is due.
        found.insert(0, (Clock.FIRST_RESPONSE, ticket.first_response_due))
    return tuple(found)


def is_running(ticket: Timed) -> bool:
    """Whether any clock of it runs."""
    return ticket.status not in FINISHED and ticket.status not in PAUSED


def dues(ticket: Timed, now: dt.datetime) -> tuple[Due, ...]:
    """The clocks that run, each with what is left of it, the next one first."""
    return tuple(due(clock, ticket.created_at, at, now) for clock, at in running(ticket))


def next_due(row: Timed, now: dt.datetime) -> Due | None:
    """What is due next for a ticket; None where nothing is."""
    return next(iter(dues(row, now)), None)


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
