"""Links to one's own requests in the database: asked for with their mail, opened once, ended; and what they show."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from bot.changes import Change
from bot.desk.ticket import Ticket
from bot.help_centre.own_requests import Link
from bot.outgoing.effects import Effect
from bot.outgoing.link_mail import Invited
from bot.storage import outbox
from bot.storage.engine import Database
from bot.storage.tables import request_links, tickets
from bot.storage.ticket_rows import ticket_of
from bot.storage.tickets import TicketLog

#: Tickets shown to a customer.
_MOST_SHOWN: Final = 100
_C: Final = request_links.c
_SINCE: Final = (
    sa.select(sa.func.count())
    .select_from(request_links)
    .where(
        _C.contact == sa.bindparam("of_contact"), _C.asked_at > sa.bindparam("since", type_=_C.asked_at.type)
    )
)
_OF_CONTACT: Final = (
    sa.select(*tickets.c)
    # Both databases make small letters of ASCII alone here: SQLite always does, PostgreSQL in the collation C.
    .where(sa.func.lower(tickets.c.contact) == sa.bindparam("of_contact"))
    .order_by(tickets.c.created_at.desc(), tickets.c.reference)
    .limit(_MOST_SHOWN)
)


class RequestLog:
    """Implements `bot.help_centre.own_requests.RequestStore`; raises `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(self, link: Link, effect: Effect, since: dt.datetime, most: int) -> bool:
        """Stores a link with the mail that brings it; False, and nothing, where an address had that many since."""
        row = {
            "id": link.id,
            "contact": link.contact,
            "locale": link.locale,
            "asked_at": link.asked_at,
            "expires_at": link.expires_at,
            "session": "",
            "ended_at": None,
        }
        with self._database.writing() as connection:
            # What has ended long ago is of no use to anybody.
            connection.execute(sa.delete(request_links).where(_C.expires_at < since - dt.timedelta(days=1)))
            if connection.execute(_SINCE, {"of_contact": link.contact, "since": since}).scalar_one() >= most:
                return False
            connection.execute(sa.insert(request_links), row)
            outbox.put(self._database, connection, [effect], link.asked_at)
        return True

    def open(self, link_id: str, session: str, now: dt.datetime, until: dt.datetime) -> Link | None:
        """Opens a link that nobody has opened or ended; None where there is none."""
        opening = (
            sa.update(request_links)
            .where(_C.id == link_id, _C.session == "", _C.ended_at.is_(None), _C.expires_at > now)
            .values(session=session, expires_at=until)
        )
        with self._database.writing() as connection:
            if connection.execute(opening).rowcount != 1:
                return None
        return self.session(session, now)

    def session(self, session: str, now: dt.datetime) -> Link | None:
        """The opened link of a session that holds."""
        query = sa.select(request_links).where(
            _C.session == session, _C.session != "", _C.ended_at.is_(None), _C.expires_at > now
        )
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else _link(row)

    def end(self, contact: str, now: dt.datetime) -> int:
        """Ends all links and sessions of an address; returns how many there were."""
        ending = sa.update(request_links).where(_C.contact == contact, _C.ended_at.is_(None))
        with self._database.writing() as connection:
            return connection.execute(ending.values(ended_at=now)).rowcount

    def invited(self, link_id: str) -> Invited | None:
        """Whom a link that nobody opened or ended is for; None too where the address has no tickets."""
        query = sa.select(request_links).where(_C.id == link_id, _C.session == "", _C.ended_at.is_(None))
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().first()
        if row is None or not (found := self.tickets(row["contact"])):
            return None
        # To the address as the customer gave it with a ticket, never to one that a stranger typed.
        return Invited(found[0].contact, row["locale"], row["expires_at"])

    def tickets(self, contact: str) -> Sequence[Ticket]:
        """Tickets of an address, newest first."""
        if "@" not in contact:
            return ()
        with self._database.reading() as connection:
            return [
                ticket_of(row) for row in connection.execute(_OF_CONTACT, {"of_contact": contact}).mappings()
            ]

    def apply(self, change: Change) -> None:
        """Stores a step. Raises `TicketMoved`."""
        TicketLog(self._database).apply(change)


def _link(row: sa.RowMapping) -> Link:
    fields: dict[str, Any] = {name: row[name] for name in Link.__dataclass_fields__}
    return Link(**fields)
