"""Values of single queries in, what may be concluded from them out: intervals of means and paired tests."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

#: Resamples; the error of a p-value near .05 is then about .002.
RESAMPLES = 10_000
LEVEL = 0.95
SEED = 20_240_229
#: Resamples drawn at once, so that 10,000 queries need some 40 MB.
_AT_ONCE = 500

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its interval."""

    value: float
    low: float
    high: float
    """Ends of the 95% interval."""
    n: int


@dataclass(frozen=True, slots=True)
class Difference:
    """How much a paired second mean is above the first."""

    value: float
    low: float
    high: float
    """Ends of the 95% interval of the difference."""
    p: float
    """How often chance alone gives a difference at least this large, either way."""


def estimate(values: Sequence[float], seed: int = SEED) -> Estimate:
    """Mean with its percentile bootstrap interval (Efron & Tibshirani 1993, chapter 13); queries are resampled."""
    given = np.asarray(values, dtype=np.float64)
    if not len(given):
        return Estimate(0.0, 0.0, 0.0, 0)
    low, high = _interval(given, seed)
    return Estimate(float(given.mean()), low, high, len(given))


def paired(first: Sequence[float], second: Sequence[float], seed: int = SEED) -> Difference:
    """Difference of two systems over the same queries, `second` minus `first`.

    p is from Fisher's randomisation test, which swaps the two values of each query at random (Smucker, Allan &
    Carterette 2007, "A comparison of statistical significance tests for information retrieval evaluation");
    one is added above and below so that it is never 0 (Phipson & Smyth 2010). The interval is bootstrapped.
    """
    changes = np.asarray(second, dtype=np.float64) - np.asarray(first, dtype=np.float64)
    if not len(changes):
        return Difference(0.0, 0.0, 0.0, 1.0)
    low, high = _interval(changes, seed)
    return Difference(float(changes.mean()), low, high, _randomisation(changes, seed))


def _interval(values: Values, seed: int) -> tuple[float, float]:
    generator = np.random.default_rng(seed)
    count = len(values)
    means = [
        values[generator.integers(0, count, size=(size, count), dtype=np.int32)].mean(axis=1)
        for size in _sizes()
    ]
    tail = (1.0 - LEVEL) / 2.0
    low, high = np.quantile(np.concatenate(means), [tail, 1.0 - tail])
    return float(low), float(high)


def _randomisation(changes: Values, seed: int) -> float:
    moved = changes[changes != 0.0]
    if not len(moved):
        return 1.0
    generator = np.random.default_rng(seed)
    # Sums that are equal on paper may differ in the last bit.
    observed = abs(float(moved.sum())) * (1.0 - 1e-12)
    extreme = 0
    for size in _sizes():
        signs = generator.integers(0, 2, size=(size, len(moved)), dtype=np.int8) * 2.0 - 1.0
        extreme += int(np.count_nonzero(np.abs(signs @ moved) >= observed))
    return (extreme + 1) / (RESAMPLES + 1)


def _sizes() -> list[int]:
    return [_AT_ONCE] * (RESAMPLES // _AT_ONCE)
