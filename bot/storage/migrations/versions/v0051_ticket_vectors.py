"""Vectors that solved tickets are found by."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

# Sorted by code point, as SQLite and Python do, whatever the server's language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "ticket_vectors",
        sa.Column("reference", TEXT, nullable=False),
        sa.Column("model", TEXT, nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("reference", name="pk_ticket_vectors"),
        sa.ForeignKeyConstraint(
            ["reference"], ["tickets.reference"], name="fk_ticket_vectors_reference_tickets"
        ),
    )
