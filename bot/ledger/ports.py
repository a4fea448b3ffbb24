"""What the ledger needs of a database; `bot.storage.ledger` implements it, tests may too."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.ledger.facts import Fact, FactKind
from bot.ledger.tally import Tally


class LedgerStore(Protocol):
    """Facts, and the counts derived from them."""

    def append(self, facts: Sequence[Fact]) -> None:
        """Adds facts; counts of days that they change are dropped."""

    def facts(self, start: dt.datetime, end: dt.datetime) -> Sequence[Fact]:
        """What happened from `start` up to and without `end`."""

    def conversations_with(self, start: dt.datetime, end: dt.datetime) -> Mapping[FactKind, int]:
        """For each kind of fact, how many conversations have one in that time."""

    def days(self, first: dt.date, last: dt.date) -> Mapping[dt.date, Tally]:
        """Counts that are kept of the days from `first` to `last`, made by the definitions in force."""

    def keep_days(self, counted: Mapping[dt.date, Tally]) -> None:
        """Keeps counts of days; they may be thrown away at any time."""
