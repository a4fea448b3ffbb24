"""Conversations, tickets and feedback in the database; a turn is one read and one transaction."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from bot.changes import TicketMoved
from bot.desk.ticket import Event, Ticket
from bot.desk.timers import route
from bot.dialogue.conversation import Conversation, Message, Role, State
from bot.errors import ConversationMoved
from bot.ports import Exchange, Feedback
from bot.storage import codec
from bot.storage import tickets as ticket_log
from bot.storage.engine import Database, is_repeated
from bot.storage.ledger import append_facts, append_turn, append_verdict
from bot.storage.prepared import Prepared
from bot.storage.tables import conversations, feedback, messages, ticket_events, tickets, timers
from bot.storage.ticket_rows import event_row, row_of, ticket_of
from bot.storage.timers import timer_row

_GET = Prepared(
    sa.select(
        conversations.c.state,
        conversations.c.language,
        conversations.c.contact,
        conversations.c.ticket,
        conversations.c.started_at,
        conversations.c.owner,
        messages.c.id,
        messages.c.role,
        messages.c.text,
        messages.c.at,
        messages.c.reply,
        messages.c.client_id,
        messages.c.author,
        # What was said of it last: the customer may change their mind.
        sa.select(feedback.c.helpful)
        .where(feedback.c.message_id == messages.c.id)
        .order_by(feedback.c.id.desc())
        .limit(1)
        .scalar_subquery()
        .label("helpful"),
    )
    .join_from(conversations, messages, messages.c.conversation_id == conversations.c.id)
    .where(conversations.c.id == sa.bindparam("id"))
    .order_by(messages.c.seq)
)
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
#: Only a message of the bot can be helpful or not; one statement, so it cannot vanish between look and write.
_FEEDBACK = (
    sa.insert(feedback)
    .from_select(
        ["message_id", "helpful", "comment", "at"],
        sa.select(
            messages.c.id,
            sa.bindparam("helpful", type_=feedback.c.helpful.type),
            sa.bindparam("comment", type_=feedback.c.comment.type),
            sa.bindparam("at", type_=feedback.c.at.type),
        ).where(messages.c.id == sa.bindparam("message_id"), messages.c.role == Role.BOT.value),
    )
    .execution_options(preserve_rowcount=True)
)
_NEWEST_OF = (
    sa.select(conversations.c.id)
    .where(
        conversations.c.owner == sa.bindparam("owner"), conversations.c.updated_at >= sa.bindparam("since")
    )
    .order_by(conversations.c.updated_at.desc())
    .limit(1)
)
_OWNER_OF_MESSAGE = (
    sa.select(conversations.c.owner)
    .join_from(messages, conversations, conversations.c.id == messages.c.conversation_id)
    .where(messages.c.id == sa.bindparam("message_id"))
)
_HELPFUL = Prepared(
    sa.select(feedback.c.message_id, feedback.c.helpful)
    .join_from(feedback, messages, messages.c.id == feedback.c.message_id)
    .where(messages.c.conversation_id == sa.bindparam("conversation_id"))
    .order_by(feedback.c.id)
)
_TICKETS = sa.select(*tickets.c)
_TICKET = _TICKETS.where(tickets.c.reference == sa.bindparam("reference"))
_NEWEST_TICKETS = _TICKETS.order_by(tickets.c.created_at.desc(), tickets.c.reference).limit(
    sa.bindparam("most", type_=sa.Integer)
)

_OTHER_CONTACT = sa.select(tickets.c.reference, tickets.c.contact).where(
    tickets.c.conversation_id == sa.bindparam("conversation_id"), tickets.c.contact != sa.bindparam("contact")
)
_SET_CONTACT = (
    sa.update(tickets)
    .where(tickets.c.reference == sa.bindparam("of_reference"))
    .values(contact=sa.bindparam("contact"))
)


class ConversationLog:
    """Implements `bot.ports.Conversations`; methods raise `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, conversation_id: str) -> Conversation | None:
        """The whole conversation, or None for an id that is not known."""
        rows = self._database.all(_GET, {"id": conversation_id})
        if not rows:
            return None
        state, language, contact, ticket, started_at, owner = rows[0][:6]
        return Conversation(
            id=conversation_id,
            state=State(state),
            language=language,
            contact=contact,
            ticket=ticket,
            started_at=started_at,
            messages=tuple(read_message(row[6:]) for row in rows),
            owner=owner,
        )

    def record(self, exchange: Exchange, seen: int) -> None:
        """Appends a turn; opens the conversation where it is new.

        Raises `ConversationMoved`, and stores nothing, when the conversation has not `seen` messages, or when
        one of its messages has the incoming `client_id` already. Reading it again and deciding anew helps.
        """
        after = _after(exchange, seen)
        said = [
            message_row(exchange.conversation_id, seen + place, message)
            for place, message in enumerate(_messages(exchange))
        ]
        try:
            with self._database.writing() as connection:
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
                    ticket_log.apply(self._database, connection, exchange.change)
        except TicketMoved as error:
            # Somebody of the team was at the ticket at the same moment: the turn is decided anew.
            raise _moved() from error
        except sa.exc.IntegrityError as error:
            if not is_repeated(error):
                raise
            raise _moved() from error

    def add_feedback(self, feedback: Feedback) -> bool:
        """False when no bot message has that id."""
        row = {
            "message_id": feedback.message_id,
            "helpful": feedback.helpful,
            "comment": feedback.comment,
            "at": feedback.at,
        }
        with self._database.writing() as connection:
            append_verdict(connection, feedback)
            return connection.execute(_FEEDBACK, row).rowcount == 1

    def newest_of(self, owner: str, since: dt.datetime) -> str:
        """The conversation of this owner that was talked in last, and not before `since`; empty for none."""
        if not owner:
            return ""
        with self._database.reading() as connection:
            return connection.scalar(_NEWEST_OF, {"owner": owner, "since": since}) or ""

    def owner_of_message(self, message_id: str) -> str:
        """Whose session opened the conversation of a message; empty for nobody's and for no message."""
        with self._database.reading() as connection:
            return connection.scalar(_OWNER_OF_MESSAGE, {"message_id": message_id}) or ""

    def helpful(self, conversation_id: str) -> Mapping[str, bool]:
        """What the customer said last of each answer, by the id of the bot's message."""
        rows = self._database.all(_HELPFUL, {"conversation_id": conversation_id})
        return {row[0]: row[1] for row in rows}

    def ticket(self, reference: str) -> Ticket | None:
        """The ticket with this reference, or None."""
        with self._database.reading() as connection:
            row = connection.execute(_TICKET, {"reference": reference}).mappings().first()
        return None if row is None else ticket_of(row)

    def tickets(self, limit: int = 50) -> Sequence[Ticket]:
        """Newest first, at most `limit`."""
        with self._database.reading() as connection:
            rows = connection.execute(_NEWEST_TICKETS, {"most": max(0, limit)}).mappings()
            return [ticket_of(row) for row in rows]

    def ping(self) -> None:
        """Raises `StorageUnavailable` when the database does not answer or has no tables."""
        with self._database.reading() as connection:
            # Touches the file, where SELECT 1 would be answered by a SQLite whose disk is gone.
            connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()


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


def message_row(conversation_id: str, seq: int, message: Message) -> dict[str, Any]:
    """A message as its table has it; `seq` is its place in the conversation."""
    return {
        "conversation_id": conversation_id,
        "seq": seq,
        "id": message.id,
        "role": message.role.value,
        "text": message.text,
        "at": message.at,
        "reply": codec.reply_to_json(message.reply) if message.reply else None,
        "client_id": message.client_id,
        "author": message.author,
    }


def read_message(fields: Sequence[Any]) -> Message:
    """A message of its columns: id, role, text, time, reply, client id, author, helpful."""
    id_, role, text, at, reply, client_id, author, helpful = fields
    return Message(
        id=id_,
        role=Role(role),
        text=text,
        at=at,
        reply=None if reply is None else codec.reply_from_json(reply),
        client_id=client_id,
        helpful=helpful,
        author=author,
    )


def _opening(ticket: Ticket) -> dict[str, Any]:
    opened = Event(ticket.created_at, Role.BOT.value, "opened", "", ticket.status.value)
    return event_row(ticket.reference, opened)
