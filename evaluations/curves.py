"""Judged cases of several sets in, a curve a signal out: what each value adds, the same in every set.

A sum of such curves is a generalised additive model (Hastie & Tibshirani 1986). Each is made of a straight line and
hinges, whose weights cannot be negative, so that no curve falls. All are fitted together with an intercept a set; where
the sets do not tell otherwise, all lines are as steep as each other and nothing bends.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.dialogue.curve import Curve
from evaluations import logistic
from evaluations.logistic import Cases, Floats

#: Where a curve may bend: quantiles of the signal over all cases. With three, five, seven and ten of them the mean
#: AUROC of four sets, each left out, differs by .002.
BENDS = (0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95)
#: Strength of the ridge, as in `logistic`. Of .1, .01, .003 and .001 the first is best fitted on three sets (.803) and
#: worst on one (.789; .798 on two); this one has .802, .800 and .796.
REGULARISATION = 0.003
#: A signal with fewer different values is a straight line.
FEWEST_VALUES = 6


@dataclass(frozen=True, slots=True)
class Curved:
    """The fitted model; columns of values are in the order of `curves`."""

    curves: tuple[Curve, ...]
    bias: float

    def logits(self, values: Floats) -> Floats:
        """Logit of each row."""
        rows = [
            sum(one(value) for one, value in zip(self.curves, row, strict=True)) for row in values.tolist()
        ]
        return np.asarray(rows, dtype=np.float64) + self.bias

    def probabilities(self, values: Floats) -> Floats:
        """Probability of each row, 0..1."""
        return np.asarray(1.0 / (1.0 + np.exp(-self.logits(values))), dtype=np.float64)


def fit(sets: Sequence[Cases], names: Sequence[str], times: Sequence[float] | None = None) -> Curved:
    """Fits as `logistic.fit_together` does, each hinge a signal of its own; raises `ValueError` as it does."""
    pooled = np.concatenate([one.values for one in sets])
    bends = [_bends(column) for column in pooled.T]
    hinges = [Cases(_all_hinges(one.values, bends), one.right) for one in sets]
    columns = [name for name, own in zip(names, bends, strict=True) for _ in range(1 + 2 * len(own))]
    lines = [float(place == 0) for own in bends for place in range(1 + 2 * len(own))]
    found = logistic.fit_together(hinges, columns, times, regularisation=REGULARISATION, alike=lines)
    curves, first = [], 0
    for name, own in zip(names, bends, strict=True):
        part = slice(first, first + 1 + 2 * len(own))
        first = part.stop
        # Between two bends and beyond the last the sum of hinges is straight, so that points tell all of it.
        at = np.asarray([own[0] - 1.0, *own, own[-1] + 1.0] if own else [0.0, 1.0])
        adds = (_hinges(at, own) - found.means[part]) / found.scales[part] @ found.weights[part]
        curves.append(Curve(name, tuple(at.tolist()), tuple(adds.tolist())))
    return Curved(tuple(curves), found.bias)


def _bends(column: Floats) -> list[float]:
    if len(np.unique(column)) < FEWEST_VALUES:
        return []
    return [float(one) for one in np.unique(np.quantile(column, BENDS).round(6))]


def _all_hinges(values: Floats, bends: Sequence[Sequence[float]]) -> Floats:
    return np.hstack([_hinges(column, own) for column, own in zip(values.T, bends, strict=True)])


def _hinges(column: Floats, bends: Sequence[float]) -> Floats:
    """The value itself, and for each bend what it has above it and what it lacks below it; all of them rise."""
    parts = [column]
    for bend in bends:
        parts += [np.maximum(column - bend, 0.0), np.minimum(column - bend, 0.0)]
    return np.stack(parts, axis=1)
