"""Tickets as a queue reads them: filtered, what is due first before the rest, by pages; and what happened to one."""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from bot.desk.queue import FINISHED, Event, Filter, Row
from bot.desk.ticket import Priority, Status
from bot.dialogue.reply import Reason
from bot.storage.engine import Database
from bot.storage.tables import ticket_events, tickets

_COLUMNS: Final = (
    tickets.c.reference,
    tickets.c.subject,
    tickets.c.reason,
    tickets.c.priority,
    tickets.c.queue,
    tickets.c.status,
    tickets.c.language,
    tickets.c.created_at,
    tickets.c.first_response_due,
    tickets.c.resolution_due,
)
#: `bot.desk.queue.next_clock` in SQL.
_DUE: Final = sa.case(
    (tickets.c.status == Status.NEW.value, tickets.c.first_response_due),
    else_=tickets.c.resolution_due,
)
_LAST: Final = sa.case((tickets.c.status.in_([status.value for status in FINISHED]), 1), else_=0)
_LANGUAGES: Final = sa.select(tickets.c.language).distinct().order_by(tickets.c.language)
_EVENTS: Final = (
    sa.select(
        ticket_events.c.at,
        ticket_events.c.who,
        ticket_events.c.what,
        ticket_events.c.before,
        ticket_events.c.after,
    )
    .where(ticket_events.c.reference == sa.bindparam("of_reference"))
    .order_by(ticket_events.c.id)
)


class QueueLog:
    """Implements `bot.viewing.QueueStore`; methods raise `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(self, wanted: Filter, most: int, skipped: int = 0) -> Sequence[Row]:
        """Those that are asked for; what is due first stands first, and what is finished last."""
        query = (
            sa.select(*_COLUMNS)
            .where(*_where(wanted))
            .order_by(_LAST, _DUE, tickets.c.reference)
            .limit(most)
            .offset(skipped)
        )
        with self._database.reading() as connection:
            return [_row(row) for row in connection.execute(query).mappings()]

    def count(self, wanted: Filter) -> int:
        """How many are asked for."""
        query = sa.select(sa.func.count()).select_from(tickets).where(*_where(wanted))
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one()

    def languages(self) -> Sequence[str]:
        """Languages of all tickets, in order."""
        with self._database.reading() as connection:
            return connection.execute(_LANGUAGES).scalars().all()

    def events(self, reference: str) -> Sequence[Event]:
        """What happened to a ticket, oldest first."""
        with self._database.reading() as connection:
            return [Event(*row) for row in connection.execute(_EVENTS, {"of_reference": reference})]


def _where(wanted: Filter) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [tickets.c.status.in_([status.value for status in wanted.statuses])]
    if wanted.priority is not None:
        found.append(tickets.c.priority == wanted.priority.value)
    if wanted.reason is not None:
        found.append(tickets.c.reason == wanted.reason.value)
    if wanted.language:
        found.append(tickets.c.language == wanted.language)
    if wanted.text:
        needle = wanted.text.lower()
        found.append(
            sa.or_(
                sa.func.lower(tickets.c.subject).contains(needle, autoescape=True),
                sa.func.lower(tickets.c.reference).contains(needle, autoescape=True),
            )
        )
    return found


def _row(row: sa.RowMapping) -> Row:
    values: dict[str, Any] = dict(row)
    values |= {
        "reason": Reason(row["reason"]),
        "priority": Priority(row["priority"]),
        "status": Status(row["status"]),
    }
    return Row(**values)
