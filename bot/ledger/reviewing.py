"""The review flow: counts days whose windows have closed, keeps the counts, and puts a review together."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Final

from bot.ledger.periods import Span, ending
from bot.ledger.ports import LedgerStore
from bot.ledger.review import Review, review
from bot.ledger.stories import WINDOW
from bot.ledger.tally import DAY, GRACE, Tally, closed, start_of, tally_days
from bot.ledger.targets import Targets

#: Days whose facts are in memory at once; each run of them also reads a window beyond its end.
_AT_ONCE: Final = 28


class Reviewing:
    """Reviews of periods."""

    def __init__(self, store: LedgerStore, targets: Targets, now: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._targets = targets
        self._now = now

    def newest(self) -> dt.date:
        """The day before which every day can be counted."""
        return (self._now() - WINDOW - GRACE).date()

    def review(self, span: Span, until: dt.date | None = None) -> Review:
        """The period that ends before `until`, by default the newest that can be counted in full.

        Raises `ValueError` for a day so early that there is no such period.
        """
        period = ending(span, until or self.newest())
        counted = self.counted(period.before.first, period.until)
        since = self._store.conversations_with(start_of(period.until), self._now())
        return review(
            period,
            {day: one for day, one in counted.items() if day >= period.first},
            {day: one for day, one in counted.items() if day < period.first},
            since,
            self._targets,
        )

    def counted(self, first: dt.date, until: dt.date) -> Mapping[dt.date, Tally]:
        """Counts of each day from `first` up to and without `until` that nothing can change any more."""
        now = self._now()
        wanted = [first + DAY * place for place in range((until - first).days)]
        wanted = [day for day in wanted if closed(day, now)]
        if not wanted:
            return {}
        found = dict(self._store.days(wanted[0], wanted[-1]))
        for run in _runs([day for day in wanted if day not in found]):
            facts = self._store.facts(start_of(run[0]), start_of(run[-1]) + DAY + WINDOW)
            made = tally_days(facts, run[0], run[-1])
            self._store.keep_days(made)
            found.update(made)
        return {day: found[day] for day in wanted}


def _runs(days: Sequence[dt.date]) -> list[list[dt.date]]:
    """Days in order, cut where one is missing and where a run grows long."""
    runs: list[list[dt.date]] = [[days[0]]] if days else []
    for before, day in pairwise(days):
        if day - before != DAY or len(runs[-1]) == _AT_ONCE:
            runs.append([])
        runs[-1].append(day)
    return runs
