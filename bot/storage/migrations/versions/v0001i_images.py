"""The pictures of articles."""

import sqlalchemy as sa
from alembic import op

revision = "0001i"
down_revision = "0001"
branch_labels = None
depends_on = None

# Sorted by code point, as SQLite and Python do, whatever the server's language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Makes the tables of pictures."""
    op.create_table(
        "images",
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("media_type", TEXT, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_images"),
    )
    op.create_table(
        "image_files",
        sa.Column("root", TEXT, nullable=False),
        sa.Column("path", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["images.digest"], name="fk_image_files_images"),
        sa.PrimaryKeyConstraint("root", "path", name="pk_image_files"),
    )
    op.create_index("ix_image_files_digest", "image_files", ["digest"])
