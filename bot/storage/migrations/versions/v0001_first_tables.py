"""The first tables: articles with their revisions and chunks, conversations, tickets, feedback."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Sorted by code point, as SQLite and Python do, whatever the server's language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    """A text column."""
    return sa.Column(name, TEXT, nullable=nullable)


def moment(name: str) -> sa.Column[object]:
    """A column of points in time, UTC."""
    return sa.Column(name, MOMENT, nullable=False)


def integer(name: str) -> sa.Column[int]:
    """A column of whole numbers."""
    return sa.Column(name, sa.Integer(), nullable=False)


def upgrade() -> None:
    """Makes all tables."""
    knowledge()
    generation()
    conversations()
    tickets()
    feedback()


def knowledge() -> None:
    """Files seen, revisions ever published, articles and chunks that answer now."""
    op.create_table(
        "files",
        text("root"),
        text("path"),
        text("digest"),
        text("article_id", nullable=True),
        text("locale", nullable=True),
        text("reason"),
        sa.PrimaryKeyConstraint("root", "path", name="pk_files"),
    )
    op.create_index("ix_files_root_article_id_locale_path", "files", ["root", "article_id", "locale", "path"])
    op.create_table(
        "revisions",
        sa.Column("id", SERIAL, nullable=False),
        text("article_id"),
        text("locale"),
        text("revision"),
        text("title"),
        text("audience"),
        text("url"),
        text("tags"),
        text("product"),
        text("owner"),
        sa.Column("last_reviewed", sa.Date()),
        sa.Column("next_review", sa.Date()),
        moment("first_published_at"),
        text("source"),
        sa.PrimaryKeyConstraint("id", name="pk_revisions"),
        sa.UniqueConstraint(
            "article_id", "locale", "revision", name="uq_revisions_article_id_locale_revision"
        ),
    )
    op.create_table(
        "articles",
        text("article_id"),
        text("locale"),
        text("revision"),
        text("title"),
        text("audience"),
        text("url"),
        text("root"),
        sa.PrimaryKeyConstraint("article_id", "locale", name="pk_articles"),
        sa.ForeignKeyConstraint(
            ["article_id", "locale", "revision"],
            ["revisions.article_id", "revisions.locale", "revisions.revision"],
            name="fk_articles_revisions",
        ),
    )
    op.create_table(
        "chunks",
        text("article_id"),
        text("locale"),
        integer("ordinal"),
        text("revision"),
        text("title"),
        text("heading_path"),
        text("anchor"),
        integer("start_char"),
        integer("end_char"),
        text("spans"),
        sa.PrimaryKeyConstraint("article_id", "locale", "ordinal", name="pk_chunks"),
        sa.ForeignKeyConstraint(
            ["article_id", "locale"],
            ["articles.article_id", "articles.locale"],
            name="fk_chunks_articles",
            ondelete="CASCADE",
        ),
    )


def generation() -> None:
    """The index that answers now."""
    op.create_table(
        "generation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        text("name"),
        text("corpus"),
        moment("published_at"),
        sa.PrimaryKeyConstraint("id", name="pk_generation"),
    )


def conversations() -> None:
    """Conversations and what was said in them."""
    op.create_table(
        "conversations",
        text("id"),
        text("state"),
        text("language"),
        text("contact"),
        text("ticket"),
        integer("message_count"),
        moment("started_at"),
        moment("updated_at"),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
    )
    op.create_table(
        "messages",
        text("conversation_id"),
        integer("seq"),
        text("id"),
        text("role"),
        text("text"),
        moment("at"),
        text("client_id"),
        text("reply", nullable=True),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name="pk_messages"),
        sa.UniqueConstraint("id", name="uq_messages_id"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_messages_conversations"),
    )
    op.create_index(
        "ux_messages_client_id",
        "messages",
        ["conversation_id", "client_id"],
        unique=True,
        sqlite_where=sa.text("client_id <> ''"),
        postgresql_where=sa.text("client_id <> ''"),
    )


def tickets() -> None:
    """Conversations that people have, and what happened to them."""
    op.create_table(
        "tickets",
        text("reference"),
        text("conversation_id"),
        text("subject"),
        text("reason"),
        text("rule"),
        text("priority"),
        text("queue"),
        text("status"),
        text("language"),
        text("contact"),
        moment("created_at"),
        moment("first_response_due"),
        moment("resolution_due"),
        text("considered"),
        sa.PrimaryKeyConstraint("reference", name="pk_tickets"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_tickets_conversations"),
    )
    op.create_index("ix_tickets_created_at", "tickets", ["created_at"])
    op.create_index("ix_tickets_conversation_id", "tickets", ["conversation_id"])
    op.create_table(
        "ticket_events",
        sa.Column("id", SERIAL, nullable=False),
        text("reference"),
        moment("at"),
        text("who"),
        text("what"),
        text("before"),
        text("after"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_events"),
        sa.ForeignKeyConstraint(["reference"], ["tickets.reference"], name="fk_ticket_events_tickets"),
    )
    op.create_index("ix_ticket_events_reference", "ticket_events", ["reference"])


def feedback() -> None:
    """What customers said of replies."""
    op.create_table(
        "feedback",
        sa.Column("id", SERIAL, nullable=False),
        text("message_id"),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        text("comment"),
        moment("at"),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_feedback_messages"),
    )
    op.create_index("ix_feedback_message_id", "feedback", ["message_id"])
