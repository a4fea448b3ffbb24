"""What agents made of suggestions, in the database; appended, never changed."""

from collections.abc import Sequence

import sqlalchemy as sa

from bot.desk.suggested import Outcome, TicketOutcome, TicketVerdict, Verdict
from bot.storage.engine import Database
from bot.storage.tables import suggestion_outcomes
from kb.article import ArticleKey

_APPEND = sa.insert(suggestion_outcomes)
_ALL = (
    sa.select(suggestion_outcomes)
    .where(suggestion_outcomes.c.solved_ticket == "")
    .order_by(suggestion_outcomes.c.id)
)
#: Of each person on each pair the last word.
_LAST = (
    sa.select(sa.func.max(suggestion_outcomes.c.id))
    .where(suggestion_outcomes.c.solved_ticket != "")
    .group_by(suggestion_outcomes.c.who, suggestion_outcomes.c.solved_ticket, suggestion_outcomes.c.ticket)
)
_OF_TICKETS = sa.select(
    suggestion_outcomes.c.solved_ticket, suggestion_outcomes.c.ticket, suggestion_outcomes.c.verdict
).where(suggestion_outcomes.c.id.in_(_LAST))


class OutcomeLog:
    """Implements `bot.assist.outcomes.OutcomeStore`; methods raise `StorageUnavailable` when nothing answers."""

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

    def append_of_ticket(self, outcome: TicketOutcome) -> None:
        """Keeps a verdict on a solved ticket."""
        row = {
            "at": outcome.at,
            "who": outcome.who,
            "verdict": outcome.verdict.value,
            "article_id": "",
            "locale": "",
            "ticket": outcome.ticket,
            "question": outcome.question,
            "reply": outcome.reply,
            "solved_ticket": outcome.similar,
        }
        with self._database.writing() as connection:
            connection.execute(_APPEND, row)

    def of_tickets(self) -> Sequence[TicketVerdict]:
        """What each said last of each solved ticket for each other one."""
        with self._database.reading() as connection:
            rows = connection.execute(_OF_TICKETS)
            return [TicketVerdict(similar, ticket, Verdict(verdict)) for similar, ticket, verdict in rows]

    def all(self) -> Sequence[Outcome]:
        """Every verdict on an article, oldest first."""
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
