"""Articles, their revisions, chunks and pictures, and which index answers."""

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from bot.storage.columns import LegalText, Moment
from bot.storage.tables.metadata import Serial, metadata

#: What the last ingest saw in each source.
files = Table(
    "files",
    metadata,
    Column("root", LegalText, nullable=False),
    Column("path", LegalText, nullable=False),
    Column("digest", LegalText, nullable=False),
    Column("article_id", LegalText),
    Column("locale", LegalText),
    Column("reason", LegalText, nullable=False),
    PrimaryKeyConstraint("root", "path"),
    Index(None, "root", "article_id", "locale", "path"),
)

#: The pictures each source has; their bytes are kept once, whoever names them.
image_files = Table(
    "image_files",
    metadata,
    Column("root", LegalText, nullable=False),
    Column("path", LegalText, nullable=False),
    Column("digest", LegalText, ForeignKey("images.digest"), nullable=False),
    PrimaryKeyConstraint("root", "path"),
    Index(None, "digest"),
)

images = Table(
    "images",
    metadata,
    Column("digest", LegalText, primary_key=True),
    Column("media_type", LegalText, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

#: Every revision ever published. Its source never changes; how it was read may, when the parser gets better.
revisions = Table(
    "revisions",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("article_id", LegalText, nullable=False),
    Column("locale", LegalText, nullable=False),
    Column("revision", LegalText, nullable=False),
    Column("title", LegalText, nullable=False),
    Column("audience", LegalText, nullable=False),
    Column("url", LegalText, nullable=False),
    Column("tags", LegalText, nullable=False),
    Column("product", LegalText, nullable=False),
    Column("owner", LegalText, nullable=False),
    Column("last_reviewed", Date),
    Column("next_review", Date),
    Column("first_published_at", Moment, nullable=False),
    Column("source", LegalText, nullable=False),
    Column("category", LegalText, nullable=False, server_default=""),
    UniqueConstraint("article_id", "locale", "revision"),
)

#: What may answer now, and from which source it comes.
articles = Table(
    "articles",
    metadata,
    Column("article_id", LegalText, nullable=False),
    Column("locale", LegalText, nullable=False),
    Column("revision", LegalText, nullable=False),
    Column("title", LegalText, nullable=False),
    Column("audience", LegalText, nullable=False),
    Column("url", LegalText, nullable=False),
    Column("root", LegalText, nullable=False),
    PrimaryKeyConstraint("article_id", "locale"),
    ForeignKeyConstraint(
        ["article_id", "locale", "revision"],
        ["revisions.article_id", "revisions.locale", "revisions.revision"],
    ),
)

#: Chunks of what may answer now; they go when the article stops answering.
chunks = Table(
    "chunks",
    metadata,
    Column("article_id", LegalText, nullable=False),
    Column("locale", LegalText, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("revision", LegalText, nullable=False),
    Column("title", LegalText, nullable=False),
    Column("heading_path", LegalText, nullable=False),
    Column("anchor", LegalText, nullable=False),
    Column("start_char", Integer, nullable=False),
    Column("end_char", Integer, nullable=False),
    Column("spans", LegalText, nullable=False),
    PrimaryKeyConstraint("article_id", "locale", "ordinal"),
    ForeignKeyConstraint(
        ["article_id", "locale"], ["articles.article_id", "articles.locale"], ondelete="CASCADE"
    ),
)

#: The index that answers now: one row, whose id is 1.
generation = Table(
    "generation",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", LegalText, nullable=False),
    Column("corpus", LegalText, nullable=False),
    Column("published_at", Moment, nullable=False),
)
