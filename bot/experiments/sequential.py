"""Outcomes of two arms in, the range of their difference out: valid however often, and whenever, somebody looks.

A 95% interval that is looked at again and again excludes the truth sooner or later: a fixed test, peeked at
after each of 2,000 conversations, calls two equal arms different nearly half of the time. A *confidence
sequence* holds the truth at all times at once with the probability it names, so one may look daily and stop
on what one sees.

This one bets (Waudby-Smith & Ramdas 2024, "Estimating means of bounded random variables by betting", arXiv
2010.09686; time-uniform by Ville's inequality, see Howard, Ramdas, McAuliffe & Sekhon 2021, "Time-uniform,
nonparametric, nonasymptotic confidence sequences", The Annals of Statistics 49(2), 1055-1080). Each
conversation gives one number whose mean is the difference between the arms whatever the outcome's own rate
does meanwhile: twice the outcome less what was expected of it by those before, with the sign of its arm
(inverse propensity weighting with the known chance of 1/2 and a predictable baseline). Somebody who bets on
it at odds that are fair where the difference is d gets rich only where it is not; the interval holds every d
against which nobody has multiplied their stake by 2 / (1 - certainty). Nothing is approximated, so it holds
from the first conversation on.

What it rests on: the arm is drawn by a fair coin that knows nothing of the outcome, one draw a customer; and
the difference stays about the same while the experiment runs (the rates may drift).
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

#: Stakes that are bet together, each with the same part of the money; a stake near difference / (4 variance) grows
#: fastest. None reaches 1/3: a number lies within 2 of 0 and a difference within 1, so no bet can lose all.
_STAKES: Final = 0.32 * 0.6 ** np.arange(10)
#: Ends are found to this, a fiftieth of a percentage point.
_EXACT: Final = 2e-4


@dataclass(frozen=True, slots=True)
class Difference:
    """How much higher the rate of arm B is than that of arm A, -1..1."""

    value: float | None
    """As seen; None while one of the arms has nobody."""
    low: float
    high: float

    @property
    def real(self) -> bool:
        """Whether the range excludes that there is none."""
        return self.low > 0.0 or self.high < 0.0


def difference(in_b: Flags, happened: Flags, certainty: float) -> Difference:
    """The range of the difference after these conversations, in the order in which their outcomes were settled.

    `in_b` and `happened` have one entry a conversation: its arm, and whether what is counted came true.
    """
    if not 0.0 < certainty < 1.0:
        raise ValueError("a certainty is a share between 0 and 1")
    numbers = signed(in_b, happened)
    limit = math.log(2.0 / (1.0 - certainty))
    low = -_end(-numbers, limit)
    high = _end(numbers, limit)
    seen_a, seen_b = happened[~in_b], happened[in_b]
    value = float(seen_b.mean() - seen_a.mean()) if len(seen_a) and len(seen_b) else None
    return Difference(value, low, high)


def signed(in_b: Flags, happened: Flags) -> Numbers:
    """One number a conversation, within -2..2, whose mean given those before is the difference between the arms."""
    outcome = happened.astype(np.float64)
    before = np.cumsum(outcome) - outcome
    baseline = (before + 0.5) / (np.arange(len(outcome)) + 1.0)
    return np.where(in_b, 2.0, -2.0) * (outcome - baseline)


def grown(numbers: Numbers, supposed: float) -> Numbers:
    """Logarithm of what is left of 1 after each number, by bets that the difference is smaller than supposed.

    Beyond log(1 / alpha) at any time with a probability of at most alpha where it is not smaller.
    """
    bets = np.log1p(_STAKES[:, None] * (supposed - numbers))
    return _mean(np.cumsum(bets, axis=1))


def _end(numbers: Numbers, limit: float) -> float:
    """The smallest difference that the bets against larger ones refute, -1..1; more is lost the larger it is."""
    low, high = -1.0, 1.0
    if _wealth(numbers, high) < limit:
        return 1.0
    while high - low > _EXACT:
        middle = (low + high) / 2.0
        if _wealth(numbers, middle) < limit:
            low = middle
        else:
            high = middle
    return high


def _wealth(numbers: Numbers, supposed: float) -> float:
    bets = np.log1p(_STAKES[:, None] * (supposed - numbers)).sum(axis=1, keepdims=True)
    return float(_mean(bets)[0])


def _mean(logs: Numbers) -> Numbers:
    """Logarithm of the mean of the first axis's exponentials."""
    most = logs.max(axis=0)
    found: Numbers = most + np.log(np.exp(logs - most).mean(axis=0))
    return found
