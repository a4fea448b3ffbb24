"""What happened to a ticket, as the desk writes it into its history, and the kind that other systems know it by."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from bot.desk.ticket import Status

_FINISHED: Final = (Status.SOLVED.value, Status.CLOSED.value)


class Kind(StrEnum):
    """Kinds of events that other systems may ask for; the catalogue of `docs/webhooks.md`."""

    OPENED = "ticket.opened"
    ASSIGNED = "ticket.assigned"
    REPLIED = "ticket.replied"
    CUSTOMER_WROTE = "ticket.customer_wrote"
    STATUS_CHANGED = "ticket.status_changed"
    SOLVED = "ticket.solved"
    CLOSED = "ticket.closed"
    REOPENED = "ticket.reopened"
    CHANGED = "ticket.changed"
    MERGED = "ticket.merged"
    ESCALATED = "ticket.escalated"
    WARNED = "ticket.warned"
    BREACHED = "ticket.breached"
    RATED = "survey.answered"
    TEST = "webhook.test"


#: What the history says -> kind; what is not here, such as a note among colleagues, is told to nobody.
_KINDS: Final = MappingProxyType(
    {
        "opened": Kind.OPENED,
        "assignee": Kind.ASSIGNED,
        "reply": Kind.REPLIED,
        "customer_wrote": Kind.CUSTOMER_WROTE,
        "merged": Kind.MERGED,
        "escalated": Kind.ESCALATED,
        "warned": Kind.WARNED,
        "breached": Kind.BREACHED,
        "survey": Kind.RATED,
        **dict.fromkeys(
            (
                "contact",
                "priority",
                "category",
                "service",
                "queue",
                "level",
                "tags",
                "linked",
                "unlinked",
                "attached",
            ),
            Kind.CHANGED,
        ),
    }
)
#: Changes whose values tell who the customer is, or what they wrote.
PERSONAL: Final = frozenset({"contact"})


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of a ticket's history, with the ticket as it stands now."""

    id: int
    """Grows along the history of a ticket."""
    at: dt.datetime
    who: str
    what: str
    before: str
    after: str
    reference: str
    conversation_id: str
    status: str
    priority: str
    queue: str
    reason: str
    language: str
    subject: str
    contact: str

    @property
    def kind(self) -> Kind | None:
        """What other systems are told it was; None for what stays inside."""
        if self.what == "status":
            return _of_status(self.before, self.after)
        return _KINDS.get(self.what)


def _of_status(before: str, after: str) -> Kind:
    if after == Status.SOLVED:
        return Kind.SOLVED
    if after == Status.CLOSED:
        return Kind.CLOSED
    return Kind.REOPENED if before in _FINISHED else Kind.STATUS_CHANGED
