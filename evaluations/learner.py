"""Rows of features and their labels in, the weights of a multinomial logistic model with one hidden layer out.

The hidden layer looks at each token of a message and keeps the strongest showing of each thing it looks for, so that
one sentence in the middle of a story counts. Plain gradient descent by Adam (Kingma and Ba 2015, arXiv:1412.6980) over
all rows at once; the same rows give the same weights.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from bot.dialogue.triggers.meaning import TOKEN_SCALE

Floats = npt.NDArray[np.float32]

#: Inverse strength of the ridge, for what is summed and for what is looked for in tokens; of 20, 60, 200 and of 5, 20
#: those with the best likelihood on trades held out.
INVERSE_RIDGE, INVERSE_RIDGE_OF_LOOKS = 60.0, 5.0
#: Things looked for in tokens.
THINGS: Final = 64
#: Share of the features, and of the things shown, that are left out of a step by chance.
_LEFT_OUT, _UNSEEN = 0.2, 0.3
_STEPS, _RATE = 120, 0.04
_SEED = 7


class Part(StrEnum):
    """A part of the model."""

    VECTOR = "vector"
    LETTERS = "letters"
    CONCEPTS = "concepts"
    SIGNALS = "signals"
    LOOK = "look"
    LOOK_BIAS = "look_bias"
    LOOKED = "looked"
    BIAS = "bias"


#: Parts that one product of a row with weights adds to the logits.
_SUMMED = (Part.VECTOR, Part.LETTERS, Part.CONCEPTS, Part.SIGNALS)
_FREE = (Part.BIAS, Part.LOOK_BIAS)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of all rows, one after the other."""

    vectors: Floats
    """Shape (all tokens, dimension)."""
    starts: npt.NDArray[np.int64]
    """First token of each row; a row without tokens has one of zeros."""

    @classmethod
    def of(cls, rows: Sequence[Floats]) -> "Tokens":
        """Takes the tokens of each row."""
        filled = [row if len(row) else np.zeros((1, row.shape[1]), dtype=np.float32) for row in rows]
        lengths = [len(row) for row in filled]
        return cls(np.concatenate(filled).astype(np.float32), np.cumsum([0, *lengths[:-1]]).astype(np.int64))

    def only(self, chosen: npt.NDArray[np.int64]) -> "Tokens":
        """The tokens of some rows, in their order."""
        ends = np.append(self.starts[1:], len(self.vectors))
        return Tokens.of([self.vectors[self.starts[row] : ends[row]] for row in chosen])


@dataclass(frozen=True, slots=True)
class Rows:
    """What messages are told by."""

    vector: Floats
    letters: Any
    """A sparse matrix, as the next."""
    concepts: Any
    signals: Floats
    tokens: Tokens

    def only(self, chosen: npt.NDArray[np.int64]) -> "Rows":
        """Some of the rows."""
        return Rows(
            self.vector[chosen],
            self.letters[chosen],
            self.concepts[chosen],
            self.signals[chosen],
            self.tokens.only(chosen),
        )


def fit_parts(rows: Rows, labels: npt.NDArray[np.int64], count: int) -> Mapping[Part, Floats]:
    """Fits; `labels` are numbers below `count`."""
    chance = np.random.default_rng(_SEED)
    parts = _begin(rows, count, chance)
    first = {part: np.zeros_like(held) for part, held in parts.items()}
    second = {part: np.zeros_like(held) for part, held in parts.items()}
    wanted = np.eye(count, dtype=np.float32)[labels]
    for step in range(1, _STEPS + 1):
        slopes = _slopes(parts, rows, wanted, chance)
        rate = _RATE * 0.5 * (1.0 + np.cos(np.pi * (step - 1) / _STEPS))
        for part, slope in slopes.items():
            first[part] += 0.1 * (slope - first[part])
            second[part] += 0.001 * (slope * slope - second[part])
            steepness = np.sqrt(second[part] / (1.0 - 0.999**step)) + 1e-8
            parts[part] -= rate * (first[part] / (1.0 - 0.9**step)) / steepness
    return parts


def logits(parts: Mapping[Part, Floats], rows: Rows) -> Floats:
    """What the fitted parts make of rows, shape (rows, labels)."""
    shown, _ = _shown(rows.tokens, parts[Part.LOOK], parts[Part.LOOK_BIAS])
    summed = parts[Part.BIAS] + np.maximum(shown, 0.0) @ parts[Part.LOOKED]
    for part in _SUMMED:
        summed = summed + getattr(rows, part.value) @ parts[part]
    return np.asarray(summed, dtype=np.float32)


