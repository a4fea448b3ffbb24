"""Live chats in the database: what both sides see, what has changed, and steps that two servers cannot both make."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from bot.desk.live import LiveChat, Mark, Marks, Present, Side
from bot.dialogue.conversation import Message, Role, State
from bot.storage.engine import Database
from bot.storage.live_steps import touched
from bot.storage.message_rows import read_message
from bot.storage.prepared import Prepared
from bot.storage.tables import accounts, attachments, conversations, live_agents, live_chats, messages

#: Messages that one look brings at most; who is further behind looks again.
MOST_MESSAGES: Final = 200
#: Conversations asked for in one statement.
_AT_ONCE: Final = 500

#: Grows with each file that comes and with each that is taken away.
_FILES: Final = (
    sa.select(sa.func.count() + sa.func.count(attachments.c.removed_at))
    .where(attachments.c.conversation_id == conversations.c.id)
    .correlate(conversations)
    .scalar_subquery()
)
_MARKS: Final = (
    sa.select(
        conversations.c.id,
        conversations.c.message_count,
        live_chats.c.version,
        conversations.c.state,
        _FILES.label("files"),
    )
    .outerjoin(live_chats, live_chats.c.conversation_id == conversations.c.id)
    .where(conversations.c.id.in_(sa.bindparam("ids", expanding=True)))
)
_ANSWERS: Final = messages.alias("answers")
_LAST_OF_AGENT: Final = (
    sa.select(sa.func.coalesce(sa.func.max(_ANSWERS.c.seq), -1))
    .where(_ANSWERS.c.conversation_id == conversations.c.id, _ANSWERS.c.role == Role.AGENT.value)
    .correlate(conversations)
    .scalar_subquery()
)
_WAITS_SINCE: Final = (
    sa.select(messages.c.at)
    .where(
        messages.c.conversation_id == conversations.c.id,
        messages.c.role == Role.CUSTOMER.value,
        messages.c.seq > _LAST_OF_AGENT,
    )
    .order_by(messages.c.seq)
    .limit(1)
    .correlate(conversations)
    .scalar_subquery()
)
_CHATS: Final = (
    sa.select(
        conversations.c.id,
        conversations.c.state,
        conversations.c.message_count,
        conversations.c.ticket,
        *(column for column in live_chats.c if column.name != "conversation_id"),
        accounts.c.name,
        live_agents.c.seen_at,
        _WAITS_SINCE.label("waits_since"),
    )
    .select_from(conversations)
    .outerjoin(live_chats, live_chats.c.conversation_id == conversations.c.id)
    .outerjoin(accounts, accounts.c.id == live_chats.c.account_id)
    .outerjoin(live_agents, live_agents.c.account_id == live_chats.c.account_id)
)
_CHAT: Final = _CHATS.where(conversations.c.id == sa.bindparam("of_id"))
#: Whoever closed a conversation elsewhere, such as on its ticket, left the row of the chat as it was.
_IN_CHAT: Final = conversations.c.state == State.WITH_AGENT.value
_HELD: Final = _CHATS.where(live_chats.c.account_id != "", _IN_CHAT)
_MESSAGES: Final = (
    sa.select(
        messages.c.seq,
        messages.c.id,
        messages.c.role,
        messages.c.text,
        messages.c.at,
        messages.c.reply,
        messages.c.client_id,
        messages.c.author,
    )
    .where(messages.c.conversation_id == sa.bindparam("of_id"), messages.c.seq >= sa.bindparam("after"))
    .order_by(messages.c.seq)
    .limit(MOST_MESSAGES)
)
_CHATS_OF: Final = (
    sa.select(sa.func.count())
    .where(live_chats.c.account_id == live_agents.c.account_id, _IN_CHAT)
    .select_from(live_chats.join(conversations, conversations.c.id == live_chats.c.conversation_id))
    .correlate(live_agents)
    .scalar_subquery()
)
_PRESENT: Final = Prepared(
    sa.select(live_agents.c.account_id, accounts.c.name, live_agents.c.available, _CHATS_OF)
    .join(accounts, accounts.c.id == live_agents.c.account_id)
    .where(live_agents.c.seen_at >= sa.bindparam("since"), accounts.c.active)
    .order_by(accounts.c.name, accounts.c.id)
)
_AVAILABLE: Final = sa.select(live_agents.c.available).where(
    live_agents.c.account_id == sa.bindparam("of_account")
)
_TYPING: Final = {Side.AGENT: "agent_typing_until", Side.CUSTOMER: "customer_typing_until"}


class LiveLog:
    """Implements `bot.live.ports.LiveStore`; methods raise `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def changes(self, ids: Collection[str]) -> Mapping[str, Mark]:
        """A mark of each conversation: another one says that there is something to see."""
        found: dict[str, Mark] = {}
        wanted = sorted(ids)
        with self._database.reading() as connection:
            for start in range(0, len(wanted), _AT_ONCE):
                rows = connection.execute(_MARKS, {"ids": wanted[start : start + _AT_ONCE]})
                found |= {row[0]: (row[1], row[2] or 0, row[3], row[4]) for row in rows}
        return found

    def chat(self, conversation_id: str) -> LiveChat | None:
        """A conversation as both sides see it, or None."""
        with self._database.reading() as connection:
            row = connection.execute(_CHAT, {"of_id": conversation_id}).mappings().first()
        return None if row is None else _chat(row)

    def read_by_customer(self, conversation_id: str) -> int:
        """How many messages of a conversation were on a page that the customer looked at."""
        found = self.chat(conversation_id)
        return found.customer.read if found else 0

    def held(self) -> Sequence[LiveChat]:
        """All chats that an agent is in."""
        with self._database.reading() as connection:
            return [_chat(row) for row in connection.execute(_HELD).mappings()]

    def messages(self, conversation_id: str, after: int) -> Sequence[tuple[int, Message]]:
        """Messages from a place on, each with its place; at most `MOST_MESSAGES`."""
        with self._database.reading() as connection:
            rows = connection.execute(_MESSAGES, {"of_id": conversation_id, "after": after}).all()
        return [(row[0], read_message((*row[1:7], row[7], None))) for row in rows]

    def present(self, since: dt.datetime) -> Sequence[Present]:
        """Agents whose page was open at or after a time, by name."""
        return [Present(*row) for row in self._database.all(_PRESENT, {"since": since})]

    def is_available(self, account_id: str) -> bool:
        """Whether an agent takes chats, as they said last; no for one who never said."""
        with self._database.reading() as connection:
            return bool(connection.execute(_AVAILABLE, {"of_account": account_id}).scalar())

    def set_available(self, account_id: str, available: bool, now: dt.datetime) -> None:
        """Keeps whether an agent takes chats."""
        row = {"account_id": account_id, "available": available, "seen_at": now}
        adding = self._database.insert(live_agents).values(row)
        with self._database.writing() as connection:
            connection.execute(
                adding.on_conflict_do_update(
                    index_elements=[live_agents.c.account_id], set_={"available": available, "seen_at": now}
                )
            )

    def beat(self, account_ids: Collection[str], conversation_ids: Collection[str], now: dt.datetime) -> None:
        """Keeps that these agents and these customers have a page open."""
        if not account_ids and not conversation_ids:
            return
        with self._database.writing() as connection:
            for account_id in sorted(account_ids):
                row = {"account_id": account_id, "available": False, "seen_at": now}
                connection.execute(
                    self._database.insert(live_agents)
                    .values(row)
                    .on_conflict_do_update(
                        index_elements=[live_agents.c.account_id],
                        set_={"seen_at": now},
                        where=live_agents.c.seen_at < now,
                    )
                )
            for conversation_id in sorted(conversation_ids):
                touched(self._database, connection, conversation_id, quiet=True, customer_seen_at=now)

    def left(self, conversation_id: str) -> None:
        """Keeps that the customer has no page open any more, as far as this server knows."""
        with self._database.writing() as connection:
            touched(self._database, connection, conversation_id, customer_seen_at=None)

    def typing(self, conversation_id: str, side: Side, until: dt.datetime | None, now: dt.datetime) -> None:
        """Keeps that a side writes, until it is said again or this time comes."""
        values: dict[str, Any] = {_TYPING[side]: until}
        if side is Side.AGENT and until is not None:
            values["agent_active_at"] = now
        with self._database.writing() as connection:
            touched(self._database, connection, conversation_id, **values)

    def seen(self, conversation_id: str, side: Side, delivered: int, read: int) -> None:
        """Keeps how far a side has got; never takes back what it had seen, nor beyond what was said."""
        with self._database.writing() as connection:
            touched(self._database, connection, conversation_id, quiet=True)
            _grow(connection, conversation_id, f"{side}_delivered", delivered)
            _grow(connection, conversation_id, f"{side}_read", read)


def _grow(connection: sa.Connection, conversation_id: str, name: str, to: int) -> None:
    """Raises a count to at most the number of messages, and says that there is something to see where it grew."""
    known = sa.select(conversations.c.message_count).where(conversations.c.id == conversation_id)
    connection.execute(
        sa.update(live_chats)
        .where(
            live_chats.c.conversation_id == conversation_id,
            live_chats.c[name] < to,
            known.scalar_subquery() >= to,
        )
        .values({name: to, "version": live_chats.c.version + 1})
    )


def _chat(row: sa.RowMapping) -> LiveChat:
    joined = row["state"] == State.WITH_AGENT.value
    return LiveChat(
        conversation_id=row["id"],
        state=State(row["state"]),
        count=row["message_count"],
        ticket=row["ticket"],
        version=row["version"] or 0,
        account_id=(row["account_id"] or "") if joined else "",
        name=(row["name"] or "") if joined else "",
        joined_at=row["joined_at"],
        agent_active_at=row["agent_active_at"],
        agent_seen_at=row["seen_at"],
        customer_seen_at=row["customer_seen_at"],
        customer_waits_since=row["waits_since"],
        agent=Marks(row["agent_delivered"] or 0, row["agent_read"] or 0, row["agent_typing_until"]),
        customer=Marks(
            row["customer_delivered"] or 0, row["customer_read"] or 0, row["customer_typing_until"]
        ),
    )
