"""The list of live chats: conversations whose customer is there or was lately, and those that an agent is in."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from bot.desk.live import AWAY, BoardRow
from bot.desk.subject import subject
from bot.dialogue import contact
from bot.dialogue.conversation import Role, State
from bot.storage.engine import Database
from bot.storage.tables import accounts, conversations, live_chats, messages, tickets

#: A conversation without an open page stays in the list for this long after its last message.
LATELY: Final = dt.timedelta(minutes=15)
#: Rows that a list shows at most.
MOST: Final = 200

_WAITING: Final = (State.AWAITING_CONTACT.value, State.WITH_PEOPLE.value)
#: In parts that each have an index: a list of everything would be read every second.
_LIVELY: Final = sa.union(
    sa.select(conversations.c.id).where(conversations.c.updated_at >= sa.bindparam("lately")),
    sa.select(live_chats.c.conversation_id).where(live_chats.c.customer_seen_at >= sa.bindparam("here")),
    sa.select(live_chats.c.conversation_id).where(live_chats.c.account_id != ""),
).subquery()
_OWN: Final = (messages.c.conversation_id == conversations.c.id, messages.c.role == Role.CUSTOMER.value)
_LAST_SAID: Final = (
    sa.select(messages.c.text)
    .where(*_OWN)
    .order_by(messages.c.seq.desc())
    .limit(1)
    .correlate(conversations)
    .scalar_subquery()
)
_UNREAD: Final = (
    sa.select(sa.func.count())
    .where(*_OWN, messages.c.seq >= sa.func.coalesce(live_chats.c.agent_read, 0))
    .select_from(messages)
    .correlate(conversations, live_chats)
    .scalar_subquery()
)
_ROWS: Final = (
    sa.select(
        conversations.c.id,
        conversations.c.state,
        conversations.c.language,
        conversations.c.ticket,
        conversations.c.message_count,
        conversations.c.started_at,
        conversations.c.updated_at,
        live_chats.c.account_id,
        live_chats.c.joined_at,
        live_chats.c.customer_seen_at,
        accounts.c.name,
        tickets.c.subject,
        tickets.c.priority,
        tickets.c.queue,
        tickets.c.reason,
        tickets.c.created_at,
        _LAST_SAID.label("last_said"),
        _UNREAD.label("unread"),
    )
    .select_from(conversations)
    .outerjoin(live_chats, live_chats.c.conversation_id == conversations.c.id)
    .outerjoin(accounts, accounts.c.id == live_chats.c.account_id)
    .outerjoin(tickets, tickets.c.reference == conversations.c.ticket)
    .where(
        conversations.c.id.in_(sa.select(_LIVELY.c.id)),
        conversations.c.state != State.CLOSED.value,
    )
    .order_by(sa.func.coalesce(tickets.c.created_at, conversations.c.started_at), conversations.c.id)
    .limit(MOST)
)
_WAITING_COUNT: Final = (
    sa.select(sa.func.count())
    .select_from(live_chats)
    .join(conversations, conversations.c.id == live_chats.c.conversation_id)
    .where(
        live_chats.c.customer_seen_at >= sa.bindparam("here"),
        conversations.c.state.in_(_WAITING),
    )
)
#: Words up to which a message with an address in it says nothing else: “You can reach me at …”, in any language.
_FEW_WORDS = 8


class LiveBoard:
    """Implements `bot.live.ports.BoardStore`; methods raise `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(self, now: dt.datetime) -> Sequence[BoardRow]:
        """Conversations in which something goes on, longest waiting first."""
        since = {"lately": now - LATELY, "here": now - AWAY}
        with self._database.reading() as connection:
            return [_row(row) for row in connection.execute(_ROWS, since).mappings()]

    def waiting(self, now: dt.datetime) -> int:
        """How many customers wait in an open chat for a person."""
        with self._database.reading() as connection:
            return connection.execute(_WAITING_COUNT, {"here": now - AWAY}).scalar_one()


def _row(row: sa.RowMapping) -> BoardRow:
    def text(name: str) -> str:
        value: Any = row[name]
        return value or ""

    joined = row["state"] == State.WITH_AGENT.value
    return BoardRow(
        conversation_id=row["id"],
        state=State(row["state"]),
        language=row["language"],
        ticket=row["ticket"],
        subject=subject([_told(text("last_said"), text("subject"))]),
        priority=text("priority"),
        queue=text("queue"),
        reason=text("reason"),
        account_id=text("account_id") if joined else "",
        name=text("name") if joined else "",
        count=row["message_count"],
        unread=row["unread"],
        since=row["joined_at"] or row["created_at"] or row["started_at"],
        last_at=row["updated_at"],
        customer_seen_at=row["customer_seen_at"],
    )


def _told(last_said: str, known: str) -> str:
    """The customer's last words, unless they are short and say where to reach them: that is not the matter."""
    reachable = len(last_said.split()) <= _FEW_WORDS and contact.read(last_said) is not None
    return known if known and (reachable or not last_said) else last_said
