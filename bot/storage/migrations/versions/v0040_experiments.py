"""Settings served side by side; which arm a customer is in is a fact like others, found by an index of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0049"
branch_labels = None
depends_on = None

# Sorted by code point, as SQLite and Python do, whatever the server's language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def text(name: str) -> sa.Column[str]:
    """A text column."""
    return sa.Column(name, TEXT, nullable=False)


def upgrade() -> None:
    """Makes the table and the index."""
    op.create_table(
        "experiments",
        text("id"),
        text("title"),
        text("kind"),
        text("setting"),
        text("beside"),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        text("started_by"),
        sa.Column("stopped_at", sa.DateTime(timezone=True)),
        text("stopped_by"),
        sa.Column("slot", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_experiments"),
        sa.UniqueConstraint("slot", name="uq_experiments_slot"),
    )
    of_arms = sa.text("kind = 'in_arm'")
    op.create_index("ix_facts_arm", "facts", ["reason"], sqlite_where=of_arms, postgresql_where=of_arms)
