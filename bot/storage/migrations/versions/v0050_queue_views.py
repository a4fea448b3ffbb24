"""Views of the queue that people keep."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0047"
branch_labels = None
depends_on = None

# Sorted by code point, as SQLite and Python do, whatever the server's language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def text(name: str) -> sa.Column[str]:
    """A text column."""
    return sa.Column(name, TEXT, nullable=False)


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "queue_views",
        text("id"),
        text("account_id"),
        text("name"),
        text("query"),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_queue_views"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_queue_views_account_id_accounts"),
        sa.UniqueConstraint("account_id", "name", name="uq_queue_views_account_id_name"),
    )
