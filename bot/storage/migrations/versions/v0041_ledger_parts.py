"""Counts of the parts of a day that filters ask for; days are counted anew, since those from before have no parts."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
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
        "ledger_parts",
        sa.Column("day", sa.Date(), nullable=False),
        text("name"),
        text("value"),
        text("hours"),
        text("counts"),
        sa.PrimaryKeyConstraint("name", "value", "day", name="pk_ledger_parts"),
    )
    op.execute(sa.text("DELETE FROM ledger_days"))
