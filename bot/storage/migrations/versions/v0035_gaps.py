"""Gaps in what is written: their questions by where they stand, and their history."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0011"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Sorted by code point, as SQLite and Python do, whatever the server's language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def text(name: str) -> sa.Column[str]:
    """A text column."""
    return sa.Column(name, TEXT, nullable=False)


def moment(name: str) -> sa.Column[object]:
    """A point in time."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def upgrade() -> None:
    """Makes the tables and their indexes."""
    op.create_table(
        "gaps",
        text("id"),
        text("language"),
        text("state"),
        text("assignee"),
        moment("opened_at"),
        text("corpus"),
        text("advice"),
        sa.PrimaryKeyConstraint("id", name="pk_gaps"),
    )
    op.create_table(
        "gap_questions",
        text("conversation_id"),
        sa.Column("seq", sa.Integer(), nullable=False),
        text("gap_id"),
        sa.Column("place", sa.Integer(), nullable=False),
        moment("at"),
        text("trouble"),
        text("ticket"),
        sa.Column("minutes", sa.Float(), nullable=False),
        text("now"),
        text("by_id"),
        text("by_locale"),
        sa.Column("newer", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name="pk_gap_questions"),
        sa.ForeignKeyConstraint(["gap_id"], ["gaps.id"], name="fk_gap_questions_gap_id_gaps"),
    )
    op.create_index("ix_gap_questions_gap_id", "gap_questions", ["gap_id"])
    op.create_table(
        "gap_events",
        sa.Column("id", SERIAL, nullable=False),
        text("gap_id"),
        moment("at"),
        text("who"),
        text("what"),
        text("detail"),
        sa.PrimaryKeyConstraint("id", name="pk_gap_events"),
        sa.ForeignKeyConstraint(["gap_id"], ["gaps.id"], name="fk_gap_events_gap_id_gaps"),
    )
    op.create_index("ix_gap_events_gap_id", "gap_events", ["gap_id"])
    op.create_table(
        "reports",
        text("name"),
        moment("at"),
        text("content"),
        sa.PrimaryKeyConstraint("name", name="pk_reports"),
    )
