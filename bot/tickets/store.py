"""Where tickets are kept, as the flows that change them see it, and what all of them ask of it."""

from typing import Final, Protocol

from bot.changes import Change, TicketMoved
from bot.desk.policy import Policy
from bot.desk.ticket import Ticket
from bot.desk.timers import Timer, route, wanted
from bot.errors import NotFound

#: Merged tickets lead to one another at most this far.
_LONGEST_CHAIN: Final = 20


class TicketStore(Protocol):
    """Tickets as the desk changes them."""

    def get(self, reference: str) -> Ticket | None:
        """The ticket with this reference."""

    def apply(self, change: Change) -> None:
        """Stores a change, all of it or nothing. Raises `TicketMoved`."""

    def was_said(self, conversation_id: str, client_id: str) -> bool:
        """Whether a message with its sender's own id is in a conversation already."""

    def moved(self, reference: str, since: int) -> TicketMoved | None:
        """What became of a ticket since a version."""


def found(store: TicketStore, reference: str) -> Ticket:
    """The ticket with this reference. Raises `NotFound`."""
    ticket = store.get(reference)
    if ticket is None:
        raise NotFound("There is no such ticket.")
    return ticket


def standing(store: TicketStore, ticket: Ticket) -> Ticket:
    """The ticket that goes on for a merged one."""
    for _ in range(_LONGEST_CHAIN):
        if not ticket.merged_into:
            return ticket
        ticket = found(store, ticket.merged_into)
    return ticket


def timers_of(ticket: Ticket, policy: Policy) -> tuple[Timer, ...]:
    """The timers a ticket has; one that was escalated and has nobody finds somebody."""
    due = wanted(ticket, policy)
    homeless = ticket.escalated_at is not None and not ticket.assignee and not ticket.is_finished
    return (*due, route(ticket)) if homeless else due
