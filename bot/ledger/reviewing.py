"""The review flow: counts of a period and of the one before in, a review out."""

import datetime as dt

from bot.ledger.counting import Counting
from bot.ledger.periods import Span, ending
from bot.ledger.ports import FactStore
from bot.ledger.review import Review, review
from bot.ledger.tally import start_of
from bot.ledger.targets import Targets


class Reviewing:
    """Reviews of periods."""

    def __init__(self, counting: Counting, facts: FactStore, targets: Targets) -> None:
        self._counting = counting
        self._facts = facts
        self._targets = targets

    def review(self, span: Span, until: dt.date | None = None) -> Review:
        """The period that ends before `until`, by default the newest that can be counted in full.

        Raises `ValueError` for a day so early that there is no such period.
        """
        period = ending(span, until or self._counting.newest())
        counted = self._counting.counted(period.before.first, period.until)
        since = self._facts.conversations_with(start_of(period.until), self._counting.now())
        return review(
            period,
            {day: one for day, one in counted.items() if day >= period.first},
            {day: one for day, one in counted.items() if day < period.first},
            since,
            self._targets,
        )
