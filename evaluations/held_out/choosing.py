"""The signals of several sets in, for each set what weights that were chosen without it reach there out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evaluations.held_out.signals import Signals
from evaluations.held_out.weighing import GRID, SHIPPED, Weights, ndcg
from evaluations.significance import Difference, paired


@dataclass(frozen=True, slots=True)
class HeldOut:
    """One set, left out."""

    name: str
    queries: int
    chosen: Weights
    """Best by the mean over the other sets."""
    reached: float
    """nDCG@10 of the chosen weights on this set."""
    shipped: float
    difference: Difference
    """Shipped above chosen, query by query."""
    best: float
    """Of the weights that are best on this very set: no choice among these goes beyond it."""
    plain: Mapping[str, float]
    """nDCG@10 of the ways without weights."""


def held_out(sets: Sequence[Signals], grid: Sequence[Weights] = GRID) -> tuple[HeldOut, ...]:
    """Each set left out in turn; every other set counts alike, whatever its size.

    Sets over one corpus are left out together: what fits the one fits the other. A set that has no other one beside it
    is not there.
    """
    weights = (*grid, SHIPPED)
    values = [ndcg(one.queries, weights) for one in sets]
    means = np.stack([each.mean(axis=1) for each in values])
    found = []
    for place, one in enumerate(sets):
        others = [at for at, other in enumerate(sets) if other.corpus != one.corpus]
        if not others:
            continue
        # Of equals the first; the shipped weights stand last and are no choice of their own.
        best = int(np.argmax(means[others].mean(axis=0)[: len(grid)]))
        found.append(
            HeldOut(
                name=one.name,
                queries=len(one.queries),
                chosen=grid[best],
                reached=float(means[place, best]),
                shipped=float(means[place, -1]),
                difference=paired(values[place][best].tolist(), values[place][-1].tolist()),
                best=float(means[place].max()),
                plain={name: float(each.mean()) for name, each in one.plain.items()},
            )
        )
    return tuple(found)
