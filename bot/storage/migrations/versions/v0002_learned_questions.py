"""Learned questions: what was asked and answered, what was said of it, vectors, and a counter to follow them by."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001p"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Sorted by code point, as SQLite and Python do, whatever the server's language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    """A text column."""
    return sa.Column(name, TEXT, nullable=nullable)


def of_question(table: str) -> sa.ForeignKeyConstraint:
    """A row of `table` belongs to a learned question."""
    return sa.ForeignKeyConstraint(
        ["question_id"], ["learned_questions.id"], name=f"fk_{table}_learned_questions", ondelete="CASCADE"
    )


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "learned_questions",
        sa.Column("id", SERIAL, nullable=False),
        text("fingerprint"),
        text("article_id"),
        text("locale"),
        text("revision"),
        text("anchor", nullable=True),
        text("digest"),
        text("text"),
        sa.PrimaryKeyConstraint("id", name="pk_learned_questions"),
        sa.UniqueConstraint("fingerprint", name="uq_learned_questions_fingerprint"),
    )
    op.create_index("ix_learned_questions_article_id_locale", "learned_questions", ["article_id", "locale"])
    op.create_table(
        "learned_events",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("question_id", SERIAL, nullable=False),
        text("what"),
        text("source"),
        text("message_id"),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_learned_events"),
        of_question("learned_events"),
    )
    op.create_index("ix_learned_events_question_id", "learned_events", ["question_id"])
    op.create_index("ix_learned_events_source", "learned_events", ["source"])
    op.create_table(
        "learned_vectors",
        sa.Column("question_id", SERIAL, autoincrement=False, nullable=False),
        text("model"),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("question_id", "model", name="pk_learned_vectors"),
        of_question("learned_vectors"),
    )
    op.create_table(
        "learned_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_learned_head"),
    )
