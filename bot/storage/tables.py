"""The tables as this version reads and writes them; the migrations that build them stand on their own."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    text,
)

from bot.storage.columns import LegalText, Moment

#: Counts up by itself on both databases; SQLite does so for INTEGER only.
Serial = BigInteger().with_variant(Integer, "sqlite")

# Columns that may be long stand last in their tables: SQLite reads through them to reach what follows.
metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

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

conversations = Table(
    "conversations",
    metadata,
    Column("id", LegalText, primary_key=True),
    Column("state", LegalText, nullable=False),
    Column("language", LegalText, nullable=False),
    Column("contact", LegalText, nullable=False),
    Column("ticket", LegalText, nullable=False),
    Column("message_count", Integer, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
)

messages = Table(
    "messages",
    metadata,
    Column("conversation_id", LegalText, ForeignKey("conversations.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("id", LegalText, nullable=False),
    Column("role", LegalText, nullable=False),
    Column("text", LegalText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("client_id", LegalText, nullable=False),
    Column("reply", LegalText),
    PrimaryKeyConstraint("conversation_id", "seq"),
    UniqueConstraint("id"),
)

#: A repeated send is stored once; senders without ids of their own leave it empty.
one_send = Index(
    "ux_messages_client_id",
    messages.c.conversation_id,
    messages.c.client_id,
    unique=True,
    sqlite_where=text("client_id <> ''"),
    postgresql_where=text("client_id <> ''"),
)

tickets = Table(
    "tickets",
    metadata,
    Column("reference", LegalText, primary_key=True),
    Column("conversation_id", LegalText, ForeignKey("conversations.id"), nullable=False),
    Column("subject", LegalText, nullable=False),
    Column("reason", LegalText, nullable=False),
    Column("rule", LegalText, nullable=False),
    Column("priority", LegalText, nullable=False),
    Column("queue", LegalText, nullable=False),
    Column("status", LegalText, nullable=False),
    Column("language", LegalText, nullable=False),
    Column("contact", LegalText, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("first_response_due", Moment, nullable=False),
    Column("resolution_due", Moment, nullable=False),
    Column("considered", LegalText, nullable=False),
    Index(None, "created_at"),
    Index(None, "conversation_id"),
)

#: What happened to each ticket; rows are added, never changed.
ticket_events = Table(
    "ticket_events",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("reference", LegalText, ForeignKey("tickets.reference"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("who", LegalText, nullable=False),
    Column("what", LegalText, nullable=False),
    Column("before", LegalText, nullable=False),
    Column("after", LegalText, nullable=False),
    Index(None, "reference"),
)

#: What customers said of replies; rows are added, never changed.
feedback = Table(
    "feedback",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("message_id", LegalText, ForeignKey("messages.id"), nullable=False),
    Column("helpful", Boolean, nullable=False),
    Column("comment", LegalText, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "message_id"),
)
