"""Tickets as a queue reads them: filtered, what is due first before the rest, by pages; and what happened to one."""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from bot.desk.queue import PAUSED, Filter, Row
from bot.desk.ticket import FINISHED, Event, Priority, Status
from bot.dialogue.reply import Reason
from bot.storage.engine import Database
from bot.storage.tables import ticket_events, tickets

#: What a row of a queue is made of.
COLUMNS: Final = (
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
    tickets.c.next_response_due,
    tickets.c.first_responded_at,
    tickets.c.assignee,
    tickets.c.category,
    tickets.c.level,
)
#: The first of the clocks that `bot.desk.queue.running` gives, in SQL.
_DUE: Final = sa.case(
    (tickets.c.first_responded_at.is_(None), tickets.c.first_response_due),
    (tickets.c.next_response_due < tickets.c.resolution_due, tickets.c.next_response_due),
    else_=tickets.c.resolution_due,
)
#: What runs stands before what is paused, and what is finished comes last.
_LAST: Final = sa.case(
    (tickets.c.status.in_([status.value for status in FINISHED]), 2),
    (tickets.c.status.in_([status.value for status in PAUSED]), 1),
    else_=0,
)
_LANGUAGES: Final = sa.select(tickets.c.language).distinct().order_by(tickets.c.language)
_EVENTS: Final = (
    sa.select(
        ticket_events.c.at,
        ticket_events.c.who,
        ticket_events.c.what,
        ticket_events.c.before,
        ticket_events.c.after,
        ticket_events.c.version,
    )
    .where(ticket_events.c.reference == sa.bindparam("of_reference"))
    .order_by(ticket_events.c.id)
)


class QueueLog:
    """Implements `bot.tickets.viewing.QueueStore`; methods raise `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(self, wanted: Filter, most: int, skipped: int = 0) -> Sequence[Row]:
        """Those that are asked for; what is due first stands first, and what is finished last."""
        query = (
            sa.select(*COLUMNS)
            .where(*_where(wanted))
            .order_by(_LAST, _DUE, tickets.c.reference)
            .limit(most)
            .offset(skipped)
        )
        with self._database.reading() as connection:
            return [row_from(row) for row in connection.execute(query).mappings()]

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
    if wanted.queue:
        found.append(tickets.c.queue == wanted.queue)
    if wanted.category:
        found.append(tickets.c.category == wanted.category)
    if wanted.assignee is not None:
        found.append(tickets.c.assignee == wanted.assignee)
    if wanted.level:
        found.append(tickets.c.level == wanted.level)
    if wanted.tag:
        # Tags are a JSON list of strings without quotes inside: a whole one stands between quotes.
        found.append(tickets.c.tags.contains(f'"{wanted.tag}"', autoescape=True))
    if wanted.language:
        found.append(tickets.c.language == wanted.language)
    if wanted.due_before is not None:
        found += [_LAST == 0, wanted.due_before > _DUE]
    if wanted.text:
        needle = wanted.text.lower()
        found.append(
            sa.or_(
                sa.func.lower(tickets.c.subject).contains(needle, autoescape=True),
                sa.func.lower(tickets.c.reference).contains(needle, autoescape=True),
            )
        )
    return found


def row_from(row: sa.RowMapping) -> Row:
    """The row of a queue; other columns than `COLUMNS` are left out."""
    values: dict[str, Any] = {column.name: row[column.name] for column in COLUMNS}
    values |= {
        "reason": Reason(row["reason"]),
        "priority": Priority(row["priority"]),
        "status": Status(row["status"]),
    }
    return Row(**values)
