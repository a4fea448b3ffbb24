"""What agents made of suggestions, in the database; appended, never changed."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from bot.desk.suggested import Outcome, Verdict
from bot.people.audit import Note
from bot.storage import audit
from bot.storage.engine import Database
from bot.storage.tables import audit_log, suggestion_outcomes
from kb.article import ArticleKey

_APPEND = sa.insert(suggestion_outcomes)
_ALL = sa.select(suggestion_outcomes).order_by(suggestion_outcomes.c.id)
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


class OutcomeLog:
    """Implements `bot.outcomes.OutcomeStore`; methods raise `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, outcome: Outcome) -> None:
        """Keeps a verdict."""
        row = {
            "at": outcome.at,
            "who": outcome.who,
            "verdict": outcome.verdict.value,
            "article_id": outcome.article.id,
            "locale": outcome.article.locale,
            "ticket": outcome.ticket,
            "question": outcome.question,
            "reply": outcome.reply,
        }
        with self._database.writing() as connection:
            connection.execute(_APPEND, row)

    def all(self) -> Sequence[Outcome]:
        """Every verdict, oldest first."""
        with self._database.reading() as connection:
            return [_outcome(row) for row in connection.execute(_ALL).mappings()]


class OpeningLog:
    """Implements `bot.viewing.Openings`: who looked at what, in the audit log."""

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


def _outcome(row: sa.RowMapping) -> Outcome:
    return Outcome(
        row["at"],
        row["who"],
        Verdict(row["verdict"]),
        ArticleKey(row["article_id"], row["locale"]),
        row["question"],
        row["reply"],
        row["ticket"],
    )
