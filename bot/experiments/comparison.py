"""What became of the conversations of both arms in, the lines of the page out: each with its range and verdict."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from bot.experiments.experiment import Arm
from bot.experiments.sequential import Difference, difference
from bot.ledger.intervals import Share, share

#: All lines of a page hold together with this certainty, however often it is looked at.
CERTAINTY: Final = 0.95


@dataclass(frozen=True, slots=True)
class Settled:
    """A conversation of one arm whose window has closed."""

    arm: Arm
    confirmed: bool
    """It is in the lower bound of deflection."""
    contained: bool
    """It is in the upper bound."""
    ticket: bool
    """The bot brought in a person."""
    not_helped: bool
    """The customer said of an answer that it did not help."""
    conversation_id: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of both arms."""

    name: str
    title: str
    good: bool
    """Whether more of it is better."""
    a: Share
    b: Share
    difference: Difference

    @property
    def verdict(self) -> str:
        """What may be said of it, now and at any other time."""
        if not self.difference.real:
            return "no real difference yet"
        higher = self.difference.low > 0.0
        return "B is better" if higher is self.good else "A is better"


#: Name, title, and whether more of it is better; each is a field of `Settled`.
_LINES: Final = (
    ("confirmed", "Deflection, at least (the customer said so)", True),
    ("contained", "Deflection, at most (nothing speaks against it)", True),
    ("ticket", "Became a ticket", False),
    ("not_helped", "An answer did not help, the customer said", False),
)


#: What each figure is called, by its name.
TITLES: Final = {name: title for name, title, _ in _LINES}
#: Two equal numbers are called unequal once in so many experiments, however often somebody looks.
_FALSE_ALARM: Final = 0.001


def uneven(a: int, b: int) -> bool:
    """Whether so many in arm A and B cannot well come of a fair coin: then the arms differ in more than is tried.

    Somebody who bets on every other coin alike has multiplied their stake by 1 / false alarm: the likelihood ratio of a
    uniform mixture, which may be looked at at any time (Ville's inequality; Lindon & Malek 2022, arXiv 2011.03567).
    """
    # 2^n times the mean of p^b (1 - p)^a over p in 0..1, which is 1 / ((n + 1) (n over b)).
    choices = math.lgamma(a + b + 1) - math.lgamma(a + 1) - math.lgamma(b + 1)
    return (a + b) * math.log(2.0) - math.log(a + b + 1) - choices >= -math.log(_FALSE_ALARM)


def behind(settled: Sequence[Settled], figure: str, arm: Arm) -> list[str]:
    """Ids of the conversations of an arm in which a figure of the page came true, the newest first.

    Raises `KeyError` for a name that is no figure.
    """
    if figure not in TITLES:
        raise KeyError(figure)
    return [one.conversation_id for one in reversed(settled) if one.arm is arm and getattr(one, figure)]


def compared(settled: Sequence[Settled]) -> tuple[Line, ...]:
    """The lines, from conversations in the order in which they were settled, one a customer.

    The chance of a false alarm is split among the lines (Bonferroni), so that it is `1 - CERTAINTY` for the page.
    """
    in_b = np.asarray([one.arm is Arm.B for one in settled], dtype=np.bool_)
    certainty = 1.0 - (1.0 - CERTAINTY) / len(_LINES)
    lines = []
    for name, title, good in _LINES:
        happened = np.asarray([getattr(one, name) for one in settled], dtype=np.bool_)
        a, b = happened[~in_b], happened[in_b]
        lines.append(
            Line(
                *(name, title, good),
                share(int(a.sum()), len(a)),
                share(int(b.sum()), len(b)),
                difference(in_b, happened, certainty),
            )
        )
    return tuple(lines)
