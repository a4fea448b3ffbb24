"""Learned questions in the database: pairs and events are added, vectors are derived, a counter says what is new."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from bot.dialogue.learned import Event, LearnedQuestion, Pair, What
from bot.storage.engine import Database
from bot.storage.tables import learned_events, learned_head, learned_questions, learned_vectors, messages
from kb.article import ArticleKey

#: Asked several times a second by every server: text that needs no compiling.
_VERSION: Final = "SELECT version FROM learned_head WHERE id = 1"
_CONVERSATION = sa.select(messages.c.conversation_id).where(messages.c.id == sa.bindparam("message_id"))
_PAIRS = sa.select(*learned_questions.c).order_by(learned_questions.c.id)
_EVENTS = sa.select(*learned_events.c).order_by(learned_events.c.id)
_ID = sa.select(learned_questions.c.id).where(learned_questions.c.fingerprint == sa.bindparam("fingerprint"))
_VECTORS = sa.select(learned_vectors.c.question_id, learned_vectors.c.vector).where(
    learned_vectors.c.model == sa.bindparam("model")
)
_OF_SOURCE = sa.select(learned_events.c.question_id).where(
    learned_events.c.source == sa.bindparam("of_source")
)
_DROP_EVENTS = sa.delete(learned_events).where(learned_events.c.source == sa.bindparam("of_source"))
#: Those that only this source had anything to say of.
_DROP_PAIRS = sa.delete(learned_questions).where(
    learned_questions.c.id.in_(sa.bindparam("ids", expanding=True)),
    learned_questions.c.id.not_in(sa.select(learned_events.c.question_id)),
)


class LearnedLog:
    """Implements `bot.ports.LearnedStore`; every method raises `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def version(self) -> int:
        """Grows with every change; 0 before the first."""
        with self._database.reading() as connection:
            row = connection.exec_driver_sql(_VERSION).first()
        return 0 if row is None else int(row[0])

    def conversation_of(self, message_id: str) -> str | None:
        """The conversation that a message belongs to."""
        with self._database.reading() as connection:
            return connection.execute(_CONVERSATION, {"message_id": message_id}).scalar()

    def questions(self) -> Sequence[LearnedQuestion]:
        """All of them with their events, in the order they were learned."""
        with self._database.reading() as connection:
            pairs = connection.execute(_PAIRS).mappings().all()
            # Read after the pairs: an event of a pair that came in between waits for the next look.
            events = connection.execute(_EVENTS).mappings().all()
        of_pair: dict[int, list[Event]] = {row["id"]: [] for row in pairs}
        for row in events:
            if row["question_id"] in of_pair:
                of_pair[row["question_id"]].append(_event(row))
        return [LearnedQuestion(row["id"], _pair(row), tuple(of_pair[row["id"]])) for row in pairs]

    def learn(self, pair: Pair, event: Event) -> int:
        """Adds an event to a pair, and the pair where it is new; returns its id."""
        row = _row(pair)
        keep = self._database.insert(learned_questions).on_conflict_do_nothing(index_elements=["fingerprint"])
        with self._database.writing() as connection:
            self._advance(connection)
            connection.execute(keep, row)
            found: int = connection.execute(_ID, {"fingerprint": row["fingerprint"]}).scalar_one()
            connection.execute(sa.insert(learned_events), _event_row(found, event))
        return found

    def add(self, ids: Sequence[int], event: Event) -> None:
        """Adds the same event to several pairs, all of which must be there."""
        if not ids:
            return
        with self._database.writing() as connection:
            self._advance(connection)
            connection.execute(sa.insert(learned_events), [_event_row(one, event) for one in ids])

    def erase(self, source: str) -> int:
        """Removes what a source said, and pairs that nobody else spoke of; for a person's right to be forgotten.

        Returns the number of pairs removed.
        """
        with self._database.writing() as connection:
            self._advance(connection)
            ids = sorted(set(connection.execute(_OF_SOURCE, {"of_source": source}).scalars()))
            connection.execute(_DROP_EVENTS, {"of_source": source})
            return connection.execute(_DROP_PAIRS, {"ids": ids}).rowcount if ids else 0

    def vectors(self, model: str) -> Mapping[int, bytes]:
        """The vectors that a model made, by the id of their question."""
        with self._database.reading() as connection:
            return {id_: bytes(vector) for id_, vector in connection.execute(_VECTORS, {"model": model})}

    def keep_vectors(self, model: str, vectors: Mapping[int, bytes]) -> None:
        """Stores vectors; another server may have done so meanwhile."""
        if not vectors:
            return
        insert = self._database.insert(learned_vectors).from_select(
            ["question_id", "model", "vector"],
            # A question that was erased meanwhile gets none.
            sa.select(
                learned_questions.c.id,
                sa.bindparam("model", type_=learned_vectors.c.model.type),
                sa.bindparam("vector", type_=learned_vectors.c.vector.type),
            ).where(learned_questions.c.id == sa.bindparam("of_id")),
        )
        keep = insert.on_conflict_do_nothing(index_elements=["question_id", "model"])
        rows = [{"of_id": id_, "model": model, "vector": vector} for id_, vector in vectors.items()]
        with self._database.writing() as connection:
            connection.execute(keep, rows)

    def _advance(self, connection: sa.Connection) -> None:
        """Counts a change. Comes first: its row makes a second writer wait, so counts show in their order."""
        first = self._database.insert(learned_head).values(id=1, version=1)
        connection.execute(
            first.on_conflict_do_update(
                index_elements=["id"], set_={"version": learned_head.c.version + sa.literal(1)}
            )
        )


def fingerprint(pair: Pair) -> str:
    """Names a pair: the same words for the same section as it read then are one pair, whatever the revision."""
    words = " ".join(pair.text.split()).casefold()
    anchor = "" if pair.anchor is None else f"#{pair.anchor}"
    parts = (words, pair.key.id, pair.key.locale, anchor, pair.digest or pair.revision)
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _row(pair: Pair) -> dict[str, Any]:
    return {
        "fingerprint": fingerprint(pair),
        "article_id": pair.key.id,
        "locale": pair.key.locale,
        "revision": pair.revision,
        "anchor": pair.anchor,
        "digest": pair.digest,
        "text": pair.text,
    }


def _pair(row: sa.RowMapping) -> Pair:
    return Pair(
        text=row["text"],
        key=ArticleKey(row["article_id"], row["locale"]),
        revision=row["revision"],
        anchor=row["anchor"],
        digest=row["digest"],
    )


def _event_row(question_id: int, event: Event) -> dict[str, Any]:
    return {
        "question_id": question_id,
        "what": event.what.value,
        "source": event.source,
        "message_id": event.message_id,
        "at": event.at,
    }


def _event(row: sa.RowMapping) -> Event:
    return Event(What(row["what"]), row["source"], row["message_id"], row["at"])
