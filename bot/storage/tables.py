"""The tables as this version reads and writes them; the migrations that build them stand on their own."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
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
    Index(None, "updated_at"),
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
    Column("author", LegalText, nullable=False, server_default=""),
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
    Column("packet", LegalText, nullable=False, server_default=""),
    Column("channel", LegalText, nullable=False, server_default="chat"),
    Column("category", LegalText, nullable=False, server_default=""),
    Column("service", LegalText, nullable=False, server_default=""),
    Column("level", Integer, nullable=False, server_default="1"),
    Column("assignee", LegalText, nullable=False, server_default=""),
    Column("assigned_why", LegalText, nullable=False, server_default=""),
    Column("tags", LegalText, nullable=False, server_default=""),
    Column("merged_into", LegalText, nullable=False, server_default=""),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("first_responded_at", Moment),
    Column("awaiting_since", Moment),
    Column("next_response_due", Moment),
    Column("escalated_at", Moment),
    Column("solved_at", Moment),
    Column("pauses", LegalText, nullable=False, server_default=""),
    Index(None, "created_at"),
    Index(None, "conversation_id"),
    Index(None, "status"),
    Index(None, "assignee", "status"),
    Index(None, "contact"),
)

#: What is to be done at a time, once: who marks one as fired does so in the transaction of its effect.
timers = Table(
    "timers",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("name", LegalText, nullable=False),
    Column("kind", LegalText, nullable=False),
    Column("subject", LegalText, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("free_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("fired_at", Moment),
    Column("detail", LegalText, nullable=False),
    Column("problem", LegalText, nullable=False),
    UniqueConstraint("name"),
    Index(None, "subject"),
    Index(None, "fired_at", "due_at"),
)

#: What each of the team takes, and whether now; who is not here takes everything.
desk_agents = Table(
    "desk_agents",
    metadata,
    Column("account_id", LegalText, ForeignKey("accounts.id"), primary_key=True),
    Column("away", Boolean, nullable=False),
    Column("skills", LegalText, nullable=False),
    Column("languages", LegalText, nullable=False),
    Column("given_at", Moment),
)

#: Tickets that belong together; each pair stands here in both directions.
ticket_links = Table(
    "ticket_links",
    metadata,
    Column("reference", LegalText, ForeignKey("tickets.reference"), nullable=False),
    Column("other", LegalText, ForeignKey("tickets.reference"), nullable=False),
    Column("kind", LegalText, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("reference", "other"),
)

#: Articles that helped with a ticket.
ticket_articles = Table(
    "ticket_articles",
    metadata,
    Column("reference", LegalText, ForeignKey("tickets.reference"), nullable=False),
    Column("article_id", LegalText, nullable=False),
    Column("locale", LegalText, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("reference", "article_id", "locale"),
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
    Column("announced", Integer, nullable=False, server_default="0"),
    Column("version", Integer, nullable=False, server_default="1"),
    Index(None, "reference"),
)

#: Events whose effects are not stored yet; nearly always none, so looking costs nothing.
unannounced = Index(
    "ix_ticket_events_unannounced",
    ticket_events.c.id,
    sqlite_where=text("announced = 0"),
    postgresql_where=text("announced = 0"),
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

#: The team's accounts.
accounts = Table(
    "accounts",
    metadata,
    Column("id", LegalText, primary_key=True),
    Column("email", LegalText, nullable=False),
    Column("name", LegalText, nullable=False),
    Column("role", LegalText, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("password", LegalText, nullable=False),
    Column("second_factor", LegalText, nullable=False),
    Column("last_step", BigInteger, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("email"),
)

#: Links that set a password, by the digest of their token; gone once used.
invitations = Table(
    "invitations",
    metadata,
    Column("digest", LegalText, primary_key=True),
    Column("account_id", LegalText, ForeignKey("accounts.id"), nullable=False),
    Column("until", Moment, nullable=False),
    Index(None, "account_id"),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("account_id", LegalText, ForeignKey("accounts.id"), nullable=False),
    Column("digest", LegalText, nullable=False),
    PrimaryKeyConstraint("account_id", "digest"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", LegalText, primary_key=True),
    Column("digest", LegalText, nullable=False),
    Column("account_id", LegalText, ForeignKey("accounts.id"), nullable=False),
    Column("stage", LegalText, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("address", LegalText, nullable=False),
    Column("browser", LegalText, nullable=False),
    UniqueConstraint("digest"),
    Index(None, "account_id"),
    Index(None, "opened_at"),
)

#: Wrong passwords and codes, by the name that was tried; old ones go.
failed_attempts = Table(
    "failed_attempts",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("name", LegalText, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "name", "at"),
    Index(None, "at"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", LegalText, primary_key=True),
    Column("name", LegalText, nullable=False),
    Column("digest", LegalText, nullable=False),
    Column("scopes", LegalText, nullable=False),
    Column("created_by", LegalText, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("revoked_at", Moment),
    Column("used_at", Moment),
)

#: What staff did; rows are added, never changed, and each holds the hash of the one before.
audit_log = Table(
    "audit_log",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("who", LegalText, nullable=False),
    Column("what", LegalText, nullable=False),
    Column("subject", LegalText, nullable=False),
    Column("detail", LegalText, nullable=False),
    Column("previous", LegalText, nullable=False),
    Column("hash", LegalText, nullable=False),
    Index(None, "subject", "number"),
)

#: Questions with the section that answered them, one row a pair; `fingerprint` names the pair.
learned_questions = Table(
    "learned_questions",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("fingerprint", LegalText, nullable=False),
    Column("article_id", LegalText, nullable=False),
    Column("locale", LegalText, nullable=False),
    Column("revision", LegalText, nullable=False),
    Column("anchor", LegalText),
    Column("digest", LegalText, nullable=False),
    Column("text", LegalText, nullable=False),
    UniqueConstraint("fingerprint"),
    Index(None, "article_id", "locale"),
)

#: What was said of each pair; rows are added, never changed.
learned_events = Table(
    "learned_events",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("question_id", Serial, ForeignKey("learned_questions.id", ondelete="CASCADE"), nullable=False),
    Column("what", LegalText, nullable=False),
    Column("source", LegalText, nullable=False),
    Column("message_id", LegalText, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "question_id"),
    Index(None, "source"),
)

#: The questions as a model sees them: derived, so they may be thrown away.
learned_vectors = Table(
    "learned_vectors",
    metadata,
    Column(
        "question_id",
        Serial,
        ForeignKey("learned_questions.id", ondelete="CASCADE"),
        nullable=False,
        autoincrement=False,
    ),
    Column("model", LegalText, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    PrimaryKeyConstraint("question_id", "model"),
)

#: One row, whose id is 1: counts changes, so that servers see with one look whether there is anything new.
learned_head = Table(
    "learned_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
)

#: What happened in each conversation; rows are added, and only their marks are ever taken out. They name no
#: conversation by a foreign key, so that erasing one leaves what happened in it counted.
facts = Table(
    "facts",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("conversation_id", LegalText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("kind", LegalText, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("reason", LegalText, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("threshold", Float, nullable=False),
    Column("score", Integer, nullable=False),
    Column("articles", LegalText, nullable=False),
    Column("marks", LegalText, nullable=False),
    Column("channel", LegalText, nullable=False),
    Column("language", LegalText, nullable=False),
    Column("who", LegalText, nullable=False, server_default=""),
    Column("about", LegalText, nullable=False, server_default=""),
    Column("product", LegalText, nullable=False, server_default=""),
    Column("tags", LegalText, nullable=False, server_default=""),
    Index(None, "at"),
    Index(None, "conversation_id"),
)

#: Counts of days, derived from the facts by the definitions named: they may be thrown away.
ledger_days = Table(
    "ledger_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("definitions", Integer, nullable=False),
    Column("counts", LegalText, nullable=False),
)

#: What is counted of each conversation of a counted day: derived, like the counts, and made anew with them.
ledger_records = Table(
    "ledger_records",
    metadata,
    Column("conversation_id", LegalText, primary_key=True),
    Column("day", Date, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("hour", Integer, nullable=False),
    Column("flags", Integer, nullable=False),
    Column("channel", LegalText, nullable=False),
    Column("language", LegalText, nullable=False),
    Column("product", LegalText, nullable=False),
    Column("hand_off", LegalText, nullable=False),
    Column("first_response", Float),
    Column("resolution", Float),
    Column("handled", Float),
    Column("rated", Integer),
    Column("recommends", Integer),
    Column("solved_by", LegalText, nullable=False),
    Column("tags", LegalText, nullable=False),
    Column("articles", LegalText, nullable=False),
    Index(None, "day"),
)

#: What agents made of suggestions; rows are added, never changed.
suggestion_outcomes = Table(
    "suggestion_outcomes",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", LegalText, nullable=False),
    Column("verdict", LegalText, nullable=False),
    Column("article_id", LegalText, nullable=False),
    Column("locale", LegalText, nullable=False),
    Column("ticket", LegalText, nullable=False),
    Column("question", LegalText, nullable=False),
    Column("reply", LegalText, nullable=False),
    Index(None, "article_id", "locale"),
)

#: What is to be carried out outside: mails, webhooks. Rows that are done go after some weeks.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("key", LegalText, nullable=False),
    Column("channel", LegalText, nullable=False),
    Column("target", LegalText, nullable=False),
    Column("lane", LegalText, nullable=False),
    Column("reference", LegalText, nullable=False),
    Column("standing", LegalText, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("leased_until", Moment),
    Column("problem", LegalText, nullable=False),
    Column("payload", LegalText, nullable=False),
    UniqueConstraint("key"),
    Index(None, "standing", "due_at"),
    Index(None, "lane", "id"),
)

#: Addresses of other systems that are told of events. Secrets are sealed.
webhooks = Table(
    "webhooks",
    metadata,
    Column("id", LegalText, primary_key=True),
    Column("url", LegalText, nullable=False),
    Column("kinds", LegalText, nullable=False),
    Column("internal", Boolean, nullable=False),
    Column("personal", Boolean, nullable=False),
    Column("secret", LegalText, nullable=False),
    Column("created_by", LegalText, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("off_at", Moment),
)

#: Who is in a conversation right now, and how far each side has got: numbers of messages, not their places.
live_chats = Table(
    "live_chats",
    metadata,
    Column("conversation_id", LegalText, ForeignKey("conversations.id"), primary_key=True),
    # Goes up with each change that the other side may see; new messages are told by the conversation's own count.
    Column("version", Integer, nullable=False),
    Column("account_id", LegalText, nullable=False),
    Column("joined_at", Moment),
    Column("agent_active_at", Moment),
    Column("agent_typing_until", Moment),
    Column("customer_typing_until", Moment),
    Column("customer_seen_at", Moment),
    Column("agent_delivered", Integer, nullable=False),
    Column("agent_read", Integer, nullable=False),
    Column("customer_delivered", Integer, nullable=False),
    Column("customer_read", Integer, nullable=False),
    Index(None, "account_id"),
    Index(None, "customer_seen_at"),
)

#: Agents who had the live page open: whether they take chats, and when they were there last.
live_agents = Table(
    "live_agents",
    metadata,
    Column("account_id", LegalText, ForeignKey("accounts.id"), primary_key=True),
    Column("available", Boolean, nullable=False),
    Column("seen_at", Moment, nullable=False),
)

#: What customers are asked about solutions, one row each; an answer replaces the one before until it closes.
surveys = Table(
    "surveys",
    metadata,
    Column("id", LegalText, primary_key=True),
    Column("reference", LegalText, ForeignKey("tickets.reference"), nullable=False),
    Column("conversation_id", LegalText, nullable=False),
    Column("language", LegalText, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("closes_at", Moment, nullable=False),
    Column("solved", Boolean),
    Column("satisfaction", Integer),
    Column("recommendation", Integer),
    Column("answered_at", Moment),
    Column("comment", LegalText, nullable=False),
    Index(None, "reference"),
    Index(None, "conversation_id"),
)

#: Scorecards of drawn tickets; rows are added, never changed.
reviews = Table(
    "reviews",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("week", LegalText, nullable=False),
    Column("reference", LegalText, ForeignKey("tickets.reference"), nullable=False),
    Column("agent", LegalText, nullable=False),
    Column("reviewer", LegalText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("score", Float),
    Column("hand_off_needed", Boolean),
    Column("marks", LegalText, nullable=False),
    Column("comment", LegalText, nullable=False),
    UniqueConstraint("week", "reference", "reviewer"),
    Index(None, "agent"),
)

#: What customers ask and nothing answers; all but state and assignee is computed and may be computed anew.
gaps = Table(
    "gaps",
    metadata,
    Column("id", LegalText, primary_key=True),
    Column("language", LegalText, nullable=False),
    Column("state", LegalText, nullable=False),
    Column("assignee", LegalText, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("corpus", LegalText, nullable=False),
    Column("advice", LegalText, nullable=False),
)

#: The questions of each gap by where they stand; what customers wrote is kept in their messages alone.
gap_questions = Table(
    "gap_questions",
    metadata,
    Column("conversation_id", LegalText, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("gap_id", LegalText, ForeignKey("gaps.id", name="fk_gap_questions_gap_id_gaps"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("trouble", LegalText, nullable=False),
    Column("ticket", LegalText, nullable=False),
    Column("minutes", Float, nullable=False),
    Column("now", LegalText, nullable=False),
    Column("by_id", LegalText, nullable=False),
    Column("by_locale", LegalText, nullable=False),
    Column("newer", Boolean, nullable=False),
    PrimaryKeyConstraint("conversation_id", "seq"),
    Index(None, "gap_id"),
)

#: What was done about each gap; rows are added, never changed.
gap_events = Table(
    "gap_events",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("gap_id", LegalText, ForeignKey("gaps.id", name="fk_gap_events_gap_id_gaps"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("who", LegalText, nullable=False),
    Column("what", LegalText, nullable=False),
    Column("detail", LegalText, nullable=False),
    Index(None, "gap_id"),
)

#: Reports that take too long for a web request, computed and kept whole, one row a kind; they may be thrown away.
reports = Table(
    "reports",
    metadata,
    Column("name", LegalText, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("content", LegalText, nullable=False),
)

#: Articles in the making; every version of their texts stays in `draft_events`.
article_drafts = Table(
    "article_drafts",
    metadata,
    Column("id", LegalText, primary_key=True),
    Column("reference", LegalText, ForeignKey("tickets.reference"), nullable=False),
    Column("state", LegalText, nullable=False),
    Column("locale", LegalText, nullable=False),
    Column("audience", LegalText, nullable=False),
    Column("author", LegalText, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("version", Integer, nullable=False),
    Column("path", LegalText, nullable=False),
    Column("title", LegalText, nullable=False),
    Column("body", LegalText, nullable=False),
    Index(None, "reference"),
    Index(None, "state", "updated_at"),
)

draft_events = Table(
    "draft_events",
    metadata,
    Column("draft_id", LegalText, ForeignKey("article_drafts.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("who", LegalText, nullable=False),
    Column("what", LegalText, nullable=False),
    Column("note", LegalText, nullable=False),
    Column("title", LegalText, nullable=False),
    Column("body", LegalText, nullable=False),
    PrimaryKeyConstraint("draft_id", "version"),
)

#: The team's own text blocks; those that ship are files.
macros = Table(
    "macros",
    metadata,
    Column("name", LegalText, nullable=False),
    Column("language", LegalText, nullable=False),
    Column("version", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("changed_by", LegalText, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("title", LegalText, nullable=False),
    Column("body", LegalText, nullable=False),
    PrimaryKeyConstraint("name", "language"),
)
