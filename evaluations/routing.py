"""Labelled texts in, how often a category is told rightly out: cross-validated, beside a plain nearest centroid."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from bot.desk.learned_categories import FEWEST, SURE, fitted
from evaluations.errors import EvaluationError
from evaluations.labelled import Message

Floats = npt.NDArray[np.float32]

FOLDS: Final = 5
_SEED: Final = 20261127


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How categories of one file were told by models that had not seen the texts."""

    texts: int
    categories: int
    model: float
    """Share told rightly by the model that routes."""
    centroid: float
    """Share told rightly by the nearest mean vector."""
    gain: float
    """Model less centroid, on the same texts."""
    gain_low: float
    gain_high: float
    """95% interval of the gain, paired over texts (normal approximation of the mean difference)."""
    said: float
    """Share of texts that the model is sure enough of to route by."""
    said_right: float
    """Share of those that are right."""


def cross_validated(messages: Sequence[Message], vectors: Floats, folds: int = FOLDS) -> Accuracy:
    """Each text is told by what the other folds taught. Raises `EvaluationError` where nothing can be learned."""
    counts = Counter(one.label for one in messages)
    kept = [row for row, one in enumerate(messages) if counts[one.label] >= FEWEST]
    labels = np.array([messages[row].label for row in kept])
    if len(set(labels)) < 2:
        raise EvaluationError(f"There must be two labels at least with {FEWEST} texts each.")
    x = vectors[kept]
    order = np.random.default_rng(_SEED).permutation(len(kept))
    right, near, chance = (np.zeros(len(kept)) for _ in range(3))
    for fold in np.array_split(order, folds):
        others = np.setdiff1d(order, fold)
        model = fitted(x[others], list(labels[others]), "evaluation")
        told = model.tell(x[fold])
        right[fold] = [name == label for (name, _), label in zip(told, labels[fold], strict=True)]
        chance[fold] = [probability for _, probability in told]
        near[fold] = _nearest(x[others], labels[others], x[fold]) == labels[fold]
    return _accuracy(right, near, chance >= SURE, len(set(labels)))


def _nearest(x: Floats, labels: npt.NDArray[np.str_], asked: Floats) -> npt.NDArray[np.str_]:
    names = np.unique(labels)
    means = np.stack([x[labels == name].mean(axis=0) for name in names])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    found: npt.NDArray[np.str_] = names[(asked @ means.T).argmax(axis=1)]
    return found


def _accuracy(
    right: npt.NDArray[np.float64],
    near: npt.NDArray[np.float64],
    sure: npt.NDArray[np.bool_],
    categories: int,
) -> Accuracy:
    gains = right - near
    width = 1.96 * float(gains.std(ddof=1)) / len(gains) ** 0.5
    gain = float(gains.mean())
    return Accuracy(
        texts=len(right),
        categories=categories,
        model=float(right.mean()),
        centroid=float(near.mean()),
        gain=gain,
        gain_low=gain - width,
        gain_high=gain + width,
        said=float(sure.mean()),
        said_right=float(right[sure].mean()) if sure.any() else 0.0,
    )
