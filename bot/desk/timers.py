"""A ticket and the policy in, the timers that it wants out; pure. What a timer does when it fires is the worker's."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from bot.desk.clocks import level_of
from bot.desk.escalation import coming
from bot.desk.policy import Policy
from bot.desk.queue import Clock, running
from bot.desk.ticket import Ticket


class Kind(StrEnum):
    """What a timer is for. Who adds one registers what it does in `bot.composition`."""

    ROUTE = "route"
    """A ticket that was just opened, or came back to its queue, finds somebody."""
    WARN = "warn"
    """A clock will run out soon."""
    BREACH = "breach"
    """A clock has run out."""
    ESCALATE = "escalate"


@dataclass(frozen=True, slots=True)
class Timer:
    """Something to be done at a time, once."""

    name: str
    """Names the occasion: of two timers with one name there is one, and once it has fired it never fires again."""
    kind: str
    subject: str
    """What it is about, such as a ticket's reference."""
    due_at: dt.datetime
    detail: str = ""
    """More of it, such as which clock."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A timer that one worker has for a while."""

    timer: Timer
    tries: int
    """How often it was claimed, with this time."""


class TimerGone(Exception):
    """Another worker fired the timer, or it is not wanted any more: its effect must not be stored a second time."""


def route(ticket: Ticket) -> Timer:
    """The timer that finds somebody for a ticket as it is now."""
    at = ticket.escalated_at or ticket.created_at
    return Timer(f"route/{ticket.reference}/{ticket.version}", Kind.ROUTE, ticket.reference, at)


def wanted(ticket: Ticket, policy: Policy) -> tuple[Timer, ...]:
    """The timers that a ticket has as it stands; those it had before and does not want any more are dropped.

    Each is named after its moment: a clock that is set to another moment is another occasion.
    """
    found = [
        timer
        for clock, at in running(ticket)
        for timer in (
            _timer(ticket, Kind.WARN, clock.value, at - _notice(ticket, policy, clock)),
            _timer(ticket, Kind.BREACH, clock.value, at),
        )
    ]
    found += [_timer(ticket, Kind.ESCALATE, one.trigger.value, one.at) for one in coming(ticket, policy)]
    return tuple(found)


def _notice(ticket: Ticket, policy: Policy, clock: Clock) -> dt.timedelta:
    """How long before its end a clock warns."""
    level = level_of(ticket, policy)
    spans = {
        Clock.FIRST_RESPONSE: level.first_response,
        Clock.NEXT_RESPONSE: level.next_response,
        Clock.RESOLUTION: level.resolution,
    }
    return spans[clock] * policy.warn_share


def _timer(ticket: Ticket, kind: Kind, detail: str, at: dt.datetime) -> Timer:
    moment = at.astimezone(dt.UTC).isoformat(timespec="seconds")
    name = f"{kind}/{ticket.reference}/{detail.replace(' ', '_')}/{moment}"
    return Timer(name, kind, ticket.reference, at, detail)
