"""A live chat changing hands: lines in the conversation, its state, its ticket and who is in it, in one transaction."""

from typing import Any, Final

import sqlalchemy as sa

from bot.changes import TicketMoved
from bot.errors import ConversationMoved
from bot.live.step import LiveStep
from bot.storage import tickets as ticket_log
from bot.storage.engine import Database, is_repeated
from bot.storage.message_rows import message_row
from bot.storage.recording import open_ticket_rows
from bot.storage.tables import conversations, live_chats, messages

_EMPTY: Final[dict[str, Any]] = {
    "version": 1,
    "account_id": "",
    "joined_at": None,
    "agent_active_at": None,
    "agent_typing_until": None,
    "customer_typing_until": None,
    "customer_seen_at": None,
    "agent_delivered": 0,
    "agent_read": 0,
    "customer_delivered": 0,
    "customer_read": 0,
}


class LiveSteps:
    """Implements `bot.live.ports.StepStore`; raises `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, step: LiveStep) -> None:
        """Makes a step. Raises `ConversationMoved`, and stores nothing, when another one came first."""
        try:
            with self._database.writing(durable=bool(step.change and step.change.notes)) as connection:
                _advance(connection, step)
                rows = [
                    message_row(step.conversation_id, step.seen + place, line)
                    for place, line in enumerate(step.lines)
                ]
                connection.execute(sa.insert(messages), rows)
                if step.opened is not None:
                    open_ticket_rows(connection, step.opened)
                if step.change is not None:
                    ticket_log.apply(self._database, connection, step.change)
                touched(
                    self._database,
                    connection,
                    step.conversation_id,
                    account_id=step.account_id,
                    joined_at=step.joined_at,
                    agent_active_at=step.at if step.account_id else None,
                    agent_typing_until=None,
                )
        except TicketMoved as error:
            raise ConversationMoved("Somebody was at the ticket at the same moment.") from error
        except sa.exc.IntegrityError as error:
            if not is_repeated(error):
                raise
            raise ConversationMoved("Somebody else was first; please look again.") from error


def _advance(connection: sa.Connection, step: LiveStep) -> None:
    """Moves the conversation on; this is what two servers at once cannot both do."""
    values: dict[str, Any] = {
        "state": step.state.value,
        "message_count": step.seen + len(step.lines),
        "updated_at": step.at,
    }
    if step.ticket is not None:
        values["ticket"] = step.ticket
    moved = connection.execute(
        sa.update(conversations)
        .where(conversations.c.id == step.conversation_id, conversations.c.message_count == step.seen)
        .values(values)
    )
    if moved.rowcount != 1:
        raise ConversationMoved("Somebody else was first; please look again.")


def touched(
    database: Database, connection: sa.Connection, conversation_id: str, *, quiet: bool = False, **values: Any
) -> None:
    """Changes the row of a live chat, made where it is missing; unless `quiet`, watchers see that it changed."""
    adding = database.insert(live_chats).values({**_EMPTY, **values, "conversation_id": conversation_id})
    changed: dict[str, Any] = dict(values)
    if not quiet:
        changed["version"] = live_chats.c.version + 1
    if changed:
        adding = adding.on_conflict_do_update(index_elements=[live_chats.c.conversation_id], set_=changed)
    else:
        adding = adding.on_conflict_do_nothing(index_elements=[live_chats.c.conversation_id])
    connection.execute(adding)
