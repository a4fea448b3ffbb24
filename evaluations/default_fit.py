"""Judged questions of several help centres in, the model for another one out: curves and trees, halfway.

The curves of a few signals hold elsewhere as they are. Trees over all signals find what a sum cannot, and hold
elsewhere only where many help centres taught them; docs/decisions/0038-many-help-centres.md has the figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.dialogue.forest import Forest
from bot.dialogue.signals import NAMES
from evaluations import curves, logistic, trees
from evaluations.curves import Curved
from evaluations.logistic import Cases, Floats

#: With fewer sets there are no trees: fitted on three they take from the mean AUROC of the fourth, on eleven they add.
FEWEST_SETS = 6
#: How the trees of the default grow: fewer and coarser than those of one help centre.
SHAPE = trees.Shape(trees=100, least_cases=12, looked_at=0.6, deepest=12)
#: Signals that trees do not see. What each token reaches in the quoted article beyond all others tells within one help
#: centre; where passages are pieces of the same pages it misleads (without these mtrag-noncloud has .002 more).
NOT_FOR_TREES = frozenset(
    {
        *("ahead", "ahead_of_mean", "won", "lost", "least_ahead", "most_ahead", "rivals_reach"),
        *("telling_ahead", "parting", "parting_ahead", "quote_parting", "quote_parting_ahead"),
    }
)


@dataclass(frozen=True, slots=True)
class DefaultFit:
    """Both halves; values have a column for each of `NAMES`, in their order."""

    curved: Curved
    forest: Forest | None
    """None where there were too few sets."""

    def probabilities(self, values: Floats) -> Floats:
        """Probability of each row, 0..1, as `ConfidenceModel.probability` gives it."""
        logits = self.curved.logits(values[:, [NAMES.index(one.name) for one in self.curved.curves]])
        if self.forest is not None:
            seen = values[:, [NAMES.index(name) for name in self.forest.names]]
            logits = trees.halfway(logits, self.forest, seen)
        return np.asarray(1.0 / (1.0 + np.exp(-logits)), dtype=np.float64)


def fit(sets: Sequence[Cases], times: Sequence[float]) -> DefaultFit:
    """Fits on sets with a column for each of `NAMES`, each counting as one of the mean size or as many `times` that.

    Raises `ValueError` where all cases are right or none is.
    """
    transfer = [NAMES.index(name) for name in logistic.TRANSFER]
    curved = curves.fit(
        [Cases(one.values[:, transfer], one.right) for one in sets], logistic.TRANSFER, list(times)
    )
    if len(sets) < FEWEST_SETS:
        return DefaultFit(curved, None)
    names = [name for name in NAMES if name not in NOT_FOR_TREES]
    values = np.concatenate([one.values for one in sets])[:, [NAMES.index(name) for name in names]]
    pooled = Cases(values, np.concatenate([one.right for one in sets]))
    # Every set alike: the sample's short messages bend the curves enough, and trees learn nothing from repetition.
    mean = len(pooled.right) / len(sets)
    weights = np.concatenate([np.full(len(one.right), mean / len(one.right)) for one in sets])
    return DefaultFit(curved, trees.fit(pooled, names, shape=SHAPE, weights=weights))
