"""Accounts of the team, sessions, keys and the audit log."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from bot.storage.columns import LegalText, Moment
from bot.storage.tables.metadata import Serial, metadata

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
