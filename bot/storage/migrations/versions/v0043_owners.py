"""Whose session opened a conversation."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0051"
branch_labels = None
depends_on = None

# Sorted by code point, as SQLite and Python do, whatever the server's language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Adds the column, empty for conversations whose id is the key, and its index."""
    op.add_column("conversations", sa.Column("owner", TEXT, nullable=False, server_default=""))
    op.create_index(
        "ix_conversations_owner",
        "conversations",
        ["owner", "updated_at"],
        sqlite_where=sa.text("owner <> ''"),
        postgresql_where=sa.text("owner <> ''"),
    )
