"""What became of articles, counted from the ledger's facts."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa

from bot.ledger.facts import FactKind
from bot.storage import codec
from bot.storage.engine import Database
from bot.storage.tables import facts

_USES: Final = (
    sa.select(facts.c.articles, sa.func.count(facts.c.conversation_id.distinct()))
    .where(facts.c.at >= sa.bindparam("start"), facts.c.at < sa.bindparam("end"))
    .where(facts.c.kind.in_([FactKind.ANSWERED.value, FactKind.PAGE_HELPED.value]), facts.c.articles != "")
    .group_by(facts.c.articles)
)


class UseLog:
    """Implements `bot.help_centre.popular.Uses`; raises `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def uses(self, start: dt.datetime, end: dt.datetime) -> Mapping[str, int]:
        """By article id: conversations that it was the answer in, and readers of its page who said that it helped."""
        found: Counter[str] = Counter()
        with self._database.reading() as connection:
            for articles, count in connection.execute(_USES, {"start": start, "end": end}):
                # The first one is the answer, the others stand beside it.
                found[codec.strings_from_json(articles)[0]] += count
        return found
