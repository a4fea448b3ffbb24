"""What nobody could answer, and articles in the making."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
)

from bot.storage.columns import LegalText, Moment
from bot.storage.tables.metadata import Serial, metadata

#: What customers ask and nothing answers; all but state and assignee is computed and may be computed anew.
gaps = Table(
    "gaps",
    metadata,
    Column("id", LegalText, primary_key=True),
    Column("language", LegalText, nullable=False),
    Column("state", LegalText, nullable=False),
    Column("assignee", LegalText, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("corpus", LegalText, nullable=False),
    Column("advice", LegalText, nullable=False),
)

#: The questions of each gap by where they stand; what customers wrote is kept in their messages alone.
gap_questions = Table(
    "gap_questions",
    metadata,
    Column("conversation_id", LegalText, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("gap_id", LegalText, ForeignKey("gaps.id", name="fk_gap_questions_gap_id_gaps"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("trouble", LegalText, nullable=False),
    Column("ticket", LegalText, nullable=False),
    Column("minutes", Float, nullable=False),
    Column("now", LegalText, nullable=False),
    Column("by_id", LegalText, nullable=False),
    Column("by_locale", LegalText, nullable=False),
    Column("newer", Boolean, nullable=False),
    PrimaryKeyConstraint("conversation_id", "seq"),
    Index(None, "gap_id"),
)

#: What was done about each gap; rows are added, never changed.
gap_events = Table(
    "gap_events",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("gap_id", LegalText, ForeignKey("gaps.id", name="fk_gap_events_gap_id_gaps"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("who", LegalText, nullable=False),
    Column("what", LegalText, nullable=False),
    Column("detail", LegalText, nullable=False),
    Index(None, "gap_id"),
)

#: Reports that take too long for a web request, computed and kept whole, one row a kind; they may be thrown away.
reports = Table(
    "reports",
    metadata,
    Column("name", LegalText, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("content", LegalText, nullable=False),
)

#: Articles in the making; every version of their texts stays in `draft_events`.
article_drafts = Table(
    "article_drafts",
    metadata,
    Column("id", LegalText, primary_key=True),
    Column("reference", LegalText, ForeignKey("tickets.reference"), nullable=False),
    Column("state", LegalText, nullable=False),
    Column("locale", LegalText, nullable=False),
    Column("audience", LegalText, nullable=False),
    Column("author", LegalText, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("version", Integer, nullable=False),
    Column("path", LegalText, nullable=False),
    Column("title", LegalText, nullable=False),
    Column("body", LegalText, nullable=False),
    Index(None, "reference"),
    Index(None, "state", "updated_at"),
)

draft_events = Table(
    "draft_events",
    metadata,
    Column("draft_id", LegalText, ForeignKey("article_drafts.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("who", LegalText, nullable=False),
    Column("what", LegalText, nullable=False),
    Column("note", LegalText, nullable=False),
    Column("title", LegalText, nullable=False),
    Column("body", LegalText, nullable=False),
    PrimaryKeyConstraint("draft_id", "version"),
)
