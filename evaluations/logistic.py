"""Signals with what was right in, a fitted logistic model out, and probabilities of cases that were left out."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.dialogue.signals import NAMES, Signals

#: Strength of the ridge on the weights. Of .03, .1, .3, 1 and 10 the first two rank best in cross-validation;
#: the larger one is taken, since stronger shrinkage pushes every probability to the middle.
REGULARISATION = 0.1
#: Signals whose weights hold on help centres that a model was not fitted on; docs/decisions/0011-confidence.md has the
#: figures. The others tell more within one help centre and less in the next.
TRANSFER = ("standing", "standing_wide", "agreement", "sentence", "half", "numbers", "names")

#: Bound of an intercept, in logits: a set whose cases are all right has no finite one.
_SUREST = 6.0

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model on standardised signals, in the order of `names`."""

    names: tuple[str, ...]
    means: Floats
    scales: Floats
    weights: Floats
    bias: float

    def probabilities(self, values: Floats) -> Floats:
        """Probability of each row, 0..1."""
        return np.asarray(1.0 / (1.0 + np.exp(-self.logits(values))), dtype=np.float64)

    def logits(self, values: Floats) -> Floats:
        """Logit of each row."""
        return np.asarray((values - self.means) / self.scales @ self.weights + self.bias, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Cases:
    """The judged questions of one set."""

    values: Floats
    """One row a question, one column a signal."""
    right: Labels


def matrix(signals: Sequence[Signals], names: Sequence[str] = NAMES) -> Floats:
    """One row a case, one column a signal."""
    rows = [[float(getattr(one, name)) for name in names] for one in signals]
    return np.asarray(rows, dtype=np.float64).reshape(len(rows), len(names))


def fit_together(
    sets: Sequence[Cases],
    names: Sequence[str],
    times: Sequence[float] | None = None,
    *,
    regularisation: float = REGULARISATION,
    free: AbstractSet[str] = frozenset(),
    alike: Sequence[float] | None = None,
) -> Logistic:
    """Minimises the log loss with a ridge of 1 / (2 C) on the weights, C being `regularisation`, under their bounds.

    With `alike`, a number a signal, the ridge is on what a weight has beyond that many times a level which is fitted
    too: where little tells the signals apart, they weigh as `alike` says and not nothing.

    Every set counts as one of the mean size, or as many `times` that, and has an intercept of its own: otherwise the
    weights would tell an easy set from a hard one instead of right from wrong within each, and would mislead on the
    next (fixed effects; Gelman & Hill 2006, "Data Analysis Using Regression and Multilevel/Hierarchical Models"). The
    bias is the mean of the intercepts. Weights that are not `free` are kept from being negative: an unconstrained fit
    on a few hundred questions gives some signals that speak for an answer the wrong sign by chance. Raises
    `ValueError` where all cases are right or none is.
    """
    from scipy.optimize import minimize

    right = np.concatenate([one.right for one in sets])
    if right.all() or not right.any():
        raise ValueError("a fit needs right and wrong cases")
    # A set is centred on its own mean by its intercept, so that scales are those within sets.
    means = np.mean([one.values.mean(axis=0) for one in sets], axis=0)
    scales = np.sqrt(np.mean([one.values.var(axis=0) for one in sets], axis=0)) + 1e-9
    standard = (np.concatenate([one.values for one in sets]) - means) / scales
    sizes = [len(one.right) for one in sets]
    count = np.ones(len(sets)) if times is None else np.asarray(times, dtype=np.float64)
    each = np.concatenate(
        [np.full(size, number * np.mean(sizes) / size) for size, number in zip(sizes, count, strict=True)]
    )
    own = np.repeat(np.eye(len(sets)), sizes, axis=0)
    sign, width = np.where(right, 1.0, -1.0), len(names)
    level = np.zeros(width) if alike is None else np.asarray(alike, dtype=np.float64)

    def loss(parameters: Floats) -> tuple[float, Floats]:
        weights, intercepts = parameters[:width], parameters[width:-1]
        apart = weights - parameters[-1] * level
        margin = sign * (standard @ weights + own @ intercepts)
        pull = -each * sign / (1.0 + np.exp(margin))
        value = float(each @ np.logaddexp(0.0, -margin) + apart @ apart / (2.0 * regularisation))
        ridge = apart / regularisation
        return value, np.concatenate([standard.T @ pull + ridge, own.T @ pull, [-float(ridge @ level)]])

    bounds: list[tuple[float | None, float | None]] = [
        (None, None) if name in free else (0.0, None) for name in names
    ]
    bounds += [(-_SUREST, _SUREST)] * len(sets) + [(0.0, None)]
    found = minimize(loss, np.zeros(width + len(sets) + 1), jac=True, method="L-BFGS-B", bounds=bounds)
    weights, intercepts = found.x[:width], found.x[width:-1]
    return Logistic(tuple(names), means, scales, weights, float(np.average(intercepts, weights=count)))
