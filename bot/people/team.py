"""Keeping accounts: inviting, changing roles, switching off, new passwords; each a line in the audit log."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.errors import BadRequest, Conflict, NotFound
from bot.people import passwords, tokens
from bot.people.accounts import Account
from bot.people.audit import Note
from bot.people.policy import SignInPolicy
from bot.people.ports import PeopleStore
from bot.people.roles import Role

_EMAIL = re.compile(r"[^@\s<>\"',;:\\()\[\]]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\.[a-z0-9-]{2,}")
_LONGEST_NAME = 100
_GONE = "This link has been used or is too old. Ask for a new one."


@dataclass(frozen=True, slots=True)
class Invited:
    """A new account, or one that gets a new password, with the token that sets it."""

    account: Account
    token: str
    """Goes into a link, once; only its digest is stored."""
    until: dt.datetime


class Team:
    """Accounts of the team."""

    def __init__(
        self,
        store: PeopleStore,
        policy: SignInPolicy,
        *,
        now: Callable[[], dt.datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._policy = policy
        self._now = now
        self._new_id = new_id

    def add(self, email: str, name: str, role: Role, *, by: str) -> Invited:
        """A new account, invited to choose its password. Raises `BadRequest` for an address or name of no use."""
        account = Account(
            id=self._new_id(),
            email=checked_email(email),
            name=_checked_name(name),
            role=_staff(role),
            active=True,
            password="",
            second_factor="",
            last_step=0,
            created_at=self._now(),
            version=1,
        )
        token, until = tokens.new_token(), self._now() + self._policy.invitation
        note = self._note(by, "account.added", account, email=account.email, role=role.value)
        if not self._store.add(account, tokens.digest(token), until, note):
            raise BadRequest(f"There is an account for {account.email} already.")
        return Invited(account, token, until)

    def invite_again(self, account_id: str, *, by: str) -> Invited:
        """Another link that sets a password; the old password holds until it is used."""
        account = self.account(account_id)
        token, until = tokens.new_token(), self._now() + self._policy.invitation
        note = self._note(by, "account.invited", account)
        self._store.invite(account.id, tokens.digest(token), until, note)
        return Invited(account, token, until)

    def invited(self, token: str) -> Account:
        """Whose link this is. Raises `NotFound` for one that was used or is too old."""
        account = self._store.invited(tokens.digest(token), self._now())
        if account is None or not account.active:
            raise NotFound(_GONE)
        return account

    def accept(self, token: str, password: str) -> Account:
        """Sets the password that an invitation is for, and ends the account's sessions."""
        account = self.invited(token)
        passwords.check(password, email=account.email, name=account.name)
        changed = replace(account, password=passwords.hashed(password))
        note = self._note(f"account:{account.id}", "account.password_set", account)
        if not self._store.accept(tokens.digest(token), changed, self._now(), note):
            raise NotFound(_GONE)
        return changed

    def set_password(self, account_id: str, password: str, *, by: str) -> None:
        """A new password; all sessions end."""
        account = self.account(account_id)
        passwords.check(password, email=account.email, name=account.name)
        changed = replace(account, password=passwords.hashed(password))
        self._change(changed, self._note(by, "account.password_set", account), end_sessions=True)

    def set_role(self, account_id: str, role: Role, *, by: str) -> Account:
        """Another role; it holds from the next request on."""
        account = self.account(account_id)
        self._keep_an_admin(account, replace(account, role=_staff(role)))
        note = self._note(by, "account.role_changed", account, before=account.role.value, after=role.value)
        return self._change(replace(account, role=role), note)

    def set_active(self, account_id: str, active: bool, *, by: str) -> Account:
        """Switches an account off, which ends its sessions, or on again."""
        account = self.account(account_id)
        self._keep_an_admin(account, replace(account, active=active))
        what = "account.switched_on" if active else "account.switched_off"
        changed = replace(account, active=active)
        return self._change(changed, self._note(by, what, account), end_sessions=not active)

    def drop_second_factor(self, account_id: str, *, by: str) -> Account:
        """For a lost phone: the next sign-in sets up a new one. All sessions end."""
        account = self.account(account_id)
        note = self._note(by, "account.second_factor_dropped", account)
        return self._change(replace(account, second_factor=""), note, end_sessions=True)

    def account(self, account_id: str) -> Account:
        """An account. Raises `NotFound`."""
        found = self._store.account(account_id)
        if found is None:
            raise NotFound("There is no such account.")
        return found

    def by_email(self, email: str) -> Account:
        """An account by its address. Raises `NotFound`."""
        found = self._store.by_email(email.strip().lower())
        if found is None:
            raise NotFound(f"There is no account for {email}.")
        return found

    def accounts(self) -> Sequence[Account]:
        """All of them, by e-mail address."""
        return self._store.accounts()

    def _change(self, account: Account, note: Note, *, end_sessions: bool = False) -> Account:
        if not self._store.change(account, note, end_sessions=end_sessions):
            raise Conflict("Somebody else changed this account meanwhile. Look at it again and repeat.")
        return replace(account, version=account.version + 1)

    def _keep_an_admin(self, before: Account, after: Account) -> None:
        """Raises `BadRequest` for a change that would leave nobody to keep accounts."""
        if before.role is not Role.ADMIN or not before.active or (after.role is Role.ADMIN and after.active):
            return
        others = (one for one in self._store.accounts() if one.id != before.id)
        if not any(one.role is Role.ADMIN and one.active for one in others):
            raise BadRequest("This is the last admin. Make somebody else an admin first.")

    def _note(self, by: str, what: str, account: Account, **detail: str) -> Note:
        return Note(self._now(), by, what, f"account:{account.id}", detail)


def checked_email(email: str) -> str:
    """An e-mail address in lower case. Raises `BadRequest`."""
    plain = email.strip().lower()
    if len(plain) > 254 or not _EMAIL.fullmatch(plain):
        raise BadRequest("This is not an e-mail address; it looks like name@example.org.")
    return plain


def _checked_name(name: str) -> str:
    plain = " ".join(name.split())
    if not plain or len(plain) > _LONGEST_NAME or not plain.isprintable():
        raise BadRequest(f"Please give a name of 1 to {_LONGEST_NAME} characters.")
    return plain


def _staff(role: Role) -> Role:
    if role is Role.CUSTOMER:
        raise BadRequest("Customers need no account; they reach their requests by a link.")
    return role
