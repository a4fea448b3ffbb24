"""What readers of the help centre say and ask for."""

from sqlalchemy import Boolean, Column, Index, Table

from bot.storage.columns import LegalText, Moment
from bot.storage.tables.metadata import metadata

#: What readers say of articles, one row a visitor and revision.
article_votes = Table(
    "article_votes",
    metadata,
    Column("id", LegalText, primary_key=True),
    Column("article_id", LegalText, nullable=False),
    Column("locale", LegalText, nullable=False),
    Column("revision", LegalText, nullable=False),
    Column("helpful", Boolean, nullable=False),
    Column("why", LegalText, nullable=False),
    Column("address", LegalText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("comment", LegalText, nullable=False),
    Index(None, "article_id", "locale", "at"),
    Index(None, "address", "at"),
)

#: Links by mail to one's own tickets, and who looks by them; what has ended is deleted after a day.
request_links = Table(
    "request_links",
    metadata,
    Column("id", LegalText, primary_key=True),
    Column("contact", LegalText, nullable=False),
    Column("locale", LegalText, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("session", LegalText, nullable=False),
    Column("ended_at", Moment),
    Index(None, "contact"),
    Index(None, "session"),
    Index(None, "expires_at"),
)
