"""A ticket and the policy in, the moments at which its clocks run out, out; pure.

A clock counts the time in which it runs: not while it is the customer's turn, for service levels that count business
hours not while nobody is there, and for those that count from the opening not before somebody is.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from bot.desk.calendars import ALWAYS, Calendar, add, between, next_open
from bot.desk.policy import Count, Policy, ServiceLevel
from bot.desk.ticket import Pause, Ticket

_NOTHING = dt.timedelta(0)


def spent(calendar: Calendar, since: dt.datetime, pauses: Sequence[Pause], now: dt.datetime) -> dt.timedelta:
    """How long a clock that was started at `since` has run by `now`; never negative."""
    return sum((between(calendar, start, end) for start, end in _runs(since, pauses, now)), _NOTHING)


def due(
    calendar: Calendar, since: dt.datetime, pauses: Sequence[Pause], target: dt.timedelta
) -> dt.datetime | None:
    """When a clock that was started at `since` will have run for `target`, if nothing changes.

    None where it was paused before that and still is. Raises `NeverOpen`.
    """
    left, at = target, since
    for pause in pauses:
        run = between(calendar, at, pause.since)
        # A clock that runs out at the very moment of a pause has run out.
        if run >= left and pause.since >= at:
            return add(calendar, at, left)
        if pause.until is None:
            return None
        left -= run
        at = max(at, pause.until)
    return add(calendar, at, left)


def level_of(ticket: Ticket, policy: Policy) -> ServiceLevel:
    """The service level that holds for a ticket."""
    return policy.level(ticket)


def reckoned(ticket: Ticket, policy: Policy) -> Ticket:
    """The ticket with its clocks as they stand after whatever changed.

    While a clock is paused its moment is the one that it would run out at if the pause ended where it began.
    """
    level = level_of(ticket, policy)
    calendar = policy.hours if level.count is Count.BUSINESS_HOURS else ALWAYS

    def begun(at: dt.datetime) -> dt.datetime:
        return next_open(policy.hours, at) if level.count is Count.FROM_OPENING else at

    started = begun(ticket.created_at)
    pauses = [replace(one, until=begun(one.until)) if one.until else one for one in ticket.pauses]
    next_due = None
    if ticket.awaiting_since is not None and ticket.first_responded_at is not None:
        next_due = due(calendar, begun(ticket.awaiting_since), (), level.next_response)
    return replace(
        ticket,
        first_response_due=_shown(calendar, started, pauses, level.first_response),
        next_response_due=None if ticket.is_finished else next_due,
        resolution_due=_shown(calendar, started, pauses, level.resolution),
    )


def answer_due(ticket: Ticket) -> dt.datetime | None:
    """By when a person answers next: the first answer, or that to the customer's last word.

    None where nobody owes an answer, or the clock stands still so that its moment is not known yet.
    """
    if ticket.is_paused or ticket.is_finished:
        return None
    return ticket.next_response_due if ticket.first_responded_at else ticket.first_response_due


def paused(pauses: tuple[Pause, ...], at: dt.datetime) -> tuple[Pause, ...]:
    """The pauses where the clocks stand still from now on."""
    if pauses and pauses[-1].until is None:
        return pauses
    return (*pauses, Pause(at))


def resumed(pauses: tuple[Pause, ...], at: dt.datetime) -> tuple[Pause, ...]:
    """The pauses where the clocks run from now on."""
    if not pauses or pauses[-1].until is not None:
        return pauses
    return (*pauses[:-1], Pause(pauses[-1].since, max(at, pauses[-1].since)))


def _shown(
    calendar: Calendar, since: dt.datetime, pauses: Sequence[Pause], target: dt.timedelta
) -> dt.datetime:
    at = due(calendar, since, pauses, target)
    if at is not None:
        return at
    closed = (*pauses[:-1], Pause(pauses[-1].since, pauses[-1].since))
    return due(calendar, since, closed, target) or since


def _runs(
    since: dt.datetime, pauses: Sequence[Pause], now: dt.datetime
) -> list[tuple[dt.datetime, dt.datetime]]:
    """The times between the pauses, in order."""
    found, at = [], since
    for pause in pauses:
        if pause.since >= now:
            break
        if pause.since > at:
            found.append((at, pause.since))
        if pause.until is None:
            return found
        at = max(at, pause.until)
    if now > at:
        found.append((at, now))
    return found
