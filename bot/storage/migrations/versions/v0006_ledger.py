"""The ledger: what happened in each conversation, and counts of days derived from it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0003"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Sorted by code point, as SQLite and Python do, whatever the server's language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def text(name: str) -> sa.Column[str]:
    """A text column."""
    return sa.Column(name, TEXT, nullable=False)


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "facts",
        sa.Column("id", SERIAL, nullable=False),
        text("conversation_id"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        text("kind"),
        sa.Column("seq", sa.Integer(), nullable=False),
        text("reason"),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("threshold", sa.Float(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        text("articles"),
        text("marks"),
        text("channel"),
        text("language"),
        sa.PrimaryKeyConstraint("id", name="pk_facts"),
    )
    op.create_index("ix_facts_at", "facts", ["at"])
    op.create_index("ix_facts_conversation_id", "facts", ["conversation_id"])
    op.create_table(
        "ledger_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("definitions", sa.Integer(), nullable=False),
        text("counts"),
        sa.PrimaryKeyConstraint("day", name="pk_ledger_days"),
    )
