"""A signal's value in, what it adds to the logit of a probability out: straight lines between a few points."""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Curve:
    """What a signal adds, by its value; beyond the first and last point it goes on as straight as before them."""

    name: str
    """The signal's."""
    at: tuple[float, ...]
    """Values of the signal, ascending, two or more."""
    adds: tuple[float, ...]
    """What each of them adds, in logits."""

    def slope(self, value: float) -> float:
        """Logits that one more of the signal would add there."""
        left = self._left(value)
        return (self.adds[left + 1] - self.adds[left]) / (self.at[left + 1] - self.at[left])

    def __call__(self, value: float) -> float:
        """What the value adds, in logits."""
        left = self._left(value)
        return self.adds[left] + (value - self.at[left]) * self.slope(value)

    def _left(self, value: float) -> int:
        """The first point of the line that the value is on."""
        return min(max(bisect_right(self.at, value) - 1, 0), len(self.at) - 2)


def read(raw: Mapping[str, Any]) -> Curve:
    """A curve from its JSON; raises `ValueError` where its points make no curve."""
    curve = Curve(str(raw["name"]), _numbers(raw["at"]), _numbers(raw["adds"]))
    if len(curve.at) < 2 or len(curve.at) != len(curve.adds):
        raise ValueError(f"the curve of {curve.name} needs two points or more, each with what it adds")
    if any(right <= left for left, right in zip(curve.at, curve.at[1:], strict=False)):
        raise ValueError(f"the points of the curve of {curve.name} do not ascend")
    return curve


def _numbers(raw: Sequence[Any]) -> tuple[float, ...]:
    numbers = tuple(map(float, raw))
    if not all(map(math.isfinite, numbers)):
        raise ValueError("a number of a curve is none")
    return numbers
