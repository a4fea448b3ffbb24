"""Gaps in the database: computed anew as a whole, while what people did about them is only ever added to."""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from bot.gaps.cure import Advice, Cure, Near
from bot.gaps.gap import Asked, Event, Gap, Now, State
from bot.gaps.ports import Change
from bot.gaps.unanswered import Place, Trouble
from bot.ledger.facts import Fact, FactKind
from bot.storage.engine import Database
from bot.storage.ledger import facts_of
from bot.storage.tables import facts, gap_events, gap_questions, gaps
from kb.article import ArticleKey

#: Facts that may say that something failed; reading the conversation decides.
_TROUBLE: Final = (FactKind.HANDED_OFF.value, FactKind.NOT_HELPFUL.value, FactKind.CLARIFIED.value)
#: Rows of one statement.
_ROWS: Final = 500
#: Any number will do as long as nothing else on the server locks the same one.
_LOCK: Final = 7_411_002_029

_TROUBLED = (
    sa.select(facts.c.conversation_id)
    .where(facts.c.at >= sa.bindparam("start"), facts.c.kind.in_(_TROUBLE))
    .distinct()
    .order_by(facts.c.conversation_id)
)
_GAPS = sa.select(gaps)
_QUESTIONS = sa.select(gap_questions).order_by(gap_questions.c.gap_id, gap_questions.c.place)
_EVENTS = sa.select(gap_events).where(gap_events.c.gap_id == sa.bindparam("id")).order_by(gap_events.c.id)
_ADD_EVENT = sa.insert(gap_events)
_CHANGE = (
    sa.update(gaps)
    .where(gaps.c.id == sa.bindparam("of_id"), gaps.c.state == sa.bindparam("before"))
    .values(state=sa.bindparam("after"), assignee=sa.bindparam("to"))
)
_REFRESH = (
    sa.update(gaps)
    .where(gaps.c.id == sa.bindparam("of_id"))
    .values(corpus=sa.bindparam("corpus"), advice=sa.bindparam("advice"))
)


class GapLog:
    """Implements `bot.gaps.ports.GapStore`; methods raise `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def troubled(self, start: dt.datetime) -> Sequence[str]:
        """Conversations in which something failed since then, by id."""
        with self._database.reading() as connection:
            return connection.execute(_TROUBLED, {"start": start}).scalars().all()

    def told(self, conversation_id: str) -> Sequence[Fact]:
        """The facts of a conversation, in the order they happened."""
        return facts_of(self._database, conversation_id)

    def gaps(self) -> Sequence[Gap]:
        """All that have a question, and those in work, the costliest first."""
        with self._database.reading() as connection:
            rows = connection.execute(_GAPS).mappings().all()
            asked = connection.execute(_QUESTIONS).mappings().all()
        of: dict[str, list[Asked]] = {}
        for row in asked:
            of.setdefault(row["gap_id"], []).append(_asked(row))
        found = (_gap(row, of.get(row["id"], [])) for row in rows)
        kept = (one for one in found if one.questions or one.state is not State.OPEN)
        return sorted(kept, key=lambda one: one.rank)

    def gap(self, gap_id: str) -> Gap | None:
        """One of them."""
        with self._database.reading() as connection:
            row = connection.execute(_GAPS.where(gaps.c.id == gap_id)).mappings().first()
            asked = connection.execute(_QUESTIONS.where(gap_questions.c.gap_id == gap_id)).mappings().all()
        return None if row is None else _gap(row, [_asked(one) for one in asked])

    def events(self, gap_id: str) -> Sequence[Event]:
        """What happened to a gap, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(_EVENTS, {"id": gap_id}).mappings().all()
        return [Event(row["at"], row["who"], row["what"], row["detail"]) for row in rows]

    def keep(self, found: Sequence[Gap], changes: Sequence[Change]) -> None:
        """Replaces what was computed, and adds to the history. A state that a person set meanwhile is kept."""
        with self._database.writing() as connection:
            if not self._database.sqlite:
                # Two servers that looked at the same time would both add the same questions.
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
            known = set(connection.execute(sa.select(gaps.c.id)).scalars())
            connection.execute(sa.delete(gap_questions))
            for gap in found:
                if gap.id in known:
                    connection.execute(_REFRESH, _refreshed(gap))
                else:
                    connection.execute(sa.insert(gaps), _row(gap))
            rows = [
                _question_row(gap.id, place, one) for gap in found for place, one in enumerate(gap.questions)
            ]
            for start in range(0, len(rows), _ROWS):
                connection.execute(sa.insert(gap_questions), rows[start : start + _ROWS])
            # By the state that the changes were decided on, not by the one that stands there now.
            states = {gap.id: gap.state.value for gap in found}
            for change in changes:
                self._advance(connection, change, states)

    @staticmethod
    def _advance(connection: sa.Connection, change: Change, states: dict[str, str]) -> None:
        """Adds an event; one that changes the state does so unless somebody did meanwhile."""
        event = change.event
        if change.gap_id in states and event.what in {state.value for state in State}:
            moved = connection.execute(
                sa.update(gaps)
                .where(gaps.c.id == change.gap_id, gaps.c.state == states[change.gap_id])
                .values(state=event.what)
            )
            if not moved.rowcount:
                return
            states[change.gap_id] = event.what
        connection.execute(_ADD_EVENT, _event_row(change.gap_id, event))

    def change(self, gap_id: str, before: State, after: State, assignee: str, event: Event) -> bool:
        """What a person did; False where the gap is not in state `before` any more."""
        asked = {"of_id": gap_id, "before": before.value, "after": after.value, "to": assignee}
        with self._database.writing() as connection:
            if not connection.execute(_CHANGE, asked).rowcount:
                return False
            connection.execute(_ADD_EVENT, _event_row(gap_id, event))
        return True


