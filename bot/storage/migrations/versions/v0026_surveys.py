"""What customers are asked about solutions, and what they said."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0031"
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
        "surveys",
        text("id"),
        text("reference"),
        text("conversation_id"),
        text("language"),
        moment("opened_at"),
        moment("closes_at"),
        sa.Column("solved", sa.Boolean()),
        sa.Column("satisfaction", sa.Integer()),
        sa.Column("recommendation", sa.Integer()),
        moment("answered_at", nullable=True),
        text("comment"),
        sa.PrimaryKeyConstraint("id", name="pk_surveys"),
        sa.ForeignKeyConstraint(["reference"], ["tickets.reference"], name="fk_surveys_tickets"),
    )
    op.create_index("ix_surveys_reference", "surveys", ["reference"])
    op.create_index("ix_surveys_conversation_id", "surveys", ["conversation_id"])
