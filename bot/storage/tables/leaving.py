"""What leaves the desk, and what comes after a solution."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    UniqueConstraint,
)

from bot.storage.columns import LegalText, Moment
from bot.storage.tables.metadata import Serial, metadata

#: What is to be carried out outside: mails, webhooks. Rows that are done go after some weeks.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("key", LegalText, nullable=False),
    Column("channel", LegalText, nullable=False),
    Column("target", LegalText, nullable=False),
    Column("lane", LegalText, nullable=False),
    Column("reference", LegalText, nullable=False),
    Column("standing", LegalText, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("leased_until", Moment),
    Column("problem", LegalText, nullable=False),
    Column("payload", LegalText, nullable=False),
    UniqueConstraint("key"),
    Index(None, "standing", "due_at"),
    Index(None, "lane", "id"),
)

#: Addresses of other systems that are told of events. Secrets are sealed.
webhooks = Table(
    "webhooks",
    metadata,
    Column("id", LegalText, primary_key=True),
    Column("url", LegalText, nullable=False),
    Column("kinds", LegalText, nullable=False),
    Column("internal", Boolean, nullable=False),
    Column("personal", Boolean, nullable=False),
    Column("secret", LegalText, nullable=False),
    Column("created_by", LegalText, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("off_at", Moment),
)

#: What customers are asked about solutions, one row each; an answer replaces the one before until it closes.
surveys = Table(
    "surveys",
    metadata,
    Column("id", LegalText, primary_key=True),
    Column("reference", LegalText, ForeignKey("tickets.reference"), nullable=False),
    Column("conversation_id", LegalText, nullable=False),
    Column("language", LegalText, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("closes_at", Moment, nullable=False),
    Column("solved", Boolean),
    Column("satisfaction", Integer),
    Column("recommendation", Integer),
    Column("answered_at", Moment),
    Column("comment", LegalText, nullable=False),
    Index(None, "reference"),
    Index(None, "conversation_id"),
)

#: Scorecards of drawn tickets; rows are added, never changed.
reviews = Table(
    "reviews",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("week", LegalText, nullable=False),
    Column("reference", LegalText, ForeignKey("tickets.reference"), nullable=False),
    Column("agent", LegalText, nullable=False),
    Column("reviewer", LegalText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("score", Float),
    Column("hand_off_needed", Boolean),
    Column("marks", LegalText, nullable=False),
    Column("comment", LegalText, nullable=False),
    UniqueConstraint("week", "reference", "reviewer"),
    Index(None, "agent"),
)
