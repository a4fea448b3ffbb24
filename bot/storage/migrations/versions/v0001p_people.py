"""Accounts, sessions, machine keys and the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0001p"
down_revision = "0001i"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Sorted by code point, as SQLite and Python do, whatever the server's language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def text(name: str) -> sa.Column[str]:
    """A text column."""
    return sa.Column(name, TEXT, nullable=False)


def moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    """A column of points in time, UTC."""
    return sa.Column(name, MOMENT, nullable=nullable)


def of_account(table: str) -> sa.ForeignKeyConstraint:
    """A row of `table` belongs to an account."""
    return sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=f"fk_{table}_accounts")


def upgrade() -> None:
    """Makes the tables of people."""
    accounts()
    sessions()
    keys()
    audit()


def accounts() -> None:
    """Accounts, what sets their passwords, and their recovery codes."""
    op.create_table(
        "accounts",
        text("id"),
        text("email"),
        text("name"),
        text("role"),
        sa.Column("active", sa.Boolean(), nullable=False),
        text("password"),
        text("second_factor"),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        moment("created_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("email", name="uq_accounts_email"),
    )
    op.create_table(
        "invitations",
        text("digest"),
        text("account_id"),
        moment("until"),
        sa.PrimaryKeyConstraint("digest", name="pk_invitations"),
        of_account("invitations"),
    )
    op.create_index("ix_invitations_account_id", "invitations", ["account_id"])
    op.create_table(
        "recovery_codes",
        text("account_id"),
        text("digest"),
        sa.PrimaryKeyConstraint("account_id", "digest", name="pk_recovery_codes"),
        of_account("recovery_codes"),
    )


def sessions() -> None:
    """Signed-in browsers, and attempts that failed."""
    op.create_table(
        "sessions",
        text("id"),
        text("digest"),
        text("account_id"),
        text("stage"),
        moment("opened_at"),
        moment("seen_at"),
        text("address"),
        text("browser"),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("digest", name="uq_sessions_digest"),
        of_account("sessions"),
    )
    op.create_index("ix_sessions_account_id", "sessions", ["account_id"])
    op.create_index("ix_sessions_opened_at", "sessions", ["opened_at"])
    op.create_table(
        "failed_attempts",
        sa.Column("id", SERIAL, nullable=False),
        text("name"),
        moment("at"),
        sa.PrimaryKeyConstraint("id", name="pk_failed_attempts"),
    )
    op.create_index("ix_failed_attempts_name_at", "failed_attempts", ["name", "at"])
    op.create_index("ix_failed_attempts_at", "failed_attempts", ["at"])


def keys() -> None:
    """What programs sign in with."""
    op.create_table(
        "api_keys",
        text("id"),
        text("name"),
        text("digest"),
        text("scopes"),
        text("created_by"),
        moment("created_at"),
        moment("expires_at", nullable=True),
        moment("revoked_at", nullable=True),
        moment("used_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
    )


def audit() -> None:
    """What staff did."""
    op.create_table(
        "audit_log",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        moment("at"),
        text("who"),
        text("what"),
        text("subject"),
        text("detail"),
        text("previous"),
        text("hash"),
        sa.PrimaryKeyConstraint("number", name="pk_audit_log"),
    )
    op.create_index("ix_audit_log_subject_number", "audit_log", ["subject", "number"])
