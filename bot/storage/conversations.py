"""Conversations, tickets and feedback in the database; a turn is one read here and one transaction in `recording`."""

import datetime as dt
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from bot.desk.ticket import Ticket
from bot.dialogue.conversation import Conversation, Role, State
from bot.ports import Exchange, Feedback
from bot.storage.engine import Database
from bot.storage.ledger import append_verdict
from bot.storage.message_rows import read_message
from bot.storage.prepared import Prepared
from bot.storage.recording import record
from bot.storage.tables import conversations, feedback, messages, tickets
from bot.storage.ticket_rows import ticket_of

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
        record(self._database, exchange, seen)

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
