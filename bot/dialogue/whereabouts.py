"""Where a customer writes from, as the page says it: what may rank articles and stand on a ticket, never more."""

from dataclasses import dataclass, fields
from typing import Final

#: Characters of one value; a page says a name, not a story.
MOST_CHARS: Final = 100


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What the page of a customer says of itself. Any stranger can say anything here, so nothing is decided by it."""

    product: str = ""
    plan: str = ""
    page: str = ""

    def told(self) -> tuple[tuple[str, str], ...]:
        """What was said, each with its name."""
        return tuple((one.name, said) for one in fields(self) if (said := getattr(self, one.name)))


NOWHERE: Final = Whereabouts()
