"""A ticket: a conversation that people have, with all they need to go on from there."""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

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


FINISHED: Final = (Status.SOLVED, Status.CLOSED)
UNFINISHED: Final = tuple(status for status in Status if status not in FINISHED)


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which no clock runs, since it is the customer's or somebody else's turn."""

    since: dt.datetime
    until: dt.datetime | None = None
    """None while it lasts."""


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
    channel: str = "chat"
    category: str = ""
    """What it is about, by the names of the policy; empty until it was routed."""
    service: str = ""
    """Which service it is for, by the names of the policy; empty until it was routed."""
    level: int = 1
    """Who has it: 1 first response; above that the levels of escalation of the policy, such as 2 for senior support."""
    assignee: str = ""
    """Who has it, as the audit log names them: `account:ID` or `key:ID`; empty for nobody."""
    assigned_why: str = ""
    """Why it is theirs, in words."""
    tags: tuple[str, ...] = ()
    merged_into: str = ""
    """Reference of the ticket that goes on for this one; empty for one that stands by itself."""
    version: int = 1
    """Goes up by one with each change; what was decided on an older one is refused."""
    first_responded_at: dt.datetime | None = None
    """When a person wrote to the customer first."""
    awaiting_since: dt.datetime | None = None
    """Since when the customer waits for the next word of a person; None while it is their own turn."""
    next_response_due: dt.datetime | None = None
    """None while the customer does not wait for a further word."""
    pauses: tuple[Pause, ...] = ()
    """Oldest first; only the last one may still last."""
    escalated_at: dt.datetime | None = None
    """When it was given to the level that has it; None while nobody escalated it."""
    solved_at: dt.datetime | None = None
    """When it was solved last; None for one that is not solved now."""

    @property
    def is_finished(self) -> bool:
        """Whether nothing is due any more."""
        return self.status in FINISHED

    @property
    def is_paused(self) -> bool:
        """Whether its clocks stand still."""
        return bool(self.pauses) and self.pauses[-1].until is None


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a ticket."""

    at: dt.datetime
    who: str
    """`account:ID`, `key:ID`, `customer`, `bot`, or the part of the desk that did it, such as `routing`."""
    what: str
    before: str
    after: str
    version: int = 1
    """Of the ticket that came of it."""
