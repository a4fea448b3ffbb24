"""Tickets can be worked at: who has one, what changed when, what belongs together."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0026"
branch_labels = None
depends_on = None

# Sorted by code point, as SQLite and Python do, whatever the server's language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def text(name: str, default: str | None = None) -> sa.Column[str]:
    """A text column."""
    return sa.Column(name, TEXT, nullable=False, server_default=default)


def upgrade() -> None:
    """Adds the columns and tables."""
    op.add_column("ticket_events", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    for name, default in (("channel", "chat"), ("category", ""), ("service", "")):
        op.add_column("tickets", text(name, default))
    op.add_column("tickets", sa.Column("level", sa.Integer(), nullable=False, server_default="1"))
    for name in ("assignee", "assigned_why", "tags", "merged_into"):
        op.add_column("tickets", text(name, ""))
    op.add_column("tickets", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    for name in ("first_responded_at", "awaiting_since", "next_response_due", "solved_at"):
        op.add_column("tickets", sa.Column(name, MOMENT))
    op.add_column("tickets", text("pauses", ""))
    op.create_index("ix_tickets_assignee_status", "tickets", ["assignee", "status"])
    op.create_index("ix_tickets_contact", "tickets", ["contact"])
    _tables()


def _tables() -> None:
    op.create_table(
        "ticket_links",
        text("reference"),
        text("other"),
        text("kind"),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("reference", "other", name="pk_ticket_links"),
        sa.ForeignKeyConstraint(
            ["reference"], ["tickets.reference"], name="fk_ticket_links_reference_tickets"
        ),
        sa.ForeignKeyConstraint(["other"], ["tickets.reference"], name="fk_ticket_links_other_tickets"),
    )
    op.create_table(
        "ticket_articles",
        text("reference"),
        text("article_id"),
        text("locale"),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("reference", "article_id", "locale", name="pk_ticket_articles"),
        sa.ForeignKeyConstraint(
            ["reference"], ["tickets.reference"], name="fk_ticket_articles_reference_tickets"
        ),
    )
