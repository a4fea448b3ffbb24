"""What agents made of suggestions, in the database; appended, never changed."""

from collections.abc import Sequence

import sqlalchemy as sa

from bot.desk.suggested import Outcome, Verdict
from bot.storage.engine import Database
from bot.storage.tables import suggestion_outcomes
from kb.article import ArticleKey

_APPEND = sa.insert(suggestion_outcomes)
_ALL = sa.select(suggestion_outcomes).order_by(suggestion_outcomes.c.id)


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
