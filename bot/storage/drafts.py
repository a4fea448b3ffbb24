"""Draft articles in the database, with every version of their texts."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from bot.desk.drafting import Draft, DraftEvent, DraftState
from bot.people.audit import Note
from bot.storage import audit
from bot.storage.engine import Database
from bot.storage.tables import article_drafts, draft_events
from kb.article import Audience

_HISTORY = (
    sa.select(*(draft_events.c[name] for name in ("at", "who", "what", "note", "version", "title", "body")))
    .where(draft_events.c.draft_id == sa.bindparam("of_id"))
    .order_by(draft_events.c.version)
)


class DraftLog:
    """Implements `bot.knowledge.drafts.DraftStore`; methods raise `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, draft: Draft, event: DraftEvent, note: Note) -> None:
        """Stores a new one."""
        with self._database.writing(durable=True) as connection:
            connection.execute(sa.insert(article_drafts), {"id": draft.id, **_row(draft)})
            self._tell(connection, draft, event, note)

    def change(self, draft: Draft, event: DraftEvent, note: Note, seen: int) -> bool:
        """Stores another version; False where it is not at version `seen`."""
        change = sa.update(article_drafts).where(
            article_drafts.c.id == draft.id, article_drafts.c.version == seen
        )
        with self._database.writing(durable=True) as connection:
            if connection.execute(change.values(**_row(draft))).rowcount != 1:
                return False
            self._tell(connection, draft, event, note)
        return True

    def get(self, draft_id: str) -> Draft | None:
        """One by its id."""
        found = self._read(article_drafts.c.id == draft_id)
        return found[0] if found else None

    def all(self, states: Sequence[DraftState]) -> Sequence[Draft]:
        """Those in some states, changed last first."""
        return self._read(article_drafts.c.state.in_([state.value for state in states]))

    def of_ticket(self, reference: str) -> Sequence[Draft]:
        """Those of one ticket."""
        return self._read(article_drafts.c.reference == reference)

    def history(self, draft_id: str) -> Sequence[DraftEvent]:
        """What happened to one, oldest first."""
        with self._database.reading() as connection:
            return [DraftEvent(**row) for row in connection.execute(_HISTORY, {"of_id": draft_id}).mappings()]

    def _tell(self, connection: sa.Connection, draft: Draft, event: DraftEvent, note: Note) -> None:
        row = {
            "draft_id": draft.id,
            "version": event.version,
            "at": event.at,
            "who": event.who,
            "what": event.what,
            "note": event.note,
            "title": event.title,
            "body": event.body,
        }
        connection.execute(sa.insert(draft_events), row)
        audit.append(self._database, connection, note)

    def _read(self, which: sa.ColumnElement[bool]) -> list[Draft]:
        query = sa.select(article_drafts).where(which)
        ordered = query.order_by(article_drafts.c.updated_at.desc(), article_drafts.c.id)
        with self._database.reading() as connection:
            return [_draft(row) for row in connection.execute(ordered).mappings()]


def _row(draft: Draft) -> dict[str, Any]:
    return {
        "reference": draft.reference,
        "state": draft.state.value,
        "locale": draft.locale,
        "audience": draft.audience.value,
        "author": draft.author,
        "updated_at": draft.updated_at,
        "version": draft.version,
        "path": draft.path,
        "title": draft.title,
        "body": draft.body,
    }


def _draft(row: sa.RowMapping) -> Draft:
    values: dict[str, Any] = dict(row)
    return Draft(**{**values, "state": DraftState(row["state"]), "audience": Audience(row["audience"])})
