"""Timers that fire once, when a ticket was escalated, and what each of the team can take."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0027"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Sorted by code point, as SQLite and Python do, whatever the server's language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def text(name: str) -> sa.Column[str]:
    """A text column."""
    return sa.Column(name, TEXT, nullable=False)


def upgrade() -> None:
    """Adds the column and the tables."""
    op.add_column("tickets", sa.Column("escalated_at", MOMENT))
    op.create_table(
        "timers",
        sa.Column("id", SERIAL, nullable=False),
        text("name"),
        text("kind"),
        text("subject"),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("free_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("fired_at", MOMENT),
        text("detail"),
        text("problem"),
        sa.PrimaryKeyConstraint("id", name="pk_timers"),
        sa.UniqueConstraint("name", name="uq_timers_name"),
    )
    op.create_index("ix_timers_subject", "timers", ["subject"])
    op.create_index("ix_timers_fired_at_due_at", "timers", ["fired_at", "due_at"])
    op.create_table(
        "desk_agents",
        text("account_id"),
        sa.Column("away", sa.Boolean(), nullable=False),
        text("skills"),
        text("languages"),
        sa.Column("given_at", MOMENT),
        sa.PrimaryKeyConstraint("account_id", name="pk_desk_agents"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_desk_agents_account_id_accounts"),
    )
