"""Vectors of solved tickets in the database: derived, so they may be thrown away."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from bot.assist.solved import ToPrepare
from bot.desk.ticket import FINISHED
from bot.storage.engine import Database
from bot.storage.tables import ticket_vectors, tickets

_SOLVED: Final = (tickets.c.solved_at.is_not(None), tickets.c.status.in_([one.value for one in FINISHED]))
_NEWEST: Final = (tickets.c.solved_at.desc(), tickets.c.reference)
_LACKING: Final = (
    sa.select(tickets.c.reference, tickets.c.conversation_id, tickets.c.subject, tickets.c.language)
    .where(
        *_SOLVED,
        ~sa.exists().where(
            ticket_vectors.c.reference == tickets.c.reference,
            ticket_vectors.c.model == sa.bindparam("of_model"),
        ),
    )
    .order_by(*_NEWEST)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_VECTORS: Final = (
    sa.select(ticket_vectors.c.reference, ticket_vectors.c.vector)
    .join(tickets, tickets.c.reference == ticket_vectors.c.reference)
    .where(ticket_vectors.c.model == sa.bindparam("of_model"), *_SOLVED)
    .order_by(*_NEWEST)
    .limit(sa.bindparam("most", type_=sa.Integer))
)


class SolvedLog:
    """Implements `bot.assist.solved.SolvedStore`; methods raise `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lacking(self, model: str, most: int) -> Sequence[ToPrepare]:
        """Solved tickets without a vector of this model, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(_LACKING, {"of_model": model, "most": most})
            return [ToPrepare(*row) for row in rows]

    def keep(self, model: str, vectors: Sequence[tuple[str, bytes]]) -> None:
        """Stores vectors by the reference of their ticket; one made by another model is replaced."""
        rows = [{"reference": reference, "model": model, "vector": vector} for reference, vector in vectors]
        adding = self._database.insert(ticket_vectors)
        replaced = {"model": adding.excluded.model, "vector": adding.excluded.vector}
        with self._database.writing() as connection:
            connection.execute(
                adding.on_conflict_do_update(index_elements=["reference"], set_=replaced), rows
            )

    def vectors(self, model: str, most: int) -> Sequence[tuple[str, bytes]]:
        """Of tickets that are solved now, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(_VECTORS, {"of_model": model, "most": most})
            return [(row.reference, row.vector) for row in rows]
