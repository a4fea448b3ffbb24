"""A ticket: a conversation that people have, with all they need to go on from there."""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from bot.desk.packet import Packet
from bot.dialogue.reply import Citation, Reason


class Priority(StrEnum):
    """How urgent, most urgent first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Status(StrEnum):
    """Where a ticket stands."""

    NEW = "new"
    OPEN = "open"
    WAITING = "waiting_for_customer"
    ON_HOLD = "on_hold"
    SOLVED = "solved"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a person finds when they take over."""

    reference: str
    """Public reference such as `TZ-4F7K-9Q2M`; random, so it tells nothing about volume and cannot be guessed."""
    conversation_id: str
    subject: str
    """The customer's own words, at most 120 characters."""
    reason: Reason
    rule: str
    priority: Priority
    queue: str
    status: Status
    language: str
    contact: str
    considered: tuple[Citation, ...]
    """Passages that were looked at before handing off, best first; agents may see them, customers not."""
    created_at: dt.datetime
    first_response_due: dt.datetime
    resolution_due: dt.datetime
    packet: Packet = field(default_factory=Packet)
    """What the person who takes over reads first."""
