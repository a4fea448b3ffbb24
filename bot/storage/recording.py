"""A turn in, all its rows stored in one transaction: messages, state, ticket, facts; or none."""

from typing import Any

import sqlalchemy as sa

from bot.changes import TicketMoved
from bot.desk.ticket import Event, Ticket
from bot.desk.timers import route
from bot.dialogue.conversation import Message, Role
from bot.errors import ConversationMoved
from bot.ports import Exchange
from bot.storage import tickets as ticket_log
from bot.storage.engine import Database, is_repeated
from bot.storage.ledger import append_facts, append_turn
from bot.storage.message_rows import message_row
from bot.storage.prepared import Prepared
from bot.storage.tables import conversations, messages, ticket_events, tickets, timers
from bot.storage.ticket_rows import event_row, row_of
from bot.storage.timers import timer_row

_OPEN = Prepared(sa.insert(conversations))
_ADVANCING = (
    sa.update(conversations)
    .where(
        conversations.c.id == sa.bindparam("of_id"),
        conversations.c.message_count == sa.bindparam("seen"),
    )
    .values(
        state=sa.bindparam("state"),
        language=sa.bindparam("language"),
        contact=sa.bindparam("contact"),
        message_count=sa.bindparam("message_count"),
        updated_at=sa.bindparam("updated_at"),
    )
)
_ADVANCE = Prepared(_ADVANCING)
_ADVANCE_WITH_TICKET = Prepared(_ADVANCING.values(ticket=sa.bindparam("ticket")))
_APPEND = Prepared(sa.insert(messages))
_OPEN_TICKET = Prepared(sa.insert(tickets))
_TICKET_EVENT = Prepared(sa.insert(ticket_events))
_ADD_TIMER = Prepared(sa.insert(timers))
_OTHER_CONTACT = sa.select(tickets.c.reference, tickets.c.contact).where(
    tickets.c.conversation_id == sa.bindparam("conversation_id"), tickets.c.contact != sa.bindparam("contact")
)
_SET_CONTACT = (
    sa.update(tickets)
    .where(tickets.c.reference == sa.bindparam("of_reference"))
    .values(contact=sa.bindparam("contact"))
)


def record(database: Database, exchange: Exchange, seen: int) -> None:
    """Appends a turn that was decided on `seen` messages; raises as `bot.ports.Conversations.record` does."""
    after = _after(exchange, seen)
    said = [
        message_row(exchange.conversation_id, seen + place, message)
        for place, message in enumerate(_messages(exchange))
    ]
    try:
        with database.writing() as connection:
            _advance(connection, exchange, seen, after)
            _APPEND.run(connection, *said)
            append_turn(connection, exchange, seen)
            append_facts(connection, exchange.facts)
            if exchange.ticket is not None:
                open_ticket_rows(connection, exchange.ticket)
            elif exchange.contact:
                _tell_ticket(connection, exchange)
            elif exchange.unconfirmed:
                _tell_unconfirmed(connection, exchange)
            if exchange.change is not None:
                ticket_log.apply(database, connection, exchange.change)
    except TicketMoved as error:
        # Somebody of the team was at the ticket at the same moment: the turn is decided anew.
        raise _moved() from error
    except sa.exc.IntegrityError as error:
        if not is_repeated(error):
            raise
        raise _moved() from error


def _advance(connection: sa.Connection, exchange: Exchange, seen: int, after: dict[str, Any]) -> None:
    """Moves the conversation from `seen` messages on; this is what two writers at once cannot both do."""
    ticket = exchange.ticket.reference if exchange.ticket else ""
    if seen == 0:
        opened = {
            "id": exchange.conversation_id,
            "started_at": exchange.incoming.at,
            "ticket": ticket,
            "owner": exchange.owner,
        }
        _OPEN.run(connection, {**after, **opened})
        return
    at = {"of_id": exchange.conversation_id, "seen": seen}
    if ticket:
        advanced = _ADVANCE_WITH_TICKET.run(connection, {**after, **at, "ticket": ticket})
    else:
        advanced = _ADVANCE.run(connection, {**after, **at})
    if advanced != 1:
        raise _moved()


def _tell_ticket(connection: sa.Connection, exchange: Exchange) -> None:
    """A contact given after the hand-off reaches the ticket, and its history says so."""
    known = {"conversation_id": exchange.conversation_id, "contact": exchange.contact}
    for reference, before in connection.execute(_OTHER_CONTACT, known).all():
        connection.execute(_SET_CONTACT, {"of_reference": reference, "contact": exchange.contact})
        event = {"reference": reference, "at": exchange.incoming.at, "who": Role.CUSTOMER.value}
        _TICKET_EVENT.run(
            connection, {**event, "what": "contact", "before": before, "after": exchange.contact}
        )


def _tell_unconfirmed(connection: sa.Connection, exchange: Exchange) -> None:
    """The ticket's history keeps an address that the customer was asked to check and may never confirm."""
    known = {"conversation_id": exchange.conversation_id, "contact": exchange.unconfirmed}
    event = {"at": exchange.incoming.at, "who": Role.CUSTOMER.value, "what": "contact_unconfirmed"}
    for reference, _ in connection.execute(_OTHER_CONTACT, known).all():
        _TICKET_EVENT.run(
            connection, {**event, "reference": reference, "before": "", "after": exchange.unconfirmed}
        )


def _messages(exchange: Exchange) -> list[Message]:
    """What a turn appends: what came in and, unless the bot keeps silent, what went out."""
    return [one for one in (exchange.incoming, exchange.outgoing) if one is not None]


def _after(exchange: Exchange, seen: int) -> dict[str, Any]:
    appended = _messages(exchange)
    return {
        "state": exchange.state.value,
        "language": exchange.language,
        "contact": exchange.contact,
        "message_count": seen + len(appended),
        "updated_at": appended[-1].at,
    }


def open_ticket_rows(connection: sa.Connection, ticket: Ticket) -> None:
    """Adds a ticket with the event that opened it."""
    _OPEN_TICKET.run(connection, row_of(ticket))
    _TICKET_EVENT.run(connection, _opening(ticket))
    # Somebody is found for it by whoever fires timers next; the customer does not wait for that.
    _ADD_TIMER.run(connection, timer_row(route(ticket)))


def _moved() -> ConversationMoved:
    return ConversationMoved("Another message reached this conversation first; please send yours again.")


def _opening(ticket: Ticket) -> dict[str, Any]:
    opened = Event(ticket.created_at, Role.BOT.value, "opened", "", ticket.status.value)
    return event_row(ticket.reference, opened)