def _row(gap: Gap) -> dict[str, Any]:
    return {
        "id": gap.id,
        "language": gap.language,
        "state": gap.state.value,
        "assignee": gap.assignee,
        "opened_at": gap.opened_at,
        "corpus": gap.corpus,
        "advice": _advice_json(gap.advice),
    }


def _refreshed(gap: Gap) -> dict[str, Any]:
    return {"of_id": gap.id, "corpus": gap.corpus, "advice": _advice_json(gap.advice)}


def _question_row(gap_id: str, place: int, one: Asked) -> dict[str, Any]:
    return {
        "conversation_id": one.place.conversation_id,
        "seq": one.place.seq,
        "gap_id": gap_id,
        "place": place,
        "at": one.at,
        "trouble": one.trouble.value,
        "ticket": one.ticket,
        "minutes": one.minutes,
        "now": one.now.value,
        "by_id": one.by.id if one.by else "",
        "by_locale": one.by.locale if one.by else "",
        "newer": one.newer,
    }


def _event_row(gap_id: str, event: Event) -> dict[str, Any]:
    return {"gap_id": gap_id, "at": event.at, "who": event.who, "what": event.what, "detail": event.detail}


def _gap(row: sa.RowMapping, questions: Sequence[Asked]) -> Gap:
    return Gap(
        row["id"],
        row["language"],
        State(row["state"]),
        row["assignee"],
        row["opened_at"],
        tuple(questions),
        _advice(row["advice"]),
        row["corpus"],
    )


def _asked(row: sa.RowMapping) -> Asked:
    return Asked(
        Place(row["conversation_id"], row["seq"]),
        row["at"],
        Trouble(row["trouble"]),
        row["ticket"],
        row["minutes"],
        Now(row["now"]),
        ArticleKey(row["by_id"], row["by_locale"]) if row["by_id"] else None,
        bool(row["newer"]),
    )


def _advice_json(advice: Advice | None) -> str:
    if advice is None:
        return ""
    return json.dumps(
        {
            "cure": advice.cure.value,
            "article": [advice.article.id, advice.article.locale] if advice.article else None,
            "why": advice.why,
            "nearest": [[one.key.id, one.key.locale, one.title, one.likeness] for one in advice.nearest],
        },
        ensure_ascii=False,
    )


def _advice(stored: str) -> Advice | None:
    if not stored:
        return None
    body = json.loads(stored)
    return Advice(
        Cure(body["cure"]),
        ArticleKey(*body["article"]) if body["article"] else None,
        body["why"],
        tuple(
            Near(ArticleKey(id_, locale), title, likeness) for id_, locale, title, likeness in body["nearest"]
        ),
    )
