"""Business hours in, the seconds of them between two moments out; fast enough for each of a million."""

import datetime as dt
from bisect import bisect_right
from typing import Final

from bot.desk.calendars import ALWAYS, Calendar, openings

#: Openings are worked out for so many days at once, and kept.
_BLOCK_DAYS: Final = 64
_BLOCK: Final = _BLOCK_DAYS * 86_400


class Hours:
    """Counts the time a team was there, as `bot.desk.calendars.between` does, by looking sums up."""

    def __init__(self, calendar: Calendar = ALWAYS) -> None:
        self.calendar = calendar
        self._always = calendar == ALWAYS
        self._blocks: dict[int, tuple[list[float], list[float]]] = {}

    def between(self, first: dt.datetime, last: dt.datetime) -> float:
        """Seconds that the team was there between two moments; none where `last` comes first."""
        if self._always:
            return max((last - first).total_seconds(), 0.0)
        start, end = first.timestamp(), last.timestamp()
        if end <= start:
            return 0.0
        first_block, last_block = int(start // _BLOCK), int(end // _BLOCK)
        whole = sum(self._edges(block)[1][-1] for block in range(first_block, last_block))
        return whole + self._before(last_block, end) - self._before(first_block, start)

    def hour_of_week(self, at: dt.datetime) -> int:
        """The hour on the team's clock, from 0 (Monday after midnight) to 167."""
        local = at.astimezone(self.calendar.zone)
        return 24 * local.weekday() + local.hour

    def _before(self, block: int, moment: float) -> float:
        """Seconds that the team was there from the beginning of a block up to a moment in it."""
        edges, sums = self._edges(block)
        place = bisect_right(edges, moment) - 1
        # Edges alternate: where the team comes (odd places, after the first), and where it goes.
        return sums[place] + (moment - edges[place] if place % 2 else 0.0)

    def _edges(self, block: int) -> tuple[list[float], list[float]]:
        """The beginning of a block and each coming and going in it, with the seconds passed before each."""
        known = self._blocks.get(block)
        if known is not None:
            return known
        start = float(block * _BLOCK)
        edges, sums, passed = [start], [0.0], 0.0
        begin = dt.datetime.fromtimestamp(start, dt.UTC)
        for opens, closes in openings(self.calendar, begin, days=_BLOCK_DAYS + 1):
            coming, going = (min(max(one.timestamp(), start), start + _BLOCK) for one in (opens, closes))
            if coming < going:
                edges += [coming, going]
                sums += [passed, passed + going - coming]
                passed = sums[-1]
        self._blocks[block] = edges, sums
        return edges, sums
