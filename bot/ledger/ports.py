"""What the ledger needs of a database; `bot.storage.ledger` and `bot.storage.counted` implement it, tests may too."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.ledger.facts import Fact, FactKind
from bot.ledger.filters import Filter
from bot.ledger.records import Record, Subject
from bot.ledger.tally import Tally


class FactStore(Protocol):
    """What happened."""

    def append(self, facts: Sequence[Fact]) -> None:
        """Adds facts; counts of days that they change are dropped."""

    def facts(self, start: dt.datetime, end: dt.datetime) -> Sequence[Fact]:
        """What happened from `start` up to and without `end`."""

    def earliest(self) -> dt.datetime | None:
        """When the first thing happened."""

    def conversations_with(self, start: dt.datetime, end: dt.datetime) -> Mapping[FactKind, int]:
        """For each kind of fact, how many conversations have one in that time."""

    def opened(self, start: dt.datetime, end: dt.datetime) -> Mapping[tuple[dt.date, str], int]:
        """How many conversations that count were opened on each day (UTC), by channel, whether counted yet or not."""

    def subjects(self) -> Mapping[str, Subject]:
        """What each article is about."""


class CountedStore(Protocol):
    """What was counted of closed days; all of it may be thrown away and counted again."""

    def days(self, first: dt.date, last: dt.date) -> Mapping[dt.date, Tally]:
        """Counts that are kept of the days from `first` to `last`, made by the definitions and hours in force."""

    def known(self, first: dt.date, last: dt.date) -> frozenset[dt.date]:
        """The days of which counts are kept, without reading them."""

    def keep(self, day: dt.date, of: Sequence[Record]) -> None:
        """Keeps the counts and the records of a day."""

    def filtered(self, first: dt.date, last: dt.date, wanted: Filter) -> Mapping[dt.date, Tally]:
        """Counts of some conversations of those days."""
