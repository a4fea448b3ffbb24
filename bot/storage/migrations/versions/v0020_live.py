"""Live chats: who is in one, how far each side has read, which agents are there; and whose words a message is."""

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0025"
branch_labels = None
depends_on = None

# Sorted by code point, as SQLite and Python do, whatever the server's language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def text(name: str) -> sa.Column[str]:
    """A text column."""
    return sa.Column(name, TEXT, nullable=False)


def count(name: str) -> sa.Column[int]:
    """A whole number."""
    return sa.Column(name, sa.Integer(), nullable=False)


def moment(name: str, *, nullable: bool = True) -> sa.Column[dt.datetime]:
    """A point in time."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Makes the tables, the column and the indexes."""
    op.add_column("messages", sa.Column("author", TEXT, nullable=False, server_default=""))
    op.create_index("ix_conversations_updated_at", "conversations", ["updated_at"])
    op.create_table(
        "live_chats",
        text("conversation_id"),
        count("version"),
        text("account_id"),
        moment("joined_at"),
        moment("agent_active_at"),
        moment("agent_typing_until"),
        moment("customer_typing_until"),
        moment("customer_seen_at"),
        count("agent_delivered"),
        count("agent_read"),
        count("customer_delivered"),
        count("customer_read"),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_live_chats"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_live_chats_conversations"
        ),
    )
    op.create_index("ix_live_chats_account_id", "live_chats", ["account_id"])
    op.create_index("ix_live_chats_customer_seen_at", "live_chats", ["customer_seen_at"])
    op.create_table(
        "live_agents",
        text("account_id"),
        sa.Column("available", sa.Boolean(), nullable=False),
        moment("seen_at", nullable=False),
        sa.PrimaryKeyConstraint("account_id", name="pk_live_agents"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_live_agents_accounts"),
    )
