"""Tickets to and from the rows of their table."""

import datetime as dt
import json
from typing import Any

import sqlalchemy as sa

from bot.desk.ticket import Event, Pause, Priority, Status, Ticket
from bot.dialogue.reply import Reason
from bot.storage import codec


def row_of(ticket: Ticket) -> dict[str, Any]:
    """All columns."""
    return {
        "reference": ticket.reference,
        "conversation_id": ticket.conversation_id,
        "subject": ticket.subject,
        "reason": ticket.reason.value,
        "rule": ticket.rule,
        "language": ticket.language,
        "contact": ticket.contact,
        "considered": codec.citations_to_json(ticket.considered),
        "created_at": ticket.created_at,
        "packet": codec.packet_to_json(ticket.packet),
        "channel": ticket.channel,
        **worked_at(ticket),
    }


def worked_at(ticket: Ticket) -> dict[str, Any]:
    """The columns that steps change. The contact is not among them: the conversation tells it."""
    return {
        "priority": ticket.priority.value,
        "queue": ticket.queue,
        "status": ticket.status.value,
        "first_response_due": ticket.first_response_due,
        "resolution_due": ticket.resolution_due,
        "next_response_due": ticket.next_response_due,
        "category": ticket.category,
        "service": ticket.service,
        "level": ticket.level,
        "assignee": ticket.assignee,
        "assigned_why": ticket.assigned_why,
        "tags": codec.strings_to_json(ticket.tags) if ticket.tags else "",
        "merged_into": ticket.merged_into,
        "version": ticket.version,
        "first_responded_at": ticket.first_responded_at,
        "awaiting_since": ticket.awaiting_since,
        "escalated_at": ticket.escalated_at,
        "solved_at": ticket.solved_at,
        "pauses": _pauses_to_json(ticket.pauses),
    }


def ticket_of(row: sa.RowMapping) -> Ticket:
    """The ticket of a row with all columns."""
    values = dict(row)
    values |= {
        "reason": Reason(row["reason"]),
        "priority": Priority(row["priority"]),
        "status": Status(row["status"]),
        "considered": codec.citations_from_json(row["considered"]),
        "packet": codec.packet_from_json(row["packet"]),
        "tags": codec.strings_from_json(row["tags"]) if row["tags"] else (),
        "pauses": _pauses_from_json(row["pauses"]),
    }
    return Ticket(**values)


def event_row(reference: str, event: Event) -> dict[str, Any]:
    """A row of a ticket's history."""
    return {
        "reference": reference,
        "at": event.at,
        "who": event.who,
        "what": event.what,
        "before": event.before,
        "after": event.after,
        "version": event.version,
    }


def _pauses_to_json(pauses: tuple[Pause, ...]) -> str:
    told = [[one.since.isoformat(), one.until.isoformat() if one.until else None] for one in pauses]
    return json.dumps(told, separators=(",", ":")) if told else ""


def _pauses_from_json(stored: str) -> tuple[Pause, ...]:
    moment = dt.datetime.fromisoformat
    return tuple(
        Pause(moment(since), moment(until) if until else None)
        for since, until in (json.loads(stored) if stored else ())
    )
