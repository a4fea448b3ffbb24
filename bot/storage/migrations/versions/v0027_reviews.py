"""Scorecards of drawn tickets."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0010"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Sorted by code point, as SQLite and Python do, whatever the server's language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def text(name: str) -> sa.Column[str]:
    """A text column."""
    return sa.Column(name, TEXT, nullable=False)


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "reviews",
        sa.Column("id", SERIAL, nullable=False),
        text("week"),
        text("reference"),
        text("agent"),
        text("reviewer"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("score", sa.Float()),
        sa.Column("hand_off_needed", sa.Boolean()),
        text("marks"),
        text("comment"),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
        sa.ForeignKeyConstraint(["reference"], ["tickets.reference"], name="fk_reviews_reference_tickets"),
        sa.UniqueConstraint("week", "reference", "reviewer", name="uq_reviews_week_reference_reviewer"),
    )
    op.create_index("ix_reviews_agent", "reviews", ["agent"])
