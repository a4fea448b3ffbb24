"""A ticket and the policy in, whether and where it is escalated next and when, out; pure."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from bot.desk.calendars import ALWAYS
from bot.desk.clocks import due
from bot.desk.policy import EscalationLevel, Policy, When
from bot.desk.ticket import Priority, Ticket


class Trigger(StrEnum):
    """Why a ticket is escalated. The first four are automatic, the rest are for people to say."""

    NO_RESPONSE = "no_response"
    UNRESOLVED = "unresolved"
    CSAT = "csat"
    """The customer gave a bad score."""
    COMPLIANCE = "compliance"
    """A matter of security or compliance."""
    LEVEL_RAN_OUT = "level_ran_out"
    """The level that has it had its time."""
    CUSTOMER_ASKED = "customer_asked"
    COMPLEXITY = "complexity"
    BUSINESS_IMPACT = "business_impact"
    LEGAL_CONCERN = "legal_concern"


MANUAL = (Trigger.CUSTOMER_ASKED, Trigger.COMPLEXITY, Trigger.BUSINESS_IMPACT, Trigger.LEGAL_CONCERN)


@dataclass(frozen=True, slots=True)
class Coming:
    """An escalation that comes by itself unless something changes."""

    trigger: Trigger
    at: dt.datetime


def next_level(ticket: Ticket, policy: Policy) -> EscalationLevel | None:
    """The level above the ticket's that is meant for tickets like it; None where there is none."""
    above = (one for one in policy.escalation.levels if one.level > ticket.level)
    return next((one for one in above if _fits(one, ticket)), None)


def coming(ticket: Ticket, policy: Policy) -> tuple[Coming, ...]:
    """What escalates a ticket by itself, if nothing changes until then.

    Nothing does while it is the customer's turn, once it is finished, or where no level is left.
    """
    rules = policy.escalation
    if ticket.is_finished or ticket.is_paused or next_level(ticket, policy) is None:
        return ()
    calendar = policy.hours if rules.business_hours else ALWAYS
    if ticket.escalated_at is not None:
        now = next((one for one in rules.levels if one.level == ticket.level), None)
        if now is None:
            return ()
        since = ticket.escalated_at
        pauses = [pause for pause in ticket.pauses if pause.since >= since]
        at = due(calendar, since, pauses, now.within)
        return (Coming(Trigger.LEVEL_RAN_OUT, at),) if at is not None else ()
    found = []
    if rules.no_response is not None and ticket.first_responded_at is None:
        found.append((Trigger.NO_RESPONSE, rules.no_response))
    if rules.unresolved is not None:
        found.append((Trigger.UNRESOLVED, rules.unresolved))
    moments = ((trigger, due(calendar, ticket.created_at, ticket.pauses, after)) for trigger, after in found)
    return tuple(Coming(trigger, at) for trigger, at in moments if at is not None)


def at_once(ticket: Ticket, policy: Policy) -> bool:
    """Whether its matter alone escalates a ticket, as security and compliance do."""
    return ticket.level == 1 and ticket.reason.value in policy.escalation.reasons


def _fits(level: EscalationLevel, ticket: Ticket) -> bool:
    if level.when is When.TECHNICAL:
        return "technical" in (ticket.service, ticket.category, ticket.queue, *ticket.tags)
    if level.when is When.BUSINESS_CRITICAL:
        return ticket.priority is Priority.CRITICAL or "business critical" in ticket.tags
    return True
