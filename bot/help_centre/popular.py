"""What a month's readers were helped by in, the articles that a help centre's home shows first out."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol

from bot.help_centre.shelves import Category, Listed

#: What is looked back at, and how old the count may be: it changes slowly, and every home page asks for it.
SPAN: Final = dt.timedelta(days=30)
COUNTED_FOR: Final = dt.timedelta(hours=1)
#: Uses from which an article may be called popular, and articles of which a list is made: with fewer, chance made it.
FEWEST_USES: Final = 3
FEWEST: Final = 3
MOST: Final = 6


class Uses(Protocol):
    """Where it is known what became of articles."""

    def uses(self, start: dt.datetime, end: dt.datetime) -> Mapping[str, int]:
        """By article id: conversations that it was the answer in, and readers of its page who said that it helped."""


class Popular:
    """Ranks the articles that readers are shown."""

    def __init__(self, uses: Uses, *, now: Callable[[], dt.datetime]) -> None:
        self._uses = uses
        self._now = now
        self._counted: tuple[dt.datetime, Mapping[str, int]] | None = None

    def of(self, shelves: Sequence[Category]) -> tuple[Listed, ...]:
        """The most used ones of what a reader may see, the most used first; none where too few were used."""
        known = {one.id: one for shelf in shelves for one in shelf.articles}
        counts = self._counts()
        used = [id_ for id_ in known if counts.get(id_, 0) >= FEWEST_USES]
        if len(used) < FEWEST:
            return ()
        ranked = sorted(used, key=lambda id_: (-counts[id_], id_))
        return tuple(known[id_] for id_ in ranked[:MOST])

    def _counts(self) -> Mapping[str, int]:
        now, counted = self._now(), self._counted
        if counted is None or not counted[0] <= now < counted[0] + COUNTED_FOR:
            # Two requests may both count; each counts what is true.
            counted = self._counted = (now, self._uses.uses(now - SPAN, now))
        return counted[1]
