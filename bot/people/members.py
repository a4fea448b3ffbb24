"""The name the audit log has for somebody in, what colleagues call them and whether they can be given work out."""

from collections.abc import Sequence
from typing import Final, Protocol

from bot.people.accounts import Account, ApiKey
from bot.people.roles import Permission, may

ACCOUNT: Final = "account:"
KEY: Final = "key:"
#: What those are called that are no people.
_OTHERS: Final = {
    "customer": "Customer",
    "bot": "Bot",
    "routing": "Routing",
    "clock": "Service levels",
    "live": "Live chats",
    "": "",
}


class Accounts(Protocol):
    """The team as stored."""

    def account(self, account_id: str) -> Account | None:
        """An account by its id."""

    def accounts(self) -> Sequence[Account]:
        """All of them."""

    def key(self, key_id: str) -> ApiKey | None:
        """A program's key by its id."""


class Members:
    """Who is of the team."""

    def __init__(self, store: Accounts) -> None:
        self._store = store

    def shown(self, name: str) -> str:
        """What colleagues call somebody; the name itself where nobody has it any more."""
        if name.startswith(ACCOUNT):
            account = self._store.account(name.removeprefix(ACCOUNT))
            return account.name if account else name
        if name.startswith(KEY):
            key = self._store.key(name.removeprefix(KEY))
            return key.name if key else name
        return _OTHERS.get(name, name)

    def can_work(self, name: str) -> bool:
        """Whether somebody may be given tickets."""
        account = self._store.account(name.removeprefix(ACCOUNT)) if name.startswith(ACCOUNT) else None
        return account is not None and _works(account)

    def workers(self) -> Sequence[Account]:
        """Everybody who may be given tickets, by name."""
        found = (account for account in self._store.accounts() if _works(account))
        return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def _works(account: Account) -> bool:
    return account.active and may(account.role, Permission.TICKETS_WORK)
