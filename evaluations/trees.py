"""Judged cases in, a `Forest` that the product can serve out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.dialogue.forest import LEAF, SUREST, Forest
from evaluations.logistic import Cases, Floats

#: Trees; with half as many the ranking is .002 worse and moves with the seed.
TREES = 200
#: Cases of a leaf: three, or one in this many where there are more, which bounds the file of a large fit.
LEAST_CASES, LEAVES = 3, 160
#: Share of the signals that each split may choose from.
LOOKED_AT = 0.2
#: Decimals that a model file keeps of a cut and of a share.
_CUT, _SHARE = 6, 4


@dataclass(frozen=True, slots=True)
class Shape:
    """How trees grow."""

    trees: int
    least_cases: int
    """Of a leaf."""
    looked_at: float
    """Share of the signals that each split may choose from."""
    deepest: int | None = None
    """Splits on the longest way to a leaf; None for no bound."""


def fit(
    cases: Cases,
    names: Sequence[str],
    seed: int = 0,
    *,
    shape: Shape | None = None,
    weights: Floats | None = None,
) -> Forest:
    """Extremely randomised trees (Geurts, Ernst & Wehenkel 2006), as scikit-learn fits them.

    Without a `shape` they are those of one help centre; `weights` say how much each case counts, alike without them.
    """
    from sklearn.ensemble import ExtraTreesClassifier

    grown = shape or Shape(TREES, max(LEAST_CASES, len(cases.right) // LEAVES), LOOKED_AT)
    found = ExtraTreesClassifier(
        grown.trees,
        min_samples_leaf=grown.least_cases,
        max_features=grown.looked_at,
        max_depth=grown.deepest,
        random_state=seed,
    )
    found.fit(cases.values, cases.right, weights)
    right = list(found.classes_).index(True)
    trees = [one.tree_ for one in found.estimators_]
    starts = np.cumsum([0, *(tree.node_count for tree in trees)])
    leaf = np.concatenate([tree.children_left for tree in trees]) == LEAF
    shift = np.repeat(starts[:-1], np.diff(starts))

    def of(parts: Sequence[np.ndarray]) -> np.ndarray:
        return np.concatenate(parts)

    counts = of([tree.value[:, 0, :] for tree in trees])
    return Forest(
        names=tuple(names),
        roots=starts[:-1].astype(np.int64),
        signal=np.where(leaf, LEAF, of([tree.feature for tree in trees])).astype(np.int64),
        cut=np.where(leaf, 0.0, of([tree.threshold for tree in trees]).round(_CUT)),
        left=np.where(leaf, LEAF, of([tree.children_left for tree in trees]) + shift).astype(np.int64),
        right=np.where(leaf, LEAF, of([tree.children_right for tree in trees]) + shift).astype(np.int64),
        share=(counts[:, right] / counts.sum(axis=1)).round(_SHARE),
    )


def shares(forest: Forest, values: Floats) -> Floats:
    """What the forest says of each row."""
    return np.asarray([forest.probability(row) for row in values.tolist()], dtype=np.float64)


def halfway(logits: Floats, forest: Forest, values: Floats) -> Floats:
    """The mean of a sum's logits and the forest's, row by row, as `ConfidenceModel.parts` adds them up."""
    share = np.clip(shares(forest, values), SUREST, 1.0 - SUREST)
    return np.asarray((logits + np.log(share) - np.log1p(-share)) / 2.0, dtype=np.float64)
