"""`python -m evaluations.ledger_scale [URL]`: how long reports and insights take with up to a million facts."""

import datetime as dt
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np

from bot.insights.evidence import Cut
from bot.insights.overview import Insights
from bot.ledger.counting import Counting
from bot.ledger.evidence import LINES
from bot.ledger.filters import Filter
from bot.ledger.hours import Hours
from bot.ledger.periods import Span, ending
from bot.ledger.reviewing import Reviewing
from bot.ledger.tally import DAY
from bot.ledger.targets import load_targets
from bot.storage.counted import CountedLog
from bot.storage.engine import Database, open_database
from bot.storage.insights import InsightLog
from bot.storage.ledger import LedgerLog
from bot.storage.schema import migrate
from evaluations.traffic import START, draw_world, simulate

#: A year: a quarter and the one before it are full.
DAYS = 365
#: Conversations a day; a conversation leaves one and a half facts on average.
A_DAY = (170, 510, 1700)
_BATCH = 20_000

#: Every third conversation is in this language, so that there is something to filter by.
_EVERY = 3


@dataclass(frozen=True, slots=True)
class ScaleRow:
    """Seconds of the wall clock, but for the first column."""

    facts: int
    one_day: float
    """Counting a day when its week is over, which a server does beside its work."""
    month_first: float
    """A report of a month and the one before, none of whose days was counted yet."""
    month_again: float
    """The same from the counts that are kept."""
    all_days: float
    """Counting every day of the year anew, as after a change of a definition."""
    overview_month: float
    """What `/insights` looks up; a server has counted the days before."""
    overview_quarter: float
    filtered_month: float
    """The overview of one language, from the counts of its part of each day."""
    filtered_quarter: float
    recounted_month: float
    """The overview of one language and product, for which no counts are kept: from the records."""
    behind: float
    """A page of the conversations behind a figure of a quarter."""


def measure(database: Database, a_day: int) -> ScaleRow:
    """Fills an empty database and reports on it."""
    log = LedgerLog(database)
    traffic = simulate(draw_world(np.random.default_rng(1)), 1, days=DAYS, a_day=a_day)
    for start in range(0, len(traffic.facts), _BATCH):
        batch = traffic.facts[start : start + _BATCH]
        log.append(
            [
                replace(
                    one, language="de" if zlib.crc32(one.conversation_id.encode()) % _EVERY == 0 else "en"
                )
                for one in batch
            ]
        )
    _analyse(database)
    until = START + DAY * DAYS
    now = dt.datetime(until.year, until.month, until.day, tzinfo=dt.UTC) + DAY * 9
    hours = Hours()
    counting = Counting(log, CountedLog(database, hours), hours, lambda: now)
    reviewing = Reviewing(counting, load_targets())
    one_day = _timed(lambda: counting.counted(until - DAY, until))
    month_first = _timed(lambda: reviewing.review(Span.MONTH, until))
    month_again = _timed(lambda: reviewing.review(Span.MONTH, until))
    all_days = _timed(lambda: counting.counted(START, until))
    _analyse(database)
    insights = Insights(
        *(counting, log, InsightLog(database), load_targets()),
        now=lambda: now,
    )
    month, quarter = ending(Span.MONTH, until), ending(Span.QUARTER, until)
    one = Filter(language="de")
    return ScaleRow(
        len(traffic.facts),
        one_day,
        month_first,
        month_again,
        all_days,
        _timed(lambda: insights.overview(month, Filter())),
        _timed(lambda: insights.overview(quarter, Filter())),
        _timed(lambda: insights.overview(month, one)),
        _timed(lambda: insights.overview(quarter, one)),
        _timed(lambda: insights.overview(month, replace(one, product="Wren"))),
        _timed(
            lambda: InsightLog(database).behind(
                quarter.first, until, Filter(), Cut(LINES["escalation_rate"]), 50, 0
            )
        ),
    )


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _analyse(database: Database) -> None:
    """As old rows would be: in the database's files, and known to its planner."""
    with database.writing() as connection:
        connection.exec_driver_sql("ANALYZE")


def main() -> None:
    """Measures each size on a fresh SQLite file, or the largest on the empty database whose address is given."""
    names = [one.name for one in fields(ScaleRow)]
    print("  ".join(f"{name:>16}" for name in names), flush=True)
    for a_day in A_DAY[-1:] if len(sys.argv) > 1 else A_DAY:
        with tempfile.TemporaryDirectory() as folder:
            row = _on(
                sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{Path(folder) / 'tierzero.db'}", a_day
            )
        print("  ".join(f"{getattr(row, name):>16.5g}" for name in names), flush=True)


def _on(url: str, a_day: int) -> ScaleRow:
    database = open_database(url)
    try:
        migrate(database)
        return measure(database, a_day)
    finally:
        database.close()


if __name__ == "__main__":
    main()
