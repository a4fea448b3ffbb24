"""Keys that programs sign in with: made once, shown once, checked on each request."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

from bot.errors import BadRequest, NotFound
from bot.people import tokens
from bot.people.accounts import ApiKey, Principal
from bot.people.audit import Note
from bot.people.ports import PeopleStore
from bot.people.roles import Permission

PREFIX = "tz"
#: What no program may do: these are for people whose every step is theirs.
FOR_PEOPLE = frozenset({Permission.OWN_ACCOUNT, Permission.ACCOUNTS_MANAGE, Permission.KEYS_MANAGE})
_USED_EVERY = dt.timedelta(minutes=5)


class MachineKeys:
    """Keys of programs."""

    for_people = FOR_PEOPLE

    def __init__(
        self, store: PeopleStore, *, now: Callable[[], dt.datetime], new_id: Callable[[], str]
    ) -> None:
        self._store = store
        self._now = now
        self._new_id = new_id

    def add(
        self, name: str, scopes: Iterable[Permission], *, by: str, holds: dt.timedelta | None = None
    ) -> tuple[ApiKey, str]:
        """A new key and what the program sends as `Authorization: Bearer …`; it is shown this once."""
        wanted = frozenset(scopes)
        plain = " ".join(name.split())
        if not plain or len(plain) > 100 or not plain.isprintable():
            raise BadRequest("Please give the key a name of 1 to 100 characters that says what uses it.")
        if not wanted:
            raise BadRequest("Please say what the key is for; without a scope it may do nothing.")
        if refused := sorted(wanted & self.for_people):
            raise BadRequest(f"A key cannot have {', '.join(refused)}; that is for people.")
        now, secret = self._now(), tokens.new_token()
        key_id = "".join(sign for sign in self._new_id() if sign.isalnum())
        key = ApiKey(
            key_id, plain, tokens.digest(secret), wanted, by, now, now + holds if holds else None, None, None
        )
        scope_names = " ".join(sorted(wanted))
        self._store.add_key(
            key, Note(now, by, "key.added", f"key:{key_id}", {"name": plain, "scopes": scope_names})
        )
        return key, f"{PREFIX}_{key_id}_{secret}"

    def principal(self, bearer: str) -> Principal | None:
        """The program a key stands for; None for one that is unknown, too old or revoked."""
        prefix, _, rest = bearer.partition("_")
        key_id, _, secret = rest.partition("_")
        key = self._store.key(key_id) if prefix == PREFIX and secret else None
        if key is None or not tokens.same(key.digest, tokens.digest(secret)):
            return None
        now = self._now()
        if key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now):
            return None
        if key.used_at is None or now - key.used_at > _USED_EVERY:
            self._store.key_used(key.id, now)
        return Principal(f"key:{key.id}", key.name, None, key.scopes)

    def all(self) -> Sequence[ApiKey]:
        """All keys, newest first."""
        return self._store.keys()

    def revoke(self, key_id: str, *, by: str) -> None:
        """Ends a key at once. Raises `NotFound`."""
        now = self._now()
        if not self._store.revoke_key(key_id, now, Note(now, by, "key.revoked", f"key:{key_id}")):
            raise NotFound("There is no such key, or it was revoked before.")
