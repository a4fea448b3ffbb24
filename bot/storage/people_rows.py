"""Accounts, sessions and machine keys as rows of their tables, and back."""

from typing import Any

import sqlalchemy as sa

from bot.people.accounts import Account, ApiKey, Session, Stage
from bot.people.roles import Permission, Role


def account_row(account: Account) -> dict[str, Any]:
    """An account as a row."""
    return {
        "id": account.id,
        "email": account.email,
        "name": account.name,
        "role": account.role.value,
        "active": account.active,
        "password": account.password,
        "second_factor": account.second_factor,
        "last_step": account.last_step,
        "created_at": account.created_at,
        "version": account.version,
    }


def account(row: sa.RowMapping) -> Account:
    """An account from its row."""
    return Account(
        id=row["id"],
        email=row["email"],
        name=row["name"],
        role=Role(row["role"]),
        active=row["active"],
        password=row["password"],
        second_factor=row["second_factor"],
        last_step=row["last_step"],
        created_at=row["created_at"],
        version=row["version"],
    )


def session_row(session: Session) -> dict[str, Any]:
    """A session as a row."""
    return {
        "id": session.id,
        "digest": session.digest,
        "account_id": session.account_id,
        "stage": session.stage.value,
        "opened_at": session.opened_at,
        "seen_at": session.seen_at,
        "address": session.address,
        "browser": session.browser,
    }


def session(row: sa.RowMapping) -> Session:
    """A session from its row."""
    return Session(
        id=row["id"],
        digest=row["digest"],
        account_id=row["account_id"],
        stage=Stage(row["stage"]),
        opened_at=row["opened_at"],
        seen_at=row["seen_at"],
        address=row["address"],
        browser=row["browser"],
    )


def key_row(key: ApiKey) -> dict[str, Any]:
    """A key as a row."""
    return {
        "id": key.id,
        "name": key.name,
        "digest": key.digest,
        "scopes": " ".join(sorted(key.scopes)),
        "created_by": key.created_by,
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "used_at": key.used_at,
    }


def key(row: sa.RowMapping) -> ApiKey:
    """A key from its row."""
    return ApiKey(
        id=row["id"],
        name=row["name"],
        digest=row["digest"],
        # A scope of a newer version is one that this one cannot grant.
        scopes=frozenset(Permission(name) for name in row["scopes"].split() if name in set(Permission)),
        created_by=row["created_by"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
        used_at=row["used_at"],
    )
