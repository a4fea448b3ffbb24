"""What happened to contact forms, in the ledger's table: each kind once a form."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from bot.ledger.facts import FORMS, Fact, FactKind
from bot.storage.engine import Database
from bot.storage.ledger import append_facts, read_facts
from bot.storage.tables import facts

_TOLD: Final = sa.select(facts.c.id).where(
    facts.c.conversation_id == sa.bindparam("of_form"), facts.c.kind == sa.bindparam("of_kind")
)
_KINDS: Final = tuple(kind.value for kind in FORMS)


class FormLog:
    """Implements `bot.help_centre.contact_form.FormStore`; methods raise `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tell(self, fact: Fact) -> bool:
        """Stores what happened to a form, once; False where it was told before.

        Two at the very same moment may both be stored: every figure counts forms, not facts.
        """
        if self.was_told(fact.conversation_id, fact.kind):
            return False
        with self._database.writing() as connection:
            append_facts(connection, [fact])
        return True

    def was_told(self, form_id: str, kind: FactKind) -> bool:
        """Whether it happened to a form."""
        with self._database.reading() as connection:
            known = {"of_form": form_id, "of_kind": kind.value}
            return connection.execute(_TOLD, known).first() is not None

    def facts(self, start: dt.datetime, end: dt.datetime) -> Sequence[Fact]:
        """What happened to forms from `start` up to and without `end`."""
        return read_facts(self._database, facts.c.at >= start, facts.c.at < end, facts.c.kind.in_(_KINDS))
