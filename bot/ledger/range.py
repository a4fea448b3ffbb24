"""One figure of a report: what is known of it, how surely, and what that means for its target."""

from dataclasses import dataclass
from enum import StrEnum

from bot.ledger.targets import Verdict


class Unit(StrEnum):
    """What a figure is measured in."""

    SHARE = "share"
    SCORE = "score"
    SECONDS = "seconds"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Range:
    """What is known of a figure: at least `low`, at most `high`; the ends of its 95% interval lie around them."""

    name: str
    title: str
    meaning: str
    """The definition in one sentence, to be shown beside the figure."""
    unit: Unit
    low: float | None
    high: float | None
    """Both the same where the facts leave no room; None where there is nothing to count, or it never ended."""
    floor: float
    ceiling: float
    """Ends of the 95% interval around both; infinite where nothing is known."""
    of: int
    """How many conversations, hand-offs or surveys it rests on."""
    verdict: Verdict | None
    """None where no target is set, or nothing was counted."""
