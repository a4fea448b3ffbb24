"""Other texts of articles that experiments try, apart from what was published; an index of turns that differed."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0056"
branch_labels = None
depends_on = None

# Sorted by code point, as SQLite and Python do, whatever the server's language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def text(name: str) -> sa.Column[str]:
    """A text column."""
    return sa.Column(name, TEXT, nullable=False)


def upgrade() -> None:
    """Makes the table and the indexes."""
    op.create_table(
        "article_trials",
        sa.Column("experiment_id", TEXT, nullable=False),
        text("article_id"),
        text("locale"),
        text("revision"),
        text("title"),
        text("path"),
        text("beside"),
        text("source"),
        sa.ForeignKeyConstraint(["experiment_id"], ["experiments.id"], name="fk_article_trials_experiments"),
        sa.PrimaryKeyConstraint("experiment_id", name="pk_article_trials"),
    )
    op.create_index(
        "ix_article_trials_article_id_locale", "article_trials", ["article_id", "locale"], unique=False
    )
    differed = sa.text("kind = 'arms_differed'")
    op.create_index(
        "ix_facts_differed", "facts", ["reason"], sqlite_where=differed, postgresql_where=differed
    )
