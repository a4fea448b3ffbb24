"""What is counted of each conversation: figures can be filtered, and followed to the conversations behind them."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0020"
branch_labels = None
depends_on = None

# Sorted by code point, as SQLite and Python do, whatever the server's language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def text(name: str) -> sa.Column[str]:
    """A text column."""
    return sa.Column(name, TEXT, nullable=False)


def upgrade() -> None:
    """Makes the table; it fills as days are counted."""
    op.create_table(
        "ledger_records",
        text("conversation_id"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("flags", sa.Integer(), nullable=False),
        text("channel"),
        text("language"),
        text("product"),
        text("hand_off"),
        sa.Column("first_response", sa.Float()),
        sa.Column("resolution", sa.Float()),
        sa.Column("handled", sa.Float()),
        sa.Column("rated", sa.Integer()),
        sa.Column("recommends", sa.Integer()),
        text("solved_by"),
        text("tags"),
        text("articles"),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_ledger_records"),
    )
    op.create_index("ix_ledger_records_day", "ledger_records", ["day"])
