"""What agents made of suggestions; tickets are found by their status."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Sorted by code point, as SQLite and Python do, whatever the server's language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def text(name: str) -> sa.Column[str]:
    """A text column."""
    return sa.Column(name, TEXT, nullable=False)


def upgrade() -> None:
    """Makes the table and the index."""
    op.create_table(
        "suggestion_outcomes",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        text("who"),
        text("verdict"),
        text("article_id"),
        text("locale"),
        text("ticket"),
        text("question"),
        text("reply"),
        sa.PrimaryKeyConstraint("id", name="pk_suggestion_outcomes"),
    )
    op.create_index(
        "ix_suggestion_outcomes_article_id_locale", "suggestion_outcomes", ["article_id", "locale"]
    )
    op.create_index("ix_tickets_status", "tickets", ["status"])
