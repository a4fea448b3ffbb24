"""The review flow: counts of a period and of the one before in, a review out."""

import datetime as dt

from bot.ledger.counting import Counting
from bot.ledger.periods import Span, ending
from bot.ledger.review import Review, review
from bot.ledger.targets import Targets


class Reviewing:
    """Reviews of periods."""

    def __init__(self, counting: Counting, targets: Targets) -> None:
        self._counting = counting
        self._targets = targets

    def review(self, span: Span, until: dt.date | None = None) -> Review:
        """The period that ends before `until`, by default the newest that can be counted in full.

        Raises `ValueError` for a day so early that there is no such period.
        """
        period = ending(span, until or self._counting.newest())
        counted = self._counting.counted(period.before.first, period.until)
        return review(
            period,
            {day: one for day, one in counted.items() if day >= period.first},
            {day: one for day, one in counted.items() if day < period.first},
            self._counting.young(period),
            self._targets,
        )
