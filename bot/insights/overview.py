"""The insights flow: a period and a filter in, the overview and the volume of what comes in out."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol

from bot.ledger.counting import Counting
from bot.ledger.filters import Filter
from bot.ledger.forecast import MOST, Forecast, forecast
from bot.ledger.parts import Hour
from bot.ledger.periods import Period
from bot.ledger.ports import FactStore
from bot.ledger.review import Review, review
from bot.ledger.tally import DAY, start_of
from bot.ledger.targets import Targets

#: A filter that lets all conversations through.
EVERYTHING: Final = Filter()


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to filter by."""

    languages: tuple[str, ...]
    channels: tuple[str, ...]
    products: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the first page shows."""

    review: Review
    hours: Mapping[int, Hour]
    choices: Choices
    left_out: int
    """Closed days of both periods that are not counted yet; the server is at it."""


@dataclass(frozen=True, slots=True)
class Volume:
    """How much comes in."""

    days: tuple[tuple[dt.date, int], ...]
    """Conversations opened (UTC)."""
    until: dt.date
    """The day before which they end: today, or the first that is not counted where a filter needs counts."""
    channels: Mapping[str, int]
    """Of all those days, by channel, whichever channel is asked for."""
    choices: Choices
    ahead: Forecast | None
    """None where the history is too short to tell a week from chance."""


class RecordStore(Protocol):
    """What was counted of days and their parts."""

    def hours(self, first: dt.date, last: dt.date, wanted: Filter) -> Mapping[int, Hour]:
        """Conversations by the hour of the team's week, 0 to 167."""

    def choices(self, first: dt.date, last: dt.date) -> Choices:
        """What conversations of those days can be filtered by."""


class Insights:
    """What is known of how support goes."""

    def __init__(
        self,
        counting: Counting,
        facts: FactStore,
        records: RecordStore,
        targets: Targets,
        *,
        now: Callable[[], dt.datetime],
    ) -> None:
        self._counting = counting
        self._facts = facts
        self._records = records
        self.targets = targets
        self._now = now

    def newest(self) -> dt.date:
        """The day before which every day can be counted."""
        return self._counting.newest()

    def overview(self, period: Period, wanted: Filter) -> Overview:
        """The period beside the one before it, from days that are counted already: nobody waits for the others."""
        first, last = period.before.first, period.until - DAY
        counted = self._counting.kept(first, period.until, wanted)
        began = self._facts.earliest()
        since_day = began.astimezone(dt.UTC).date() if began else self.newest()
        closed = sum(since_day <= day < self.newest() for day in _days(first, period.until))
        known = sum(day >= since_day for day in counted)
        found = review(
            period,
            {day: one for day, one in counted.items() if day >= period.first},
            {day: one for day, one in counted.items() if day < period.first},
            self._counting.young(period),
            self.targets,
        )
        return Overview(
            found,
            self.hours(period, wanted),
            self._records.choices(period.first, last),
            max(closed - known, 0),
        )

    def hours(self, period: Period, wanted: Filter) -> Mapping[int, Hour]:
        """Conversations of a period by the hour of the team's week."""
        return self._records.hours(period.first, period.until - DAY, wanted)

    def volume(self, wanted: Filter = EVERYTHING) -> Volume:
        """Conversations opened each day up to yesterday, whether counted yet or not, with two weeks ahead.

        Of a language, product or tag those of counted days alone: what a conversation is about is told by what happens
        in it later.
        """
        today, newest, whole = self._now().date(), self.newest(), replace(wanted, channel="")
        first, until = today - MOST * DAY, today if whole.is_empty else newest
        counted = self._counting.kept(first, newest, whole)
        by_day: dict[dt.date, dict[str, int]] = {day: dict(one.channels) for day, one in counted.items()}
        if whole.is_empty:
            for (day, name), count in self._facts.opened(start_of(newest), start_of(today)).items():
                by_day.setdefault(day, {})[name] = count
        busy = [day for day, channels in by_day.items() if channels]
        history = [
            (day, sum(count for name, count in by_day.get(day, {}).items() if wanted.channel in ("", name)))
            for day in (_days(min(busy), until) if busy else ())
        ]
        totals: Counter[str] = Counter()
        for channels in by_day.values():
            totals.update(channels)
        ahead = forecast([float(count) for _, count in history], until)
        choices = self._records.choices(first, newest - DAY)
        return Volume(tuple(history), until, dict(totals), choices, ahead)


def _days(first: dt.date, until: dt.date) -> list[dt.date]:
    return [first + DAY * place for place in range((until - first).days)]
