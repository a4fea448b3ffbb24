"""What the folder of an article is called in its language; revisions stored before say nothing of it."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0043"
branch_labels = None
depends_on = None

# Sorted by code point, as SQLite and Python do, whatever the server's language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Adds the column."""
    op.add_column("revisions", sa.Column("category", TEXT, nullable=False, server_default=""))
