"""Who looked at what, in the audit log: one entry however often a page is opened again."""

import datetime as dt

import sqlalchemy as sa

from bot.people.audit import Note
from bot.storage import audit
from bot.storage.engine import Database
from bot.storage.tables import audit_log

_NOTED = (
    sa.select(audit_log.c.number)
    .where(
        audit_log.c.subject == sa.bindparam("of_subject"),
        audit_log.c.who == sa.bindparam("by_whom"),
        audit_log.c.what == sa.bindparam("of_what"),
        audit_log.c.at >= sa.bindparam("since"),
    )
    .limit(1)
)


class OpeningLog:
    """Implements `bot.people.seeing.Openings`: who looked at what, in the audit log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note_once(self, note: Note, since: dt.datetime) -> None:
        """Records a note, unless the same person did the same to the same thing since then; nearly always one read."""
        known = {"of_subject": note.subject, "by_whom": note.who, "of_what": note.what, "since": since}
        with self._database.reading() as connection:
            if connection.execute(_NOTED, known).first() is not None:
                return
        with self._database.writing(durable=True) as connection:
            audit.append(self._database, connection, note)
