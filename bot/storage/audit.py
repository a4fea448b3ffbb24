"""The audit log in the database: an entry is appended in the transaction whose effect it records."""

import json
from collections.abc import Iterator, Sequence
from typing import Final

import sqlalchemy as sa

from bot.people.audit import GENESIS, Entry, Note, chained
from bot.storage.engine import Database
from bot.storage.tables import audit_log

#: Any number will do as long as nothing else on the server locks the same one.
_LOCK: Final = 7_411_002_027
_LAST = sa.select(audit_log.c.number, audit_log.c.hash).order_by(audit_log.c.number.desc()).limit(1)
_APPEND = sa.insert(audit_log)
_ENTRIES = (
    sa.select(*audit_log.c)
    .where(audit_log.c.number > sa.bindparam("after"))
    .order_by(audit_log.c.number)
    .execution_options(yield_per=500)
)


def append(database: Database, connection: sa.Connection, note: Note) -> None:
    """Adds an entry inside the caller's writing transaction.

    Writers of SQLite wait for each other in any case; those of PostgreSQL do so here until they commit, since an entry
    needs the hash of the one before it.
    """
    if not database.sqlite:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    last = connection.execute(_LAST).first()
    number, previous = (last[0] + 1, last[1]) if last else (1, GENESIS)
    entry = chained(note, number, previous)
    row = {
        "number": entry.number,
        "at": note.at,
        "who": note.who,
        "what": note.what,
        "subject": note.subject,
        "detail": json.dumps(dict(note.detail), ensure_ascii=False, sort_keys=True),
        "previous": entry.previous,
        "hash": entry.hash,
    }
    connection.execute(_APPEND, row)


def entries(database: Database, after: int = 0) -> Iterator[Entry]:
    """The log in order, streamed."""
    with database.streaming() as connection, connection.execute(_ENTRIES, {"after": after}) as rows:
        yield from map(_entry, rows.mappings())


def newest(database: Database, most: int, before: int | None) -> Sequence[Entry]:
    """Entries from the newest, or from the one before number `before`, backwards."""
    query = sa.select(*audit_log.c).order_by(audit_log.c.number.desc()).limit(most)
    if before is not None:
        query = query.where(audit_log.c.number < before)
    with database.reading() as connection:
        return [_entry(row) for row in connection.execute(query).mappings()]


def _entry(row: sa.RowMapping) -> Entry:
    note = Note(row["at"], row["who"], row["what"], row["subject"], json.loads(row["detail"]))
    return Entry(row["number"], note, row["previous"], row["hash"])
