"""What this room needs of a database; every change comes with the note that the audit log keeps of it."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Protocol

from bot.people.accounts import Account, ApiKey, Session
from bot.people.audit import Entry, Note


class PeopleStore(Protocol):
    """Accounts, sessions, keys and the audit log. A change and its note are one transaction."""

    def account(self, account_id: str) -> Account | None:
        """An account by its id."""

    def by_email(self, email: str) -> Account | None:
        """An account by its address in lower case."""

    def accounts(self) -> Sequence[Account]:
        """All of them, by e-mail address."""

    def add(self, account: Account, invitation: str, until: dt.datetime, note: Note) -> bool:
        """Stores a new account with the digest of its invitation; False where the e-mail address is taken."""

    def change(self, account: Account, note: Note, *, end_sessions: bool = False) -> bool:
        """Stores an account that was read at `account.version`; False where somebody else changed it meanwhile."""

    def invite(self, account_id: str, invitation: str, until: dt.datetime, note: Note) -> None:
        """Stores another invitation; those before it hold no longer."""

    def invited(self, invitation: str, at: dt.datetime) -> Account | None:
        """Whose invitation this is, while it holds."""

    def accept(self, invitation: str, account: Account, at: dt.datetime, note: Note) -> bool:
        """Uses up an invitation and stores the account with its new password; ends its sessions."""

    def open_session(self, session: Session, note: Note) -> None:
        """Stores a new session; those that ended long ago go."""

    def session(self, digest: str) -> tuple[Session, Account] | None:
        """A session and its account by the digest of its token."""

    def sessions(self, account_id: str) -> Sequence[Session]:
        """All sessions of an account."""

    def advance_session(self, old_digest: str, session: Session, note: Note) -> bool:
        """Replaces a session by one of the next stage with a token of its own; False where it has ended."""

    def seen(self, session_id: str, at: dt.datetime) -> None:
        """Notes that a session was used."""

    def end_session(self, account_id: str, session_id: str, note: Note) -> bool:
        """Ends a session of this account; False where there is none."""

    def use_step(self, account_id: str, step: int) -> bool:
        """Marks a one-time code's time step as used; False where it, or a later one, was used before."""

    def set_recovery(self, account_id: str, digests: Sequence[str]) -> None:
        """Replaces the recovery codes."""

    def use_recovery(self, account_id: str, digest: str, note: Note) -> bool:
        """Uses up a recovery code; False where there is no such code."""

    def recovery_left(self, account_id: str) -> int:
        """How many recovery codes are left."""

    def failed(self, name: str, at: dt.datetime) -> None:
        """Remembers a wrong password or code for a name, whether or not it is an account's."""

    def failures(self, name: str, since: dt.datetime) -> int:
        """How many wrong ones there were for a name."""

    def add_key(self, key: ApiKey, note: Note) -> None:
        """Stores a new key."""

    def key(self, key_id: str) -> ApiKey | None:
        """A key by its id."""

    def keys(self) -> Sequence[ApiKey]:
        """All keys, newest first."""

    def revoke_key(self, key_id: str, at: dt.datetime, note: Note) -> bool:
        """Ends a key; False where there is none that holds."""

    def key_used(self, key_id: str, at: dt.datetime) -> None:
        """Notes that a key was used."""

    def note(self, note: Note) -> None:
        """Records something that changes nothing here."""

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """The audit log in order, streamed."""

    def newest(self, most: int, before: int | None) -> Sequence[Entry]:
        """Entries from the newest, or from the one before number `before`, backwards."""
