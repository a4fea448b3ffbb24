"""What readers say of articles."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0029"
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
        "article_votes",
        text("id"),
        text("article_id"),
        text("locale"),
        text("revision"),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        text("why"),
        text("address"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        text("comment"),
        sa.PrimaryKeyConstraint("id", name="pk_article_votes"),
    )
    op.create_index("ix_article_votes_article_id_locale_at", "article_votes", ["article_id", "locale", "at"])
    op.create_index("ix_article_votes_address_at", "article_votes", ["address", "at"])
