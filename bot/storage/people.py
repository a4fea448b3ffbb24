"""Accounts, sessions and machine keys in the database; a change and its line in the audit log are one transaction."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa

from bot.people.accounts import Account, ApiKey, Session
from bot.people.audit import Entry, Note
from bot.storage import audit
from bot.storage import people_rows as rows
from bot.storage.engine import Database, is_repeated
from bot.storage.tables import (
    accounts,
    api_keys,
    failed_attempts,
    invitations,
    recovery_codes,
    sessions,
)

#: Sessions and attempts older than this are of no use to anybody.
_KEPT: Final = dt.timedelta(days=30)

_BY_ID = sa.select(*accounts.c).where(accounts.c.id == sa.bindparam("id"))
_BY_EMAIL = sa.select(*accounts.c).where(accounts.c.email == sa.bindparam("email"))
_ALL = sa.select(*accounts.c).order_by(accounts.c.email)
_SESSION = sa.select(*sessions.c).where(sessions.c.digest == sa.bindparam("digest"))
_SESSIONS = sa.select(*sessions.c).where(sessions.c.account_id == sa.bindparam("account_id"))
_END_ALL = sa.delete(sessions).where(sessions.c.account_id == sa.bindparam("of_account"))
_UNINVITE = sa.delete(invitations).where(invitations.c.account_id == sa.bindparam("of_account"))
_INVITED = (
    sa.select(*accounts.c)
    .join_from(invitations, accounts, accounts.c.id == invitations.c.account_id)
    .where(invitations.c.digest == sa.bindparam("digest"), invitations.c.until > sa.bindparam("at"))
)
_CHANGE = (
    sa.update(accounts)
    .where(accounts.c.id == sa.bindparam("of_id"), accounts.c.version == sa.bindparam("seen"))
    .values(
        name=sa.bindparam("name"),
        role=sa.bindparam("role"),
        active=sa.bindparam("active"),
        password=sa.bindparam("password"),
        second_factor=sa.bindparam("second_factor"),
        # Never back: a code that was used must stay used, whatever was read before.
        last_step=sa.case(
            (accounts.c.last_step > sa.bindparam("last_step"), accounts.c.last_step),
            else_=sa.bindparam("last_step"),
        ),
        version=sa.bindparam("version"),
    )
)


class PeopleLog:
    """Implements `bot.people.ports.PeopleStore`; every method raises `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def account(self, account_id: str) -> Account | None:
        """An account by its id."""
        return self._account(_BY_ID, {"id": account_id})

    def by_email(self, email: str) -> Account | None:
        """An account by its address in lower case."""
        return self._account(_BY_EMAIL, {"email": email})

    def accounts(self) -> Sequence[Account]:
        """All of them, by e-mail address."""
        with self._database.reading() as connection:
            return [rows.account(row) for row in connection.execute(_ALL).mappings()]

    def add(self, account: Account, invitation: str, until: dt.datetime, note: Note) -> bool:
        """Stores a new account with the digest of its invitation; False where the e-mail address is taken."""
        try:
            with self._database.writing(durable=True) as connection:
                connection.execute(sa.insert(accounts), rows.account_row(account))
                row = {"digest": invitation, "account_id": account.id, "until": until}
                connection.execute(sa.insert(invitations), row)
                audit.append(self._database, connection, note)
        except sa.exc.IntegrityError as error:
            if is_repeated(error):
                return False
            raise
        return True

    def change(self, account: Account, note: Note, *, end_sessions: bool = False) -> bool:
        """Stores an account that was read at `account.version`; False where somebody else changed it meanwhile."""
        with self._database.writing(durable=True) as connection:
            if not self._changed(connection, account):
                return False
            if end_sessions:
                connection.execute(_END_ALL, {"of_account": account.id})
            audit.append(self._database, connection, note)
        return True

    def invite(self, account_id: str, invitation: str, until: dt.datetime, note: Note) -> None:
        """Stores another invitation; those before it hold no longer."""
        with self._database.writing(durable=True) as connection:
            connection.execute(_UNINVITE, {"of_account": account_id})
            row = {"digest": invitation, "account_id": account_id, "until": until}
            connection.execute(sa.insert(invitations), row)
            audit.append(self._database, connection, note)

    def invited(self, invitation: str, at: dt.datetime) -> Account | None:
        """Whose invitation this is, while it holds."""
        return self._account(_INVITED, {"digest": invitation, "at": at})

    def accept(self, invitation: str, account: Account, at: dt.datetime, note: Note) -> bool:
        """Uses up an invitation and stores the account with its new password; ends its sessions."""
        use = sa.delete(invitations).where(invitations.c.digest == invitation, invitations.c.until > at)
        with self._database.writing(durable=True) as connection:
            if connection.execute(use).rowcount != 1 or not self._changed(connection, account):
                connection.rollback()
                return False
            connection.execute(_UNINVITE, {"of_account": account.id})
            connection.execute(_END_ALL, {"of_account": account.id})
            audit.append(self._database, connection, note)
        return True

    def open_session(self, session: Session, note: Note) -> None:
        """Stores a new session; those that ended long ago go."""
        with self._database.writing() as connection:
            old = session.opened_at - _KEPT
            connection.execute(sa.delete(sessions).where(sessions.c.opened_at < old))
            connection.execute(sa.insert(sessions), rows.session_row(session))
            audit.append(self._database, connection, note)

    def session(self, digest: str) -> tuple[Session, Account] | None:
        """A session and its account by the digest of its token."""
        with self._database.reading() as connection:
            row = connection.execute(_SESSION, {"digest": digest}).mappings().first()
            if row is None:
                return None
            owner = connection.execute(_BY_ID, {"id": row["account_id"]}).mappings().one()
        return rows.session(row), rows.account(owner)

    def sessions(self, account_id: str) -> Sequence[Session]:
        """All sessions of an account."""
        with self._database.reading() as connection:
            found = connection.execute(_SESSIONS, {"account_id": account_id}).mappings()
            return [rows.session(row) for row in found]

    def advance_session(self, old_digest: str, session: Session, note: Note) -> bool:
        """Replaces a session by one of the next stage with a token of its own; False where it has ended."""
        advance = (
            sa.update(sessions)
            .where(sessions.c.digest == old_digest)
            .values(digest=session.digest, stage=session.stage.value, seen_at=session.seen_at)
        )
        with self._database.writing() as connection:
            if connection.execute(advance).rowcount != 1:
                return False
            audit.append(self._database, connection, note)
        return True

    def seen(self, session_id: str, at: dt.datetime) -> None:
        """Notes that a session was used."""
        with self._database.writing() as connection:
            connection.execute(sa.update(sessions).where(sessions.c.id == session_id).values(seen_at=at))

    def end_session(self, account_id: str, session_id: str, note: Note) -> bool:
        """Ends a session of this account; False where there is none."""
        end = sa.delete(sessions).where(sessions.c.id == session_id, sessions.c.account_id == account_id)
        with self._database.writing(durable=True) as connection:
            if connection.execute(end).rowcount != 1:
                return False
            audit.append(self._database, connection, note)
        return True

    def use_step(self, account_id: str, step: int) -> bool:
        """Marks a one-time code's time step as used; False where it, or a later one, was used before."""
        use = (
            sa.update(accounts)
            .where(accounts.c.id == account_id, accounts.c.last_step < step)
            .values(last_step=step)
        )
        with self._database.writing(durable=True) as connection:
            return connection.execute(use).rowcount == 1

    def set_recovery(self, account_id: str, digests: Sequence[str]) -> None:
        """Replaces the recovery codes."""
        with self._database.writing(durable=True) as connection:
            connection.execute(sa.delete(recovery_codes).where(recovery_codes.c.account_id == account_id))
            codes = [{"account_id": account_id, "digest": digest} for digest in digests]
            if codes:
                connection.execute(sa.insert(recovery_codes), codes)

    def use_recovery(self, account_id: str, digest: str, note: Note) -> bool:
        """Uses up a recovery code; False where there is no such code."""
        use = sa.delete(recovery_codes).where(
            recovery_codes.c.account_id == account_id, recovery_codes.c.digest == digest
        )
        with self._database.writing(durable=True) as connection:
            if connection.execute(use).rowcount != 1:
                return False
            audit.append(self._database, connection, note)
        return True

    def recovery_left(self, account_id: str) -> int:
        """How many recovery codes are left."""
        left = sa.select(sa.func.count()).where(recovery_codes.c.account_id == account_id)
        with self._database.reading() as connection:
            return connection.execute(left).scalar_one()

    def failed(self, name: str, at: dt.datetime) -> None:
        """Remembers a wrong password or code for a name, whether or not it is an account's."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(failed_attempts).where(failed_attempts.c.at < at - _KEPT))
            connection.execute(sa.insert(failed_attempts), {"name": name, "at": at})

    def failures(self, name: str, since: dt.datetime) -> int:
        """How many wrong ones there were for a name."""
        count = sa.select(sa.func.count()).where(failed_attempts.c.name == name, failed_attempts.c.at > since)
        with self._database.reading() as connection:
            return connection.execute(count).scalar_one()

    def add_key(self, key: ApiKey, note: Note) -> None:
        """Stores a new key."""
        with self._database.writing(durable=True) as connection:
            connection.execute(sa.insert(api_keys), rows.key_row(key))
            audit.append(self._database, connection, note)

    def key(self, key_id: str) -> ApiKey | None:
        """A key by its id."""
        with self._database.reading() as connection:
            query = sa.select(*api_keys.c).where(api_keys.c.id == key_id)
            row = connection.execute(query).mappings().first()
        return None if row is None else rows.key(row)

    def keys(self) -> Sequence[ApiKey]:
        """All keys, newest first."""
        newest = sa.select(*api_keys.c).order_by(api_keys.c.created_at.desc(), api_keys.c.id)
        with self._database.reading() as connection:
            return [rows.key(row) for row in connection.execute(newest).mappings()]

    def revoke_key(self, key_id: str, at: dt.datetime, note: Note) -> bool:
        """Ends a key; False where there is none that holds."""
        revoke = (
            sa.update(api_keys)
            .where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
            .values(revoked_at=at)
        )
        with self._database.writing(durable=True) as connection:
            if connection.execute(revoke).rowcount != 1:
                return False
            audit.append(self._database, connection, note)
        return True

    def key_used(self, key_id: str, at: dt.datetime) -> None:
        """Notes that a key was used."""
        with self._database.writing() as connection:
            connection.execute(sa.update(api_keys).where(api_keys.c.id == key_id).values(used_at=at))

    def note(self, note: Note) -> None:
        """Records something that changes nothing here."""
        with self._database.writing(durable=True) as connection:
            audit.append(self._database, connection, note)

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """The audit log in order, streamed."""
        return audit.entries(self._database, after)

    def newest(self, most: int, before: int | None) -> Sequence[Entry]:
        """Entries from the newest, or from the one before number `before`, backwards."""
        return audit.newest(self._database, most, before)

    def _account(self, query: sa.Select[Any], values: dict[str, Any]) -> Account | None:
        with self._database.reading() as connection:
            row = connection.execute(query, values).mappings().first()
        return None if row is None else rows.account(row)

    def _changed(self, connection: sa.Connection, account: Account) -> bool:
        values = rows.account_row(account)
        values |= {"of_id": account.id, "seen": account.version, "version": account.version + 1}
        named = {name: values[name] for name in _CHANGE.compile().params}
        return connection.execute(_CHANGE, named).rowcount == 1
