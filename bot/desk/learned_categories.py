"""Vectors of solved tickets with their categories in, a model that tells the category of another out; pure, versioned.

Multinomial logistic regression on unit vectors, with an L2 penalty (Hastie, Tibshirani, Friedman, The Elements of
Statistical Learning, 4.4), fitted by accelerated gradient descent (Nesterov 1983).
"""

import io
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from bot.errors import BadRequest, NotReady

Floats = npt.NDArray[np.float32]

#: Version of a saved model. Who changes what is in it raises it.
FORMAT: Final = 1
#: A category with fewer tickets than this is not told apart from the others by them.
FEWEST: Final = 5
#: Below this probability a category is not said: it would send a ticket astray, and the words of the policy may do.
SURE: Final = 0.4
#: Parts that a model is checked by.
FOLDS: Final = 5
_PENALTY: Final = 1e-5
_STEPS: Final = 300


@dataclass(frozen=True, slots=True)
class CategoryModel:
    """What the team's own solved tickets taught."""

    encoder: str
    """The model whose vectors it was fitted on; another one's mean something else."""
    categories: tuple[str, ...]
    weights: Floats
    """Shape (dimension, categories)."""
    bias: Floats
    """Shape (categories,)."""
    learned_from: int
    """Tickets."""

    def tell(self, vectors: Floats) -> list[tuple[str, float]]:
        """The likeliest category of each text and its probability; `vectors` has shape (texts, dimension)."""
        chances = _softmax(vectors @ self.weights + self.bias)
        best = chances.argmax(axis=1)
        return [(self.categories[place], float(chances[row, place])) for row, place in enumerate(best)]

    def saved(self) -> bytes:
        """The model as the bytes of a file."""
        out = io.BytesIO()
        np.savez(
            out,
            format=np.array(FORMAT),
            encoder=np.array(self.encoder),
            categories=np.array(self.categories),
            weights=self.weights,
            bias=self.bias,
            learned_from=np.array(self.learned_from),
        )
        return out.getvalue()

    @classmethod
    def read(cls, content: bytes, encoder: str) -> "CategoryModel":
        """A saved model; raises `NotReady` for another format, or one made with another encoder."""
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as file:
                if int(file["format"]) != FORMAT:
                    raise NotReady(
                        f"The category model has format {file['format']}, this version reads {FORMAT}."
                    )
                model = cls(
                    str(file["encoder"]),
                    tuple(str(one) for one in file["categories"]),
                    file["weights"],
                    file["bias"],
                    int(file["learned_from"]),
                )
        except (ValueError, OSError, KeyError, EOFError, zipfile.BadZipFile) as exc:
            raise NotReady("The category model is damaged; run `tierzero routing train`.") from exc
        if model.encoder != encoder:
            raise NotReady("The category model was made with another model; run `tierzero routing train`.")
        return model


def fitted(vectors: Floats, labels: Sequence[str], encoder: str) -> CategoryModel:
    """A model of unit vectors, shape (texts, dimension). Raises `BadRequest` for fewer than two categories."""
    counts = Counter(labels)
    categories = tuple(sorted(name for name, count in counts.items() if count >= FEWEST))
    if len(categories) < 2:
        raise BadRequest(f"There must be two categories at least with {FEWEST} solved tickets each.")
    place = {name: number for number, name in enumerate(categories)}
    rows = [row for row, label in enumerate(labels) if label in place]
    x = np.ascontiguousarray(vectors[rows], dtype=np.float32)
    y = np.array([place[labels[row]] for row in rows])
    weights, bias = _descended(x, y, len(categories))
    return CategoryModel(encoder, categories, weights, bias, len(rows))


def cross_told(vectors: Floats, labels: Sequence[str], encoder: str, folds: int = FOLDS) -> list[str]:
    """What models that did not see a text tell of it, for each text: every `folds`-th is left out in turn."""
    told = [""] * len(labels)
    for fold in range(folds):
        kept = [row for row in range(len(labels)) if row % folds != fold]
        model = fitted(vectors[kept], [labels[row] for row in kept], encoder)
        left_out = range(fold, len(labels), folds)
        for row, (category, _) in zip(left_out, model.tell(vectors[fold::folds]), strict=True):
            told[row] = category
    return told


def is_better(
    old: CategoryModel, vectors: Floats, labels: Sequence[str], told: Sequence[str], unseen: int
) -> bool:
    """Whether what was learned anew is right at least as often as the old model, on texts that neither has seen.

    Those are the first `unseen` rows, which came after the old one was made; `told` is of `cross_told`.
    """
    before = [category for category, _ in old.tell(vectors[:unseen])]
    right_before = sum(one == label for one, label in zip(before, labels, strict=False))
    right_now = sum(one == label for one, label in zip(told[:unseen], labels, strict=False))
    return right_now >= right_before


def _descended(x: Floats, y: npt.NDArray[np.int_], count: int) -> tuple[Floats, Floats]:
    features = np.hstack([x, np.ones((len(x), 1), dtype=np.float32)])
    theta = ahead = np.zeros((features.shape[1], count), dtype=np.float32)
    # The gradient changes by at most half the largest square length of a row (1 + 1), so a step of 1 never overshoots.
    for step in range(_STEPS):
        chances = _softmax(features @ ahead)
        chances[np.arange(len(y)), y] -= 1
        slope = features.T @ chances / len(y) + _PENALTY * ahead
        after = ahead - slope * np.float32(1.0)
        ahead = after + np.float32(step / (step + 3)) * (after - theta)
        theta = after
    return theta[:-1], theta[-1]


def _softmax(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    found: Floats = (raised / raised.sum(axis=1, keepdims=True)).astype(np.float32)
    return found
