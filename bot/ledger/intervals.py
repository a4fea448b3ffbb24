"""Counts in, a share with the interval that its size allows out."""

import math
from dataclasses import dataclass
from typing import Final

#: Quantile of the normal distribution that leaves 2.5% on either side.
_Z: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many, with the ends of the 95% interval, within 0..1."""

    count: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        """The share, 0..1; None where there is nothing to be a share of."""
        return self.count / self.of if self.of else None


def share(count: int, of: int) -> Share:
    """A share with its Wilson score interval (Wilson 1927, "Probable inference"), good for small counts too.

    Nothing is known of a share of nothing: its interval is 0..1.
    """
    if not of:
        return Share(0, 0, 0.0, 1.0)
    found, weight = count / of, _Z * _Z / of
    middle = (found + weight / 2.0) / (1.0 + weight)
    reach = _Z * math.sqrt(found * (1.0 - found) / of + weight / (4.0 * of)) / (1.0 + weight)
    # The ends of 0 of n and n of n are 0 and 1 on paper and not quite in the last bit.
    low = 0.0 if count == 0 else max(middle - reach, 0.0)
    high = 1.0 if count == of else min(middle + reach, 1.0)
    return Share(count, of, low, high)


@dataclass(frozen=True, slots=True)
class Change:
    """How much a share is above an earlier one, with the ends of the 95% interval."""

    value: float
    low: float
    high: float

    @property
    def real(self) -> bool:
        """Whether chance alone seldom makes such a difference."""
        return self.low > 0.0 or self.high < 0.0


def change(before: Share, now: Share) -> Change | None:
    """The difference of two independent shares (Newcombe 1998, method 10, "Interval estimation for the difference").

    None where one of them is a share of nothing.
    """
    if before.value is None or now.value is None:
        return None
    value = now.value - before.value
    down = math.hypot(now.value - now.low, before.high - before.value)
    up = math.hypot(now.high - now.value, before.value - before.low)
    return Change(value, value - down, value + up)
