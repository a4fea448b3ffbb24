"""Values of this room: an account, its session, a key, and who is behind a request."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from bot.people.roles import Permission, Role, may


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody of the team."""

    id: str
    email: str
    """Lower case; the name that is signed in with."""
    name: str
    role: Role
    active: bool
    password: str
    """Argon2id hash; empty until the invitation was used."""
    second_factor: str
    """The sealed secret of the one-time codes; empty while there is none."""
    last_step: int
    """Time step of the last one-time code used; it and those before it are worth nothing any more."""
    created_at: dt.datetime
    version: int
    """Goes up with each change, so that two who change an account at once notice."""


class Stage(StrEnum):
    """How far a sign-in has come."""

    PASSWORD = "password"  # noqa: S105 - a stage, not a secret
    """The password was right, the one-time code is still to come."""
    ENROL = "enrol"
    """The password was right, and a second factor must be set up before anything else."""
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in browser."""

    id: str
    """Names it on the account page; of no use for signing in."""
    digest: str
    """SHA-256 of the token in the browser's cookie, hex."""
    account_id: str
    stage: Stage
    opened_at: dt.datetime
    seen_at: dt.datetime
    address: str
    browser: str
    """What the browser says of itself, at most 200 characters."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What a program signs in with."""

    id: str
    name: str
    digest: str
    """SHA-256 of its secret, hex."""
    scopes: frozenset[Permission]
    created_by: str
    created_at: dt.datetime
    expires_at: dt.datetime | None
    revoked_at: dt.datetime | None
    used_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is behind a request."""

    name: str
    """For the audit log: `account:ID` or `key:ID`."""
    shown: str
    """What colleagues call them."""
    role: Role | None
    """None for a program."""
    scopes: frozenset[Permission]
    """Of a program; empty for a person, whose role decides."""
    account: Account | None = None
    session: Session | None = None

    def may(self, permission: Permission) -> bool:
        """Whether they hold a permission. A sign-in that is not complete holds none."""
        if self.role is None:
            return permission in self.scopes
        return self.session is not None and self.session.stage is Stage.FULL and may(self.role, permission)
