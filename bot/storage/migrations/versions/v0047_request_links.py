"""Links by mail to one's own tickets."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0041"
branch_labels = None
depends_on = None

# Sorted by code point, as SQLite and Python do, whatever the server's language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def text(name: str) -> sa.Column[str]:
    """A text column."""
    return sa.Column(name, TEXT, nullable=False)


def moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    """A point in time."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "request_links",
        text("id"),
        text("contact"),
        text("locale"),
        moment("asked_at"),
        moment("expires_at"),
        text("session"),
        moment("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_request_links"),
    )
    for name in ("contact", "session", "expires_at"):
        op.create_index(f"ix_request_links_{name}", "request_links", [name])
