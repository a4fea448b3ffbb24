"""Subscriptions of other systems: added, listed, switched off, tried out; and how an event reaches them."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Protocol

from bot.errors import BadRequest, NotFound
from bot.outgoing import signing
from bot.outgoing.effects import Effect, NothingToDo, Undeliverable
from bot.outgoing.happenings import Kind
from bot.outgoing.posting import destination, post
from bot.outgoing.subscriptions import Subscription, message
from bot.people.audit import Note

AGENT: Final = "tierzero-webhooks/1"


class SubscriptionStore(Protocol):
    """Where subscriptions are kept; a change and its note are one transaction."""

    def add(self, subscription: Subscription, note: Note) -> None:
        """Stores a new one."""

    def get(self, subscription_id: str) -> Subscription | None:
        """One by its id."""

    def all(self) -> Sequence[Subscription]:
        """All of them, oldest first."""

    def switch_off(self, subscription_id: str, at: dt.datetime, note: Note) -> bool:
        """Ends one; False where there is none that is on."""


class Sealing(Protocol):
    """Keeps secrets."""

    def seal(self, text: str) -> str:
        """Encrypts."""

    def unseal(self, sealed: str) -> str:
        """What was sealed."""


class Webhooks:
    """Keeps subscriptions, and carries events to them."""

    def __init__(
        self,
        store: SubscriptionStore,
        keyring: Callable[[], Sealing],
        *,
        now: Callable[[], dt.datetime],
        new_id: Callable[[], str],
    ) -> None:
        """`keyring` is asked for when it is needed first."""
        self._store = store
        self._keyring = keyring
        self._now = now
        self._new_id = new_id

    def add(
        self, url: str, kinds: Iterable[Kind], *, internal: bool, personal: bool, by: str
    ) -> tuple[Subscription, str]:
        """A new subscription and its secret, which is shown this once. Raises `BadRequest`."""
        to = destination(url, internal=internal)
        now, secret = self._now(), signing.new_secret()
        made = Subscription(
            id="wh" + "".join(sign for sign in self._new_id() if sign.isalnum())[:16],
            url=url,
            kinds=frozenset(kinds) - {Kind.TEST},
            internal=internal,
            personal=personal,
            secret=self._keyring().seal(secret),
            created_by=by,
            created_at=now,
        )
        # Without the path, which often holds a secret of the receiver's.
        detail = {"host": to.host, "kinds": " ".join(sorted(made.kinds)) or "all"}
        self._store.add(made, Note(now, by, "webhook.added", f"webhook:{made.id}", detail))
        return made, secret

    def all(self) -> Sequence[Subscription]:
        """All of them, oldest first."""
        return self._store.all()

    def off(self, subscription_id: str, *, by: str) -> None:
        """Ends one; what it has not had yet is dropped. Raises `NotFound`."""
        now = self._now()
        note = Note(now, by, "webhook.off", f"webhook:{subscription_id}")
        if not self._store.switch_off(subscription_id, now, note):
            raise NotFound("There is no such webhook, or it is off already.")

    def test(self, subscription_id: str) -> None:
        """Sends a test event at once. Raises `NotFound`, and `BadRequest` with what went wrong."""
        found = self._store.get(subscription_id)
        if found is None or found.off_at is not None:
            raise NotFound("There is no such webhook, or it is off.")
        now = self._now()
        event_id = f"test_{self._new_id()}"
        try:
            self.carry(message(found, Kind.TEST, event_id, 0, now, {"text": "This is a test."}))
        except Undeliverable as exc:
            raise BadRequest(f"The test did not arrive: {exc}") from exc

    def carry(self, effect: Effect) -> None:
        """Signs and sends one event. Raises `Undeliverable`, and `NothingToDo` for a subscription that is off."""
        found = self._store.get(effect.target)
        if found is None or found.off_at is not None:
            raise NothingToDo("The subscription was switched off.")
        body = effect.payload.encode()
        event_id = str(json.loads(effect.payload)["id"])
        signed = signing.headers(
            self._keyring().unseal(found.secret), event_id, int(self._now().timestamp()), body
        )
        fixed = {"Content-Type": "application/json", "User-Agent": AGENT}
        post(found.url, body, {**fixed, **signed}, internal=found.internal)
