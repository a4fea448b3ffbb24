"""Hand-off packets: what the person who takes over a ticket reads first."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Sorted by code point, as SQLite and Python do, whatever the server's language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Adds the packet; tickets of before have an empty one."""
    op.add_column("tickets", sa.Column("packet", TEXT, nullable=False, server_default=""))
