"""Judged questions of one help centre in, a model of it alone out: a logistic model and trees, halfway.

The trees find what a sum cannot, the logistic model is steadier at the ends, and their mean ranks better than either;
docs/decisions/0011-confidence.md has the figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.dialogue.forest import Forest
from bot.dialogue.signals import NAMES
from evaluations import logistic, trees
from evaluations.logistic import Cases, Floats, Logistic

FOLDS = 10
#: Of .01, .03 and .1, by the same figures as the rest.
REGULARISATION = 0.03


@dataclass(frozen=True, slots=True)
class OwnFit:
    """Both halves."""

    linear: Logistic
    forest: Forest

    def probabilities(self, values: Floats) -> Floats:
        """Probability of each row, 0..1, as `ConfidenceModel.probability` gives it."""
        logits = trees.halfway(self.linear.logits(values), self.forest, values)
        return np.asarray(1.0 / (1.0 + np.exp(-logits)), dtype=np.float64)


def fit(cases: Cases, names: Sequence[str] = NAMES) -> OwnFit:
    """Raises `ValueError` where all cases are right or none is."""
    linear = logistic.fit_together([cases], names, regularisation=REGULARISATION, free=frozenset(names))
    return OwnFit(linear, trees.fit(cases, names))


def cross_validated(cases: Cases, folds: int = FOLDS) -> Floats:
    """The probability of each case from a model that was fitted without it.

    Right and wrong cases are dealt out evenly, so that every fold is fitted on both. Raises `ValueError` where
    there are fewer than `folds` of either.
    """
    values, right = cases.values, cases.right
    fold = np.zeros(len(right), dtype=np.int64)
    generator = np.random.default_rng(0)
    for own in (np.flatnonzero(right), np.flatnonzero(~right)):
        if len(own) < folds:
            raise ValueError(f"{folds} folds need at least {folds} right and {folds} wrong cases")
        fold[generator.permutation(own)] = np.arange(len(own)) % folds
    held_out = np.zeros(len(right))
    for number in range(folds):
        train, test = fold != number, fold == number
        held_out[test] = fit(Cases(values[train], right[train])).probabilities(values[test])
    return held_out