def _begin(rows: Rows, count: int, chance: np.random.Generator) -> dict[Part, Floats]:
    parts = {
        part: np.zeros((getattr(rows, part.value).shape[1], count), dtype=np.float32) for part in _SUMMED
    }
    dimension = rows.tokens.vectors.shape[1]
    parts[Part.LOOK] = (0.1 * chance.standard_normal((dimension, THINGS))).astype(np.float32)
    parts[Part.LOOK_BIAS] = np.zeros(THINGS, dtype=np.float32)
    parts[Part.LOOKED] = np.zeros((THINGS, count), dtype=np.float32)
    parts[Part.BIAS] = np.zeros(count, dtype=np.float32)
    return parts


def _slopes(
    parts: Mapping[Part, Floats], rows: Rows, wanted: Floats, chance: np.random.Generator
) -> dict[Part, Floats]:
    """The gradient of the penalised log-loss, with features left out by chance."""
    kept = {part: _thinned(getattr(rows, part.value), chance) for part in _SUMMED}
    seen = _mask(parts[Part.LOOK].shape[0], _LEFT_OUT, chance)
    shown, where = _shown(rows.tokens, parts[Part.LOOK] * seen[:, None], parts[Part.LOOK_BIAS])
    open_ = (shown > 0.0) * _mask(shown.shape, _UNSEEN, chance)
    summed = parts[Part.BIAS] + (shown * open_) @ parts[Part.LOOKED]
    for part in _SUMMED:
        summed = summed + kept[part] @ parts[part]
    chances = np.exp(summed - summed.max(axis=1, keepdims=True))
    error = chances / chances.sum(axis=1, keepdims=True) - wanted
    back = (error @ parts[Part.LOOKED].T) * open_
    found = {part: np.asarray(kept[part].T @ error) for part in _SUMMED}
    found[Part.LOOKED] = (shown * open_).T @ error
    found[Part.LOOK_BIAS] = back.sum(axis=0)
    found[Part.BIAS] = error.sum(axis=0)
    found[Part.LOOK] = TOKEN_SCALE * _carried_back(rows.tokens.vectors, where, back) * seen[:, None]
    for part in found:
        if part not in _FREE:
            strength = INVERSE_RIDGE_OF_LOOKS if part is Part.LOOK else INVERSE_RIDGE
            found[part] = found[part] + parts[part] / strength
    return {part: slope.astype(np.float32) for part, slope in found.items()}


def _carried_back(vectors: Floats, where: npt.NDArray[np.int64], back: Floats) -> Floats:
    """The sum, for each thing, of the tokens that show it, each weighed by what it did to the loss."""
    from scipy.sparse import coo_matrix

    row, thing = np.nonzero(back)
    weighed = coo_matrix(
        (back[row, thing], (thing, where[row, thing])), shape=(back.shape[1], len(vectors)), dtype=np.float32
    )
    carried: Floats = (weighed.tocsr() @ vectors).T
    return carried


def _shown(tokens: Tokens, look: Floats, bias: Floats) -> tuple[Floats, npt.NDArray[np.int64]]:
    """The strongest showing of each thing in each row, and the token that shows it."""
    each = TOKEN_SCALE * (tokens.vectors @ look) + bias
    strongest = np.maximum.reduceat(each, tokens.starts, axis=0)
    lengths = np.diff(np.append(tokens.starts, len(each)))
    row_of = np.repeat(np.arange(len(lengths)), lengths)
    # The last token with the strongest showing; which of equals is taken makes no difference.
    where = np.zeros(strongest.shape, dtype=np.int64)
    token, thing = np.nonzero(each == strongest[row_of])
    where[row_of[token], thing] = token
    return strongest, where


def _thinned(features: Any, chance: np.random.Generator) -> Any:
    """The features without some of them; the rest weigh as much more."""
    if isinstance(features, np.ndarray):
        return features * _mask(features.shape, _LEFT_OUT, chance)
    thinned = features.copy()
    thinned.data = thinned.data * _mask(thinned.data.shape, _LEFT_OUT, chance)
    return thinned


def _mask(shape: int | tuple[int, ...], share: float, chance: np.random.Generator) -> Floats:
    drawn = chance.random(shape, dtype=np.float32) >= share
    return (drawn / np.float32(1.0 - share)).astype(np.float32)
