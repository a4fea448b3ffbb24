"""Signals and many weights in, nDCG@10 of each query under each of the weights out, as `index.ranking` would order."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from evaluations.held_out.signals import CUT, Weighable
from index.encoder import Floats
from index.ranking import RECIPE, Recipe


@dataclass(frozen=True, slots=True)
class Weights:
    """What is chosen; the cosine of the passage weighs 1, since only ratios order."""

    title: float
    late: float
    lexical: float

    @classmethod
    def of(cls, recipe: Recipe) -> "Weights":
        """The weights of a recipe, as shares of its cosine."""
        return cls(*(weight / recipe.dense for weight in (recipe.title, recipe.late, recipe.lexical)))


SHIPPED = Weights.of(RECIPE)
#: Weights to choose from. Those that are shipped are among them.
GRID = tuple(
    Weights(*values)
    for values in product(
        (0.0, 0.2, 0.35, 0.5, 0.7, 1.0),
        (0.0, 0.5, 1.0, 1.5, 2.0, 3.0),
        (0.0, 0.05, 0.075, 0.1, 0.125, 0.15, 0.2),
    )
)


def ndcg(queries: Sequence[Weighable], weights: Sequence[Weights]) -> Floats:
    """nDCG@10, shape (weights, queries). Linear gains, as trec_eval has them."""
    table = np.asarray([[1.0, one.title, one.lexical, one.late] for one in weights], dtype=np.float32)
    return np.stack([_of_one(query, table) for query in queries], axis=1)


def _of_one(query: Weighable, weights: Floats) -> Floats:
    if not len(query.signals) or query.ideal <= 0.0:
        return np.zeros(len(weights), dtype=np.float32)
    ranks = _ranks(_scores(query.signals, weights))
    # A document stands where its best passage stands.
    first = np.full((len(weights), len(query.gains)), len(query.signals), dtype=np.int64)
    for place, document in enumerate(query.documents.tolist()):
        first[:, document] = np.minimum(first[:, document], ranks[:, place])
    places = _ranks(-first.astype(np.float32))
    gained = np.where(places < CUT, query.gains / np.log2(places + 2.0), 0.0).sum(axis=1)
    return np.asarray(gained / query.ideal, dtype=np.float32)


def _scores(signals: Floats, weights: Floats) -> Floats:
    """Scores by which candidates stand in order: those that late interaction looks at before all others."""
    before = weights[:, :3] @ signals[:, :3].T
    looked = _ranks(before) < RECIPE.late_candidates
    late = weights[:, 3:] * signals[:, 3]
    # No score reaches this far.
    return np.where(looked, before + late, before - 1e4)


def _ranks(scores: Floats) -> npt.NDArray[np.int64]:
    """The rank of each column within its row, from 0 for the highest; of equals the first."""
    order = np.argsort(-scores, axis=1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(scores.shape[1])[np.newaxis], axis=1)
    return np.asarray(ranks, dtype=np.int64)
