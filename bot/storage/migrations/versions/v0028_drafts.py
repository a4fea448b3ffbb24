"""Articles in the making, and every version of them."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0035"
branch_labels = None
depends_on = None

# Sorted by code point, as SQLite and Python do, whatever the server's language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def text(name: str) -> sa.Column[str]:
    """A text column."""
    return sa.Column(name, TEXT, nullable=False)


def moment(name: str) -> sa.Column[object]:
    """A point in time."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def number(name: str) -> sa.Column[int]:
    """A whole number."""
    return sa.Column(name, sa.Integer(), nullable=False)


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "article_drafts",
        text("id"),
        text("reference"),
        text("state"),
        text("locale"),
        text("audience"),
        text("author"),
        moment("updated_at"),
        number("version"),
        text("path"),
        text("title"),
        text("body"),
        sa.PrimaryKeyConstraint("id", name="pk_article_drafts"),
        sa.ForeignKeyConstraint(["reference"], ["tickets.reference"], name="fk_article_drafts_tickets"),
    )
    op.create_index("ix_article_drafts_reference", "article_drafts", ["reference"])
    op.create_index("ix_article_drafts_state_updated_at", "article_drafts", ["state", "updated_at"])
    op.create_table(
        "draft_events",
        text("draft_id"),
        number("version"),
        moment("at"),
        text("who"),
        text("what"),
        text("note"),
        text("title"),
        text("body"),
        sa.PrimaryKeyConstraint("draft_id", "version", name="pk_draft_events"),
        sa.ForeignKeyConstraint(["draft_id"], ["article_drafts.id"], name="fk_draft_events_article_drafts"),
    )
