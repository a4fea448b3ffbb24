"""Facts say who acted, and what the conversation is about."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0007"
branch_labels = None
depends_on = None

# Sorted by code point, as SQLite and Python do, whatever the server's language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Adds the columns; neither database rewrites rows for a constant default."""
    for name in ("who", "about", "product", "tags"):
        op.add_column("facts", sa.Column(name, TEXT, nullable=False, server_default=""))
