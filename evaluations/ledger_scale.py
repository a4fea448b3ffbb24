"""`python -m evaluations.ledger_scale [URL]`: how long a report takes with up to a million facts, and how it grows."""

import datetime as dt
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.ledger.counting import Counting
from bot.ledger.hours import Hours
from bot.ledger.periods import Span
from bot.ledger.reviewing import Reviewing
from bot.ledger.tally import DAY
from bot.ledger.targets import load_targets
from bot.storage.counted import CountedLog
from bot.storage.engine import Database, open_database
from bot.storage.ledger import LedgerLog
from bot.storage.schema import migrate
from evaluations.traffic import START, draw_world, simulate

#: A year: a quarter and the one before it are full.
DAYS = 365
#: Conversations a day; a conversation leaves one and a half facts on average.
A_DAY = (15, 150, 1700)
_BATCH = 20_000


@dataclass(frozen=True, slots=True)
class ScaleRow:
    """Seconds of the wall clock."""

    facts: int
    first_quarter_s: float
    """The first report: it counts the days of two quarters."""
    quarter_s: float
    """The same again, from the counts that are kept."""
    year_s: float
    """A whole year's counts, read and added up."""
    rebuilt_s: float
    """Counting all days of the year anew, as after a change of a definition."""


def measure(database: Database, a_day: int) -> ScaleRow:
    """Fills an empty database and reports on it."""
    log = LedgerLog(database)
    traffic = simulate(draw_world(np.random.default_rng(1)), 1, days=DAYS, a_day=a_day)
    for start in range(0, len(traffic.facts), _BATCH):
        log.append(traffic.facts[start : start + _BATCH])
    # As old facts would be: in the database's files, and known to its planner.
    with database.writing() as connection:
        connection.exec_driver_sql("ANALYZE")
    until = START + DAY * DAYS
    now = dt.datetime(until.year, until.month, until.day, tzinfo=dt.UTC) + DAY * 9
    hours = Hours()
    counting = Counting(log, CountedLog(database, hours), hours, lambda: now)
    reviewing = Reviewing(counting, log, load_targets())
    found = []
    for _ in range(2):
        begun = time.perf_counter()
        reviewing.review(Span.QUARTER, until)
        found.append(time.perf_counter() - begun)
    for _ in range(2):
        begun = time.perf_counter()
        counting.counted(START, until)
        found.append(time.perf_counter() - begun)
    first, again, rest, year = found
    return ScaleRow(len(traffic.facts), first, again, year, first + rest)


def main() -> None:
    """Measures each size on a fresh SQLite file, or one size on the empty database whose address is given."""
    if len(sys.argv) > 1:
        rows = [_on(sys.argv[1], A_DAY[-1])]
    else:
        rows = []
        for a_day in A_DAY:
            with tempfile.TemporaryDirectory() as folder:
                rows.append(_on(f"sqlite:///{Path(folder) / 'tierzero.db'}", a_day))
    print("facts      first quarter   quarter again   a year   all days anew   (s)")
    for row in rows:
        print(
            f"{row.facts:<10} {row.first_quarter_s:13.3f} {row.quarter_s:15.3f} {row.year_s:8.3f} {row.rebuilt_s:15.1f}"
        )


def _on(url: str, a_day: int) -> ScaleRow:
    database = open_database(url)
    try:
        migrate(database)
        return measure(database, a_day)
    finally:
        database.close()


if __name__ == "__main__":
    main()
