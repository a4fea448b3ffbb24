"""Counts in, a share with the interval that its size allows out."""

from dataclasses import dataclass

from bot.ledger import intervals


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    count: int
    of: int
    low: float
    high: float
    """Ends of the 95% interval, within 0..1."""

    @property
    def value(self) -> float | None:
        """The share, 0..1; None where there is nothing to be a share of."""
        return self.count / self.of if self.of else None

    @property
    def rounded(self) -> float | None:
        """The share as reports have it."""
        return round(self.count / self.of, 6) if self.of else None

    @property
    def interval(self) -> list[float]:
        """Both ends, as reports have them."""
        return [round(self.low, 6), round(self.high, 6)]


def share(count: int, of: int) -> Share:
    """A share with its Wilson score interval (Wilson 1927, "Probable inference"), which holds for small counts too.

    Nothing is known of a share of nothing: its interval is 0..1.
    """
    one = intervals.share(count, of)
    return Share(one.count, one.of, one.low, one.high)


def shown(one: Share) -> str:
    """A share for people: `.950 (.764 to .991, 19 of 20)`."""
    if one.value is None:
        return "none to count"
    return f"{one.value:.3f} (95% {one.low:.3f} to {one.high:.3f}, {one.count} of {one.of})"
