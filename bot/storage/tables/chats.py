"""Conversations, what was said in them, and who is in one right now."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from bot.storage.columns import LegalText, Moment
from bot.storage.tables.metadata import Serial, metadata
from bot.storage.tables.partial import partial_index

conversations = Table(
    "conversations",
    metadata,
    Column("id", LegalText, primary_key=True),
    Column("state", LegalText, nullable=False),
    Column("language", LegalText, nullable=False),
    Column("contact", LegalText, nullable=False),
    Column("ticket", LegalText, nullable=False),
    Column("message_count", Integer, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("owner", LegalText, nullable=False, server_default=""),
    Index(None, "updated_at"),
)

#: Conversations of a session's owner; those that no session opened have none.
owned = partial_index(
    "ix_conversations_owner", conversations.c.owner, conversations.c.updated_at, where="owner <> ''"
)

messages = Table(
    "messages",
    metadata,
    Column("conversation_id", LegalText, ForeignKey("conversations.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("id", LegalText, nullable=False),
    Column("role", LegalText, nullable=False),
    Column("text", LegalText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("client_id", LegalText, nullable=False),
    Column("author", LegalText, nullable=False, server_default=""),
    Column("reply", LegalText),
    PrimaryKeyConstraint("conversation_id", "seq"),
    UniqueConstraint("id"),
)

#: A repeated send is stored once; senders without ids of their own leave it empty.
one_send = partial_index(
    "ux_messages_client_id",
    messages.c.conversation_id,
    messages.c.client_id,
    unique=True,
    where="client_id <> ''",
)

#: What customers said of replies; rows are added, never changed.
feedback = Table(
    "feedback",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("message_id", LegalText, ForeignKey("messages.id"), nullable=False),
    Column("helpful", Boolean, nullable=False),
    Column("comment", LegalText, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "message_id"),
)

#: Who is in a conversation right now, and how far each side has got: numbers of messages, not their places.
live_chats = Table(
    "live_chats",
    metadata,
    Column("conversation_id", LegalText, ForeignKey("conversations.id"), primary_key=True),
    # Goes up with each change that the other side may see; new messages are told by the conversation's own count.
    Column("version", Integer, nullable=False),
    Column("account_id", LegalText, nullable=False),
    Column("joined_at", Moment),
    Column("agent_active_at", Moment),
    Column("agent_typing_until", Moment),
    Column("customer_typing_until", Moment),
    Column("customer_seen_at", Moment),
    Column("agent_delivered", Integer, nullable=False),
    Column("agent_read", Integer, nullable=False),
    Column("customer_delivered", Integer, nullable=False),
    Column("customer_read", Integer, nullable=False),
    Index(None, "account_id"),
    Index(None, "customer_seen_at"),
)

#: Agents who had the live page open: whether they take chats, and when they were there last.
live_agents = Table(
    "live_agents",
    metadata,
    Column("account_id", LegalText, ForeignKey("accounts.id"), primary_key=True),
    Column("available", Boolean, nullable=False),
    Column("seen_at", Moment, nullable=False),
)
