"""Entries of tickets' histories in, their effects in the outbox out, in one transaction that marks the entries.

The history is written in the transaction that changes a ticket, by whoever changes it; so no change can be without its
effects, and nobody who writes to it needs to know what leaves the desk.
"""

import datetime as dt
from collections.abc import Callable
from typing import Final

import sqlalchemy as sa

from bot.outgoing.announcing import Announcing
from bot.outgoing.happenings import Happening
from bot.storage import outbox, surveys
from bot.storage.engine import Database
from bot.storage.tables import ticket_events, tickets
from bot.storage.webhooks import listening

#: Events told of at once: enough for a busy second, few enough for a short transaction.
_MOST: Final = 200
#: Any number will do as long as nothing else on the server locks the same one.
_LOCK: Final = 7_411_002_028
_NEW: Final = ticket_events.c.announced == 0
_ANY: Final = sa.select(ticket_events.c.id).where(_NEW).limit(1)
_EVENTS: Final = (
    sa.select(
        ticket_events.c.id,
        ticket_events.c.at,
        ticket_events.c.who,
        ticket_events.c.what,
        ticket_events.c.before,
        ticket_events.c.after,
        ticket_events.c.reference,
        tickets.c.conversation_id,
        tickets.c.status,
        tickets.c.priority,
        tickets.c.queue,
        tickets.c.reason,
        tickets.c.language,
        tickets.c.subject,
        tickets.c.contact,
    )
    .join_from(ticket_events, tickets, tickets.c.reference == ticket_events.c.reference)
    .where(_NEW)
    .order_by(ticket_events.c.id)
    .limit(_MOST)
)


class AnnouncingLog:
    """Implements `bot.outgoing.delivery.Announcer`."""

    def __init__(self, database: Database, announcing: Announcing, now: Callable[[], dt.datetime]) -> None:
        self._database = database
        self._announcing = announcing
        self._now = now

    def announce(self) -> int:
        """Stores the effects of events that have none yet; returns how many events there were."""
        with self._database.reading() as connection:
            if connection.execute(_ANY).first() is None:
                return 0
        with self._database.writing() as connection:
            if not self._alone(connection):
                return 0
            found = [Happening(**dict(row)) for row in connection.execute(_EVENTS).mappings()]
            self._store(connection, found)
        return len(found)

    def _store(self, connection: sa.Connection, found: list[Happening]) -> None:
        if not found:
            return
        decided = self._announcing.consequences(found, listening(connection))
        outbox.put(self._database, connection, decided.effects, self._now())
        surveys.open_all(self._database, connection, decided.surveys)
        surveys.close_all(connection, decided.reopened, self._now())
        marked = sa.update(ticket_events).where(ticket_events.c.id.in_([one.id for one in found]))
        connection.execute(marked.values(announced=1))

    def _alone(self, connection: sa.Connection) -> bool:
        """Whether this worker is the one that announces: two at once could store a ticket's events out of order."""
        if self._database.sqlite:
            return True
        return bool(connection.execute(sa.select(sa.func.pg_try_advisory_xact_lock(_LOCK))).scalar())
