"""Subscriptions of other systems in the database."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from bot.outgoing.happenings import Kind
from bot.outgoing.subscriptions import Subscription
from bot.people.audit import Note
from bot.storage import audit
from bot.storage.engine import Database
from bot.storage.tables import webhooks

_ALL = sa.select(webhooks).order_by(webhooks.c.created_at, webhooks.c.id)
_ONE = sa.select(webhooks).where(webhooks.c.id == sa.bindparam("of_id"))


def listening(connection: sa.Connection) -> list[Subscription]:
    """Those that are on, read in the transaction that stores what they are sent."""
    return [
        _subscription(row) for row in connection.execute(_ALL.where(webhooks.c.off_at.is_(None))).mappings()
    ]


class WebhookLog:
    """Implements `bot.outgoing.webhooks.SubscriptionStore`; methods raise `StorageUnavailable`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, subscription: Subscription, note: Note) -> None:
        """Stores a new one with its note."""
        row = {
            "id": subscription.id,
            "url": subscription.url,
            "kinds": " ".join(sorted(subscription.kinds)),
            "internal": subscription.internal,
            "personal": subscription.personal,
            "secret": subscription.secret,
            "created_by": subscription.created_by,
            "created_at": subscription.created_at,
            "off_at": None,
        }
        with self._database.writing(durable=True) as connection:
            connection.execute(sa.insert(webhooks), row)
            audit.append(self._database, connection, note)

    def get(self, subscription_id: str) -> Subscription | None:
        """One by its id."""
        with self._database.reading() as connection:
            row = connection.execute(_ONE, {"of_id": subscription_id}).mappings().first()
        return None if row is None else _subscription(row)

    def all(self) -> Sequence[Subscription]:
        """All of them, oldest first."""
        with self._database.reading() as connection:
            return [_subscription(row) for row in connection.execute(_ALL).mappings()]

    def switch_off(self, subscription_id: str, at: dt.datetime, note: Note) -> bool:
        """Ends one; False where there is none that is on."""
        change = (
            sa.update(webhooks)
            .where(webhooks.c.id == subscription_id, webhooks.c.off_at.is_(None))
            .values(off_at=at)
        )
        with self._database.writing(durable=True) as connection:
            if connection.execute(change).rowcount != 1:
                return False
            audit.append(self._database, connection, note)
        return True


def _subscription(row: sa.RowMapping) -> Subscription:
    return Subscription(
        id=row["id"],
        url=row["url"],
        kinds=frozenset(Kind(name) for name in row["kinds"].split()),
        internal=row["internal"],
        personal=row["personal"],
        secret=row["secret"],
        created_by=row["created_by"],
        created_at=row["created_at"],
        off_at=row["off_at"],
    )
