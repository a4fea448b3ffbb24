"""Files that belong to conversations."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0046"
branch_labels = None
depends_on = None

# Sorted by code point, as SQLite and Python do, whatever the server's language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def text(name: str, *, default: str | None = None) -> sa.Column[str]:
    """A text column."""
    return sa.Column(name, TEXT, nullable=False, server_default=default)


def moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    """A point in time."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "attachments",
        text("id"),
        text("conversation_id"),
        text("digest"),
        text("name"),
        text("media_type"),
        sa.Column("size", sa.Integer(), nullable=False),
        moment("at"),
        text("by"),
        sa.Column("shared", sa.Boolean(), nullable=False),
        moment("removed_at", nullable=True),
        text("removed_why", default=""),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_attachments_conversation_id_conversations"
        ),
    )
    op.create_index("ix_attachments_conversation_id", "attachments", ["conversation_id"])
    op.create_index("ix_attachments_digest", "attachments", ["digest"])
