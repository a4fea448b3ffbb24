"""Signals with what was right in, a fitted logistic model out, and probabilities of cases that were left out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.dialogue.confidence import NAMES, Signals

#: Strength of the ridge on the weights. Of .03, .1, .3, 1 and 10 the first two rank best in cross-validation;
#: the larger one is taken, since stronger shrinkage pushes every probability to the middle.
REGULARISATION = 0.1
FOLDS = 10
#: Signals whose weight may have either sign: a longer question is not better answered as such.
FREE = frozenset({"length"})

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model on standardised signals, in the order of `NAMES`."""

    means: Floats
    scales: Floats
    weights: Floats
    bias: float

    def probabilities(self, values: Floats) -> Floats:
        """Probability of each row, 0..1."""
        logits = (values - self.means) / self.scales @ self.weights + self.bias
        return np.asarray(1.0 / (1.0 + np.exp(-logits)), dtype=np.float64)


def matrix(signals: Sequence[Signals]) -> Floats:
    """One row a case, one column a signal."""
    rows = [[float(getattr(one, name)) for name in NAMES] for one in signals]
    return np.asarray(rows, dtype=np.float64).reshape(len(rows), len(NAMES))


def fit(values: Floats, right: Labels, counts: Floats | None = None) -> Logistic:
    """Minimises the log loss with a ridge of 1 / (2 C) on the weights, under their bounds.

    Weights are kept from being negative, the question's length aside: every signal speaks for an answer, and
    on a few hundred questions an unconstrained fit gives some of them the wrong sign by chance. `counts` says how
    much each case counts, 1 unless given. Raises `ValueError` where all cases are right or none is.
    """
    from scipy.optimize import minimize

    if right.all() or not right.any():
        raise ValueError("a fit needs right and wrong cases")
    means, scales = values.mean(axis=0), values.std(axis=0) + 1e-9
    standard = (values - means) / scales
    sign = np.where(right, 1.0, -1.0)
    each = np.ones(len(right)) if counts is None else counts

    def loss(parameters: Floats) -> tuple[float, Floats]:
        weights, bias = parameters[:-1], parameters[-1]
        margin = sign * (standard @ weights + bias)
        pull = -each * sign / (1.0 + np.exp(margin))
        value = float(each @ np.logaddexp(0.0, -margin) + weights @ weights / (2.0 * REGULARISATION))
        gradient = np.append(standard.T @ pull + weights / REGULARISATION, pull.sum())
        return value, gradient

    bounds = [(None, None) if name in FREE else (0.0, None) for name in NAMES]
    found = minimize(
        loss, np.zeros(len(NAMES) + 1), jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)]
    )
    return Logistic(means, scales, found.x[:-1], float(found.x[-1]))


def cross_validated(values: Floats, right: Labels, folds: int = FOLDS) -> Floats:
    """The probability of each case from a model that was fitted without it.

    Right and wrong cases are dealt out evenly, so that every fold is fitted on both. Raises `ValueError` where
    there are fewer than `folds` of either.
    """
    fold = np.zeros(len(right), dtype=np.int64)
    generator = np.random.default_rng(0)
    for own in (np.flatnonzero(right), np.flatnonzero(~right)):
        if len(own) < folds:
            raise ValueError(f"{folds} folds need at least {folds} right and {folds} wrong cases")
        fold[generator.permutation(own)] = np.arange(len(own)) % folds
    held_out = np.zeros(len(right))
    for number in range(folds):
        train, test = fold != number, fold == number
        held_out[test] = fit(values[train], right[train]).probabilities(values[test])
    return held_out
