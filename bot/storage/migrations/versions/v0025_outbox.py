"""What is to be carried out outside, who is told of events, and which events have been told."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0030"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Sorted by code point, as SQLite and Python do, whatever the server's language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def text(name: str) -> sa.Column[str]:
    """A text column."""
    return sa.Column(name, TEXT, nullable=False)


def moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    """A point in time."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Makes the tables. What happened before is not told any more: nobody expects a mail about last month."""
    op.create_table(
        "outbox",
        sa.Column("id", SERIAL, nullable=False),
        text("key"),
        text("channel"),
        text("target"),
        text("lane"),
        text("reference"),
        text("standing"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        moment("created_at"),
        moment("due_at"),
        moment("leased_until", nullable=True),
        text("problem"),
        text("payload"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    op.create_index("ix_outbox_standing_due_at", "outbox", ["standing", "due_at"])
    op.create_index("ix_outbox_lane_id", "outbox", ["lane", "id"])
    op.create_table(
        "webhooks",
        text("id"),
        text("url"),
        text("kinds"),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("personal", sa.Boolean(), nullable=False),
        text("secret"),
        text("created_by"),
        moment("created_at"),
        moment("off_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
    )
    op.add_column("ticket_events", sa.Column("announced", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE ticket_events SET announced = 1")
    op.create_index(
        "ix_ticket_events_unannounced",
        "ticket_events",
        ["id"],
        sqlite_where=sa.text("announced = 0"),
        postgresql_where=sa.text("announced = 0"),
    )
