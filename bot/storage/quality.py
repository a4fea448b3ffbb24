"""Solved tickets and scorecards in the database."""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from bot.desk.quality import Mark, Review, Solved
from bot.desk.ticket import Status
from bot.ledger.facts import FactKind, fact_of_act
from bot.people.audit import Note
from bot.storage import audit
from bot.storage.engine import Database, is_repeated
from bot.storage.ledger import append_facts
from bot.storage.tables import reviews, ticket_events

_SOLVED = (
    sa.select(ticket_events.c.reference, ticket_events.c.who, ticket_events.c.at)
    .where(
        ticket_events.c.what == "status",
        ticket_events.c.after == Status.SOLVED.value,
        ticket_events.c.who.startswith("account:"),
        ticket_events.c.at >= sa.bindparam("start", type_=ticket_events.c.at.type),
        ticket_events.c.at < sa.bindparam("end", type_=ticket_events.c.at.type),
    )
    .order_by(ticket_events.c.id)
)


class ReviewLog:
    """Implements `bot.team.quality.ReviewStore`; methods raise `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def solved(self, start: dt.datetime, end: dt.datetime) -> Sequence[Solved]:
        """Tickets that people solved in a time, each once for who solved it last."""
        with self._database.reading() as connection:
            rows = connection.execute(_SOLVED, {"start": start, "end": end}).all()
        return list({reference: Solved(reference, who, at) for reference, who, at in rows}.values())

    def keep(self, review: Review, conversation_id: str, note: Note) -> bool:
        """Stores a scorecard; False where this reviewer has given one for this ticket and week."""
        row: dict[str, Any] = {
            "week": review.week,
            "reference": review.reference,
            "agent": review.agent,
            "reviewer": review.reviewer,
            "at": review.at,
            "score": review.score,
            "hand_off_needed": review.hand_off_needed,
            "marks": json.dumps(dict(review.marks), sort_keys=True),
            "comment": review.comment,
        }
        facts = []
        if review.hand_off_needed is not None:
            kind = FactKind.ESCALATION_RIGHT if review.hand_off_needed else FactKind.ESCALATION_WRONG
            who = review.reviewer.removeprefix("account:")
            facts = [fact_of_act(conversation_id, review.at, kind, who=who)]
        try:
            with self._database.writing(durable=True) as connection:
                connection.execute(sa.insert(reviews), row)
                append_facts(connection, facts)
                audit.append(self._database, connection, note)
        except sa.exc.IntegrityError as error:
            if not is_repeated(error):
                raise
            return False
        return True

    def of_week(self, week: str) -> Sequence[Review]:
        """All scorecards of a week."""
        return self._read(sa.select(reviews).where(reviews.c.week == week).order_by(reviews.c.id))

    def of_agent(self, agent: str, most: int) -> Sequence[Review]:
        """An agent's scorecards, newest first."""
        of = sa.select(reviews).where(reviews.c.agent == agent)
        return self._read(of.order_by(reviews.c.id.desc()).limit(most))

    def all(self) -> Sequence[Review]:
        """All scorecards, oldest first."""
        return self._read(sa.select(reviews).order_by(reviews.c.id))

    def _read(self, query: sa.Select[Any]) -> list[Review]:
        with self._database.reading() as connection:
            return [_review(row) for row in connection.execute(query).mappings()]


def _review(row: sa.RowMapping) -> Review:
    return Review(
        week=row["week"],
        reference=row["reference"],
        agent=row["agent"],
        reviewer=row["reviewer"],
        at=row["at"],
        marks={name: Mark(mark) for name, mark in json.loads(row["marks"]).items()},
        score=row["score"],
        hand_off_needed=row["hand_off_needed"],
        comment=row["comment"],
    )
