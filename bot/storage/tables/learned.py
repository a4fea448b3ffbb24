"""What outcomes teach the search."""

from sqlalchemy import (
    BigInteger,
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

#: Questions with the section that answered them, one row a pair; `fingerprint` names the pair.
learned_questions = Table(
    "learned_questions",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("fingerprint", LegalText, nullable=False),
    Column("article_id", LegalText, nullable=False),
    Column("locale", LegalText, nullable=False),
    Column("revision", LegalText, nullable=False),
    Column("anchor", LegalText),
    Column("digest", LegalText, nullable=False),
    Column("text", LegalText, nullable=False),
    UniqueConstraint("fingerprint"),
    Index(None, "article_id", "locale"),
)

#: What was said of each pair; rows are added, never changed.
learned_events = Table(
    "learned_events",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("question_id", Serial, ForeignKey("learned_questions.id", ondelete="CASCADE"), nullable=False),
    Column("what", LegalText, nullable=False),
    Column("source", LegalText, nullable=False),
    Column("message_id", LegalText, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "question_id"),
    Index(None, "source"),
)

#: The questions as a model sees them: derived, so they may be thrown away.
learned_vectors = Table(
    "learned_vectors",
    metadata,
    Column(
        "question_id",
        Serial,
        ForeignKey("learned_questions.id", ondelete="CASCADE"),
        nullable=False,
        autoincrement=False,
    ),
    Column("model", LegalText, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    PrimaryKeyConstraint("question_id", "model"),
)

#: One row, whose id is 1: counts changes, so that servers see with one look whether there is anything new.
learned_head = Table(
    "learned_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
)
