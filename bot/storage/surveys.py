"""Surveys in the database: opened with the solution they ask about, answered once, changeable until they close."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from bot.desk.survey import Answer, Survey
from bot.ledger.facts import Fact
from bot.outgoing.effects import Effect
from bot.storage import outbox
from bot.storage.engine import Database
from bot.storage.ledger import append_facts
from bot.storage.tables import surveys, ticket_events

_ONE = sa.select(surveys).where(surveys.c.id == sa.bindparam("of_id"))
_LATEST = (
    sa.select(surveys)
    .where(surveys.c.conversation_id == sa.bindparam("of_conversation"))
    .order_by(surveys.c.opened_at.desc(), surveys.c.id)
    .limit(1)
)
_OF_TICKET = (
    sa.select(surveys).where(surveys.c.reference == sa.bindparam("of_ticket")).order_by(surveys.c.opened_at)
)


def open_all(database: Database, connection: sa.Connection, found: Iterable[Survey]) -> None:
    """Stores new surveys in the transaction that announces the solutions; one that is there already stays."""
    rows = [
        {
            "id": one.id,
            "reference": one.reference,
            "conversation_id": one.conversation_id,
            "language": one.language,
            "opened_at": one.opened_at,
            "closes_at": one.closes_at,
            "comment": "",
        }
        for one in found
    ]
    if rows:
        connection.execute(database.insert(surveys).on_conflict_do_nothing(index_elements=["id"]), rows)


def close_all(connection: sa.Connection, references: Sequence[str], at: dt.datetime) -> None:
    """Ends the surveys of tickets that are open again."""
    if references:
        ending = sa.update(surveys).where(surveys.c.reference.in_(references), surveys.c.closes_at > at)
        connection.execute(ending.values(closes_at=at))


class SurveyLog:
    """Implements `bot.tickets.surveys.SurveyStore`; methods raise `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, survey_id: str) -> Survey | None:
        """A survey by its id."""
        with self._database.reading() as connection:
            row = connection.execute(_ONE, {"of_id": survey_id}).mappings().first()
        return None if row is None else _survey(row)

    def latest(self, conversation_id: str) -> Survey | None:
        """The newest survey of a conversation."""
        with self._database.reading() as connection:
            row = connection.execute(_LATEST, {"of_conversation": conversation_id}).mappings().first()
        return None if row is None else _survey(row)

    def of_ticket(self, reference: str) -> Sequence[Survey]:
        """All surveys of a ticket, oldest first."""
        with self._database.reading() as connection:
            return [
                _survey(row) for row in connection.execute(_OF_TICKET, {"of_ticket": reference}).mappings()
            ]

    def answer(
        self, before: Survey, after: Survey, told: str, facts: Sequence[Fact], effects: Sequence[Effect]
    ) -> bool:
        """Stores an answer with all that comes of it; False where the survey is not as it was read."""
        answer, at = after.answer, after.answered_at
        change = (
            sa.update(surveys)
            .where(
                surveys.c.id == before.id,
                surveys.c.closes_at == before.closes_at,
                surveys.c.answered_at.is_not_distinct_from(before.answered_at),
            )
            .values(
                solved=answer.solved,
                satisfaction=answer.satisfaction,
                recommendation=answer.recommendation,
                comment=answer.comment,
                answered_at=at,
            )
        )
        event: dict[str, Any] = {
            "reference": before.reference,
            "at": at,
            "who": "customer",
            "what": "survey",
            "before": "",
            "after": told,
        }
        with self._database.writing() as connection:
            if connection.execute(change).rowcount != 1:
                return False
            connection.execute(sa.insert(ticket_events), event)
            append_facts(connection, facts)
            if at is not None:
                outbox.put(self._database, connection, effects, at)
        return True


def _survey(row: sa.RowMapping) -> Survey:
    return Survey(
        id=row["id"],
        reference=row["reference"],
        conversation_id=row["conversation_id"],
        language=row["language"],
        opened_at=row["opened_at"],
        closes_at=row["closes_at"],
        answer=Answer(row["solved"], row["satisfaction"], row["recommendation"], row["comment"]),
        answered_at=row["answered_at"],
    )
