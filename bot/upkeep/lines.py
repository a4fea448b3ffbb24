"""What a report says of each article, and of pairs of them; a page filters it, a file carries it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.upkeep.links import Broken
from bot.upkeep.pairs import Contradiction, NearCopy
from bot.upkeep.reading import HARD
from kb.article import ArticleKey


class Trouble(StrEnum):
    """What may need a person's eye."""

    NOT_HELPED = "not_helped"
    READERS = "readers"
    """More readers of its page say that it did not help than say that it did."""
    TICKET = "ticket"
    NEVER_FOUND = "never_found"
    OVERDUE = "overdue"
    LINKS = "links"
    TRANSLATION = "translation"
    COPY = "copy"
    CONTRADICTION = "contradiction"
    HARD = "hard"


@dataclass(frozen=True, slots=True)
class Line:
    """One article in one language."""

    key: ArticleKey
    title: str
    audience: str
    owner: str
    behind: dict[str, tuple[str, ...]]
    """By what became of it (`bot.upkeep.usage.Usage`), the newest conversations; of all languages together."""
    counts: dict[str, int]
    """The same, how many conversations in all."""
    next_review: dt.date | None
    last_reviewed: dt.date | None
    overdue: bool
    broken: tuple[Broken, ...]
    missing: tuple[str, ...]
    """Languages that it is not translated to; of the default language alone."""
    outdated: str
    """Why a translation is behind its source, or empty."""
    ease: float | None
    """Reading ease, 0 to 100."""
    copies: tuple[ArticleKey, ...]
    contradictions: int

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """Each sort of thing that was found."""
        found = {
            Trouble.NOT_HELPED: self.counts.get("not_helped", 0) > 0,
            Trouble.READERS: self.counts.get("page_not_helped", 0) > self.counts.get("page_helped", 0),
            Trouble.TICKET: self.counts.get("ticket", 0) > 0,
            Trouble.NEVER_FOUND: self.never_found,
            Trouble.OVERDUE: self.overdue,
            Trouble.LINKS: bool(self.broken),
            Trouble.TRANSLATION: bool(self.missing or self.outdated),
            Trouble.COPY: bool(self.copies),
            Trouble.CONTRADICTION: self.contradictions > 0,
            Trouble.HARD: self.ease is not None and self.ease < HARD,
        }
        return tuple(trouble for trouble, there in found.items() if there)

    @property
    def never_found(self) -> bool:
        """Neither cited nor nearest to anything that was asked, and no reader of its page said a word."""
        used = ("shown", "near", "page_helped", "page_not_helped")
        return not any(self.counts.get(kind) for kind in used)


@dataclass(frozen=True, slots=True)
class ArticleReport:
    """All of it."""

    at: dt.datetime
    days: int
    """How far usage looks back."""
    lines: tuple[Line, ...]
    contradictions: tuple[Contradiction, ...]
    copies: tuple[NearCopy, ...]

    def counted(self) -> dict[Trouble, int]:
        """Articles by trouble."""
        return {trouble: sum(trouble in line.troubles for line in self.lines) for trouble in Trouble}


def overdue(next_review: dt.date | None, today: dt.date) -> bool:
    """Whether a review is due; an article without a date has none."""
    return next_review is not None and next_review < today


def ranked(lines: Sequence[Line]) -> tuple[Line, ...]:
    """What costs most first: tickets, then answers that did not help, then the number of troubles."""
    return tuple(
        sorted(
            lines,
            key=lambda one: (
                -one.counts.get("ticket", 0),
                -one.counts.get("not_helped", 0),
                -len(one.troubles),
                one.key,
            ),
        )
    )
