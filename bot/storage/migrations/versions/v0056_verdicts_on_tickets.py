"""Verdicts on solved tickets that were suggested, beside those on articles."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0060"
branch_labels = None
depends_on = None

# Sorted by code point, as SQLite and Python do, whatever the server's language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Adds the column."""
    op.add_column("suggestion_outcomes", sa.Column("solved_ticket", TEXT, nullable=False, server_default=""))
    op.create_index(
        "ix_suggestion_outcomes_solved_ticket",
        "suggestion_outcomes",
        ["solved_ticket"],
        sqlite_where=sa.text("solved_ticket <> ''"),
        postgresql_where=sa.text("solved_ticket <> ''"),
    )
