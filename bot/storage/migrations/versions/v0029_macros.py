"""The team's own text blocks."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

# Sorted by code point, as SQLite and Python do, whatever the server's language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def text(name: str) -> sa.Column[str]:
    """A text column."""
    return sa.Column(name, TEXT, nullable=False)


def moment(name: str) -> sa.Column[object]:
    """A point in time."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def number(name: str) -> sa.Column[int]:
    """A whole number."""
    return sa.Column(name, sa.Integer(), nullable=False)


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "macros",
        text("name"),
        text("language"),
        number("version"),
        sa.Column("active", sa.Boolean(), nullable=False),
        text("changed_by"),
        moment("changed_at"),
        text("title"),
        text("body"),
        sa.PrimaryKeyConstraint("name", "language", name="pk_macros"),
    )
