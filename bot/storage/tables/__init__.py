"""The tables as this version reads and writes them, a file a subject; their migrations stand on their own."""

from bot.storage.tables.chats import (
    conversations,
    feedback,
    live_agents,
    live_chats,
    messages,
    one_send,
)
from bot.storage.tables.counted import (
    facts,
    ledger_days,
    ledger_records,
)
from bot.storage.tables.desk import (
    desk_agents,
    macros,
    suggestion_outcomes,
    ticket_articles,
    ticket_events,
    ticket_links,
    tickets,
    timers,
    unannounced,
)
from bot.storage.tables.knowledge import (
    articles,
    chunks,
    files,
    generation,
    image_files,
    images,
    revisions,
)
from bot.storage.tables.learned import (
    learned_events,
    learned_head,
    learned_questions,
    learned_vectors,
)
from bot.storage.tables.leaving import (
    outbox,
    reviews,
    surveys,
    webhooks,
)
from bot.storage.tables.metadata import Serial, metadata
from bot.storage.tables.people import (
    accounts,
    api_keys,
    audit_log,
    failed_attempts,
    invitations,
    recovery_codes,
    sessions,
)
from bot.storage.tables.portal import article_votes
from bot.storage.tables.writing import (
    article_drafts,
    draft_events,
    gap_events,
    gap_questions,
    gaps,
    reports,
)

__all__ = [
    "Serial",
    "accounts",
    "api_keys",
    "article_drafts",
    "article_votes",
    "articles",
    "audit_log",
    "chunks",
    "conversations",
    "desk_agents",
    "draft_events",
    "facts",
    "failed_attempts",
    "feedback",
    "files",
    "gap_events",
    "gap_questions",
    "gaps",
    "generation",
    "image_files",
    "images",
    "invitations",
    "learned_events",
    "learned_head",
    "learned_questions",
    "learned_vectors",
    "ledger_days",
    "ledger_records",
    "live_agents",
    "live_chats",
    "macros",
    "messages",
    "metadata",
    "one_send",
    "outbox",
    "recovery_codes",
    "reports",
    "reviews",
    "revisions",
    "sessions",
    "suggestion_outcomes",
    "surveys",
    "ticket_articles",
    "ticket_events",
    "ticket_links",
    "tickets",
    "timers",
    "unannounced",
    "webhooks",
]
