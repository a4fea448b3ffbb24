"""Counts days whose windows have closed, and keeps what was counted."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Final

from bot.ledger.filters import Filter
from bot.ledger.hours import Hours
from bot.ledger.periods import Period
from bot.ledger.ports import CountedStore, FactStore
from bot.ledger.records import Basis
from bot.ledger.review import Young
from bot.ledger.stories import WINDOW
from bot.ledger.tally import DAY, GRACE, Tally, closed, counted_days, start_of

#: Days whose facts are in memory at once; each run of them also reads a window beyond its end.
_AT_ONCE: Final = 28
#: Days that a server counts in one go, beside answering customers.
STEP: Final = 7


class Counting:
    """Counts of days, made once and kept."""

    def __init__(
        self, facts: FactStore, kept: CountedStore, hours: Hours, now: Callable[[], dt.datetime]
    ) -> None:
        self._facts = facts
        self._kept = kept
        self._hours = hours
        self._now = now

    def newest(self) -> dt.date:
        """The day before which every day can be counted."""
        return (self._now() - WINDOW - GRACE).date()

    def young(self, period: Period) -> Young:
        """What came since a period and is too young to be counted.

        After a period long past that is not all that followed: what could be counted since has figures of its own.
        """
        first, earliest = max(period.until, self.newest()), self._facts.earliest()
        began = earliest.astimezone(dt.UTC).date() if earliest else None
        return Young(first, self._facts.conversations_with(start_of(first), self._now()), began)

    def counted(self, first: dt.date, until: dt.date) -> Mapping[dt.date, Tally]:
        """Counts of each day from `first` up to and without `until` that nothing can change any more.

        Those that were never counted are counted now, however long that takes.
        """
        wanted = self._closed(first, until)
        if not wanted:
            return {}
        known = self._kept.known(wanted[0], wanted[-1])
        for run in _runs([day for day in wanted if day not in known]):
            self._count(run)
        return self._kept.days(wanted[0], wanted[-1])

    def kept(self, first: dt.date, until: dt.date, wanted: Filter | None = None) -> Mapping[dt.date, Tally]:
        """Likewise, of the days that are counted already alone, and of the conversations that a filter asks for."""
        days = self._closed(first, until)
        if not days:
            return {}
        if wanted is None or wanted.is_empty:
            return self._kept.days(days[0], days[-1])
        known = self._kept.known(days[0], days[-1])
        found = self._kept.filtered(days[0], days[-1], wanted)
        return {day: found.get(day, Tally()) for day in days if day in known}

    def step(self) -> bool:
        """Counts a few of the newest days that are not counted yet; whether any are left.

        A server does so all the time, so that whoever asks for figures finds every day counted.
        """
        missing = self._missing()
        for run in _runs(missing[-STEP:]):
            self._count(run)
        return len(missing) > STEP

    def missing(self) -> int:
        """How many closed days are not counted yet."""
        return len(self._missing())

    def _missing(self) -> list[dt.date]:
        earliest = self._facts.earliest()
        if earliest is None:
            return []
        wanted = self._closed(earliest.astimezone(dt.UTC).date(), self.newest())
        known = self._kept.known(wanted[0], wanted[-1]) if wanted else frozenset()
        return [day for day in wanted if day not in known]

    def _closed(self, first: dt.date, until: dt.date) -> list[dt.date]:
        now = self._now()
        days = [first + DAY * place for place in range((until - first).days)]
        return [day for day in days if closed(day, now)]

    def _count(self, run: Sequence[dt.date]) -> None:
        basis = Basis(self._hours, self._facts.subjects())
        facts = self._facts.facts(start_of(run[0]), start_of(run[-1]) + DAY + WINDOW)
        # A day a transaction: customers who write meanwhile wait for one day's rows at most.
        for day, own in counted_days(facts, run[0], run[-1], basis).items():
            self._kept.keep(day, own)


def _runs(days: Sequence[dt.date]) -> list[list[dt.date]]:
    """Days in order, cut where one is missing and where a run grows long."""
    runs: list[list[dt.date]] = [[days[0]]] if days else []
    for before, day in pairwise(days):
        if day - before != DAY or len(runs[-1]) == _AT_ONCE:
            runs.append([])
        runs[-1].append(day)
    return runs
