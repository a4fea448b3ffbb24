"""Other texts of articles that experiments try, in the database; none of them is among what was published."""

import datetime as dt
from typing import Any, Final

import sqlalchemy as sa

from bot.experiments.trial import Trial, Tried
from bot.ledger.facts import ASKED
from bot.storage import codec
from bot.storage.engine import Database
from bot.storage.tables import article_trials, experiments, facts
from kb.article import ArticleKey

_t = article_trials.c
_FIELDS: Final = ("experiment_id", "article_id", "locale", "revision", "title", "path", "beside", "source")
_ALL = sa.select(*(_t[name] for name in _FIELDS))
_OF_EXPERIMENT = _ALL.where(_t.experiment_id == sa.bindparam("id"))
_SERVED = (
    sa.select(_t.source)
    .join(experiments, experiments.c.id == _t.experiment_id)
    .where(_t.experiment_id == sa.bindparam("id"), experiments.c.slot.is_not(None))
)
#: One that runs first, then the newest.
_TRIED = (
    sa.select(_t.title, _t.source, experiments.c.started_at, experiments.c.slot)
    .join(experiments, experiments.c.id == _t.experiment_id)
    .where(
        _t.article_id == sa.bindparam("article_id"),
        _t.locale == sa.bindparam("locale"),
        _t.revision == sa.bindparam("revision"),
    )
    .order_by(sa.case((experiments.c.slot.is_(None), 1), else_=0), experiments.c.started_at.desc())
    .limit(1)
)


_MET = sa.select(sa.func.count(facts.c.conversation_id.distinct())).where(
    facts.c.at >= sa.bindparam("since"),
    facts.c.kind.in_([one.value for one in ASKED]),
    facts.c.language == sa.bindparam("locale"),
)


def keep(connection: sa.Connection, trial: Trial) -> None:
    """Keeps the text of an experiment, in the transaction that starts it."""
    row: dict[str, Any] = {"article_id": trial.key.id, "locale": trial.key.locale}
    own = {name: getattr(trial, name) for name in _FIELDS if name not in row}
    connection.execute(sa.insert(article_trials), {**row, **own})


class TrialLog:
    """Implements `article_trials.TrialStore` and what `trial_index` asks of `bot.experimenting`.

    Raises `StorageUnavailable`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def trial(self, experiment_id: str) -> Trial | None:
        """The text of an experiment; None where it tries none."""
        with self._database.reading() as connection:
            row = connection.execute(_OF_EXPERIMENT, {"id": experiment_id}).first()
        if row is None:
            return None
        id_, article_id, locale, *rest = row
        return Trial(id_, ArticleKey(article_id, locale), *rest)

    def served(self, experiment_id: str) -> str | None:
        """The text as long as its experiment runs."""
        with self._database.reading() as connection:
            source: str | None = connection.execute(_SERVED, {"id": experiment_id}).scalar()
        return source

    def met(self, key: ArticleKey, since: dt.datetime) -> int:
        """Conversations since then in its language that were answered from an article, or in which it was nearest."""
        # An id stands in a list of JSON with its quotation marks, so none that begins alike is taken for it.
        listed = codec.strings_to_json((key.id,))[1:-1]
        about = sa.or_(facts.c.about == key.id, facts.c.articles.contains(listed, autoescape=True))
        with self._database.reading() as connection:
            found = connection.execute(_MET.where(about), {"since": since, "locale": key.locale})
            return int(found.scalar_one())

    def tried(self, key: ArticleKey, revision: str) -> Tried | None:
        """A text that an experiment tries or tried; None for any other revision."""
        of = {"article_id": key.id, "locale": key.locale, "revision": revision}
        with self._database.reading() as connection:
            row = connection.execute(_TRIED, of).first()
        return None if row is None else Tried(row[0], row[1], row[2], row[3] is not None)
