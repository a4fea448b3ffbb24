"""Tickets, their history, and what stands around them."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from bot.storage.columns import LegalText, Moment
from bot.storage.tables.metadata import Serial, metadata
from bot.storage.tables.partial import partial_index

tickets = Table(
    "tickets",
    metadata,
    Column("reference", LegalText, primary_key=True),
    Column("conversation_id", LegalText, ForeignKey("conversations.id"), nullable=False),
    Column("subject", LegalText, nullable=False),
    Column("reason", LegalText, nullable=False),
    Column("rule", LegalText, nullable=False),
    Column("priority", LegalText, nullable=False),
    Column("queue", LegalText, nullable=False),
    Column("status", LegalText, nullable=False),
    Column("language", LegalText, nullable=False),
    Column("contact", LegalText, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("first_response_due", Moment, nullable=False),
    Column("resolution_due", Moment, nullable=False),
    Column("considered", LegalText, nullable=False),
    Column("packet", LegalText, nullable=False, server_default=""),
    Column("channel", LegalText, nullable=False, server_default="chat"),
    Column("category", LegalText, nullable=False, server_default=""),
    Column("service", LegalText, nullable=False, server_default=""),
    Column("level", Integer, nullable=False, server_default="1"),
    Column("assignee", LegalText, nullable=False, server_default=""),
    Column("assigned_why", LegalText, nullable=False, server_default=""),
    Column("tags", LegalText, nullable=False, server_default=""),
    Column("merged_into", LegalText, nullable=False, server_default=""),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("first_responded_at", Moment),
    Column("awaiting_since", Moment),
    Column("next_response_due", Moment),
    Column("escalated_at", Moment),
    Column("solved_at", Moment),
    Column("pauses", LegalText, nullable=False, server_default=""),
    Index(None, "created_at"),
    Index(None, "conversation_id"),
    Index(None, "status"),
    Index(None, "assignee", "status"),
    Index(None, "contact"),
)

#: What is to be done at a time, once: who marks one as fired does so in the transaction of its effect.
timers = Table(
    "timers",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("name", LegalText, nullable=False),
    Column("kind", LegalText, nullable=False),
    Column("subject", LegalText, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("free_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("fired_at", Moment),
    Column("detail", LegalText, nullable=False),
    Column("problem", LegalText, nullable=False),
    UniqueConstraint("name"),
    Index(None, "subject"),
    Index(None, "fired_at", "due_at"),
)

#: What each of the team takes, and whether now; who is not here takes everything.
desk_agents = Table(
    "desk_agents",
    metadata,
    Column("account_id", LegalText, ForeignKey("accounts.id"), primary_key=True),
    Column("away", Boolean, nullable=False),
    Column("skills", LegalText, nullable=False),
    Column("languages", LegalText, nullable=False),
    Column("given_at", Moment),
)

#: Tickets that belong together; each pair stands here in both directions.
ticket_links = Table(
    "ticket_links",
    metadata,
    Column("reference", LegalText, ForeignKey("tickets.reference"), nullable=False),
    Column("other", LegalText, ForeignKey("tickets.reference"), nullable=False),
    Column("kind", LegalText, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("reference", "other"),
)

#: Articles that helped with a ticket.
ticket_articles = Table(
    "ticket_articles",
    metadata,
    Column("reference", LegalText, ForeignKey("tickets.reference"), nullable=False),
    Column("article_id", LegalText, nullable=False),
    Column("locale", LegalText, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("reference", "article_id", "locale"),
)

#: Files that belong to conversations; their bytes are kept by their digest, outside the database.
attachments = Table(
    "attachments",
    metadata,
    Column("id", LegalText, primary_key=True),
    Column("conversation_id", LegalText, ForeignKey("conversations.id"), nullable=False),
    Column("digest", LegalText, nullable=False),
    Column("name", LegalText, nullable=False),
    Column("media_type", LegalText, nullable=False),
    Column("size", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", LegalText, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("removed_at", Moment),
    Column("removed_why", LegalText, nullable=False, server_default=""),
    Index(None, "conversation_id"),
    Index(None, "digest"),
)

#: Views of the queue that people keep.
queue_views = Table(
    "queue_views",
    metadata,
    Column("id", LegalText, primary_key=True),
    Column("account_id", LegalText, ForeignKey("accounts.id"), nullable=False),
    Column("name", LegalText, nullable=False),
    Column("query", LegalText, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("account_id", "name"),
)

#: What solved tickets are found by: derived, so it may be thrown away.
ticket_vectors = Table(
    "ticket_vectors",
    metadata,
    Column("reference", LegalText, ForeignKey("tickets.reference"), primary_key=True),
    Column("model", LegalText, nullable=False),
    Column("vector", LargeBinary, nullable=False),
)

#: What happened to each ticket; rows are added, never changed.
ticket_events = Table(
    "ticket_events",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("reference", LegalText, ForeignKey("tickets.reference"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("who", LegalText, nullable=False),
    Column("what", LegalText, nullable=False),
    Column("before", LegalText, nullable=False),
    Column("after", LegalText, nullable=False),
    Column("announced", Integer, nullable=False, server_default="0"),
    Column("version", Integer, nullable=False, server_default="1"),
    Index(None, "reference"),
)

#: Events whose effects are not stored yet; nearly always none, so looking costs nothing.
unannounced = partial_index("ix_ticket_events_unannounced", ticket_events.c.id, where="announced = 0")

#: What agents made of suggestions; rows are added, never changed.
suggestion_outcomes = Table(
    "suggestion_outcomes",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", LegalText, nullable=False),
    Column("verdict", LegalText, nullable=False),
    Column("article_id", LegalText, nullable=False),
    Column("locale", LegalText, nullable=False),
    Column("ticket", LegalText, nullable=False),
    Column("question", LegalText, nullable=False),
    Column("reply", LegalText, nullable=False),
    # A solved ticket that was suggested; of such rows the article is empty.
    Column("solved_ticket", LegalText, nullable=False, server_default=""),
    Index(None, "article_id", "locale"),
    partial_index("ix_suggestion_outcomes_solved_ticket", "solved_ticket", where="solved_ticket <> ''"),
)

#: The team's own text blocks; those that ship are files.
macros = Table(
    "macros",
    metadata,
    Column("name", LegalText, nullable=False),
    Column("language", LegalText, nullable=False),
    Column("version", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("changed_by", LegalText, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("title", LegalText, nullable=False),
    Column("body", LegalText, nullable=False),
    PrimaryKeyConstraint("name", "language"),
)
