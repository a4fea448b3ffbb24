"""Questions as vectors in, groups of the same matter out: communities of a graph of near neighbours.

How many groups there are is not set: questions that are near enough are linked to their nearest, and the links fall
into communities by the Louvain method (Blondel and others, 2008, "Fast unfolding of communities in large networks").
A question without a near neighbour stays alone. The only user of networkx.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

#: Each question is linked to so many of its nearest; with 8 and 12 small matters run together (docs/decisions/0020).
NEIGHBOURS: Final = 5
#: Above 1 communities are smaller: at 1 matters of large sets run together, at 4 they fall apart.
RESOLUTION: Final = 2.0
#: Questions less alike than this (cosine) are never linked, so that one-off questions stay alone in small sets.
FLOOR: Final = 0.55
#: Groups this alike (mean cosine over pairs) are one matter; lower, matters of one subject run together.
ALIKE: Final = 0.6
_SEED: Final = 0
#: Below every cosine: a group that is part of another one now.
_GONE: Final = -2.0
#: Rows of the similarity matrix in memory at once.
_BLOCK: Final = 2048
#: From so many questions on the mean is the language's, not the matter's, and is taken out.
_ENOUGH_TO_CENTRE: Final = 50

Link = tuple[int, int, float]


def cluster(vectors: Floats) -> list[list[int]]:
    """Groups of row numbers of `vectors` (unit length, shape (questions, dimension)), largest first.

    The same vectors in the same order give the same groups. Every row is in exactly one of them.
    """
    if not len(vectors):
        return []
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(len(vectors)))
    graph.add_weighted_edges_from(links(vectors))
    found = nx.community.louvain_communities(graph, resolution=RESOLUTION, seed=_SEED)
    return merged(vectors, sorted(sorted(group) for group in found))


def merged(vectors: Floats, groups: Sequence[Sequence[int]]) -> list[list[int]]:
    """Groups whose questions are alike on average put together, the most alike first (average linkage).

    Communities are relative to the whole graph: a matter that most of it is about falls apart. This is not.
    """
    sums = np.stack([vectors[list(group)].sum(axis=0, dtype=np.float64) for group in groups])
    sizes = np.asarray([len(group) for group in groups], dtype=np.float64)
    likeness = (sums @ sums.T) / np.outer(sizes, sizes)
    np.fill_diagonal(likeness, -1.0)
    members = [list(group) for group in groups]
    while likeness.size:
        kept, gone = divmod(int(likeness.argmax()), len(members))
        if likeness[kept, gone] < ALIKE:
            break
        members[kept] += members[gone]
        members[gone] = []
        sums[kept] += sums[gone]
        sizes[kept] += sizes[gone]
        live = likeness[kept] > _GONE
        row = np.where(live, (sums @ sums[kept]) / (sizes * sizes[kept]), _GONE)
        row[kept] = -1.0
        likeness[kept], likeness[:, kept] = row, row
        likeness[gone], likeness[:, gone] = _GONE, _GONE
    return sorted((sorted(group) for group in members if group), key=lambda group: (-len(group), group[0]))


def links(vectors: Floats) -> list[Link]:
    """The graph: (row, row, weight), each pair once, the lower row first."""
    near = _centred(vectors) if len(vectors) >= _ENOUGH_TO_CENTRE else vectors
    count = min(NEIGHBOURS, len(vectors) - 1)
    if count < 1:
        return []
    found: dict[tuple[int, int], float] = {}
    for start in range(0, len(near), _BLOCK):
        likeness = near[start : start + _BLOCK] @ near.T
        rows = np.arange(len(likeness))
        likeness[rows, rows + start] = -np.inf
        nearest = np.argpartition(-likeness, count - 1, axis=1)[:, :count]
        for row, others in zip((rows + start).tolist(), nearest.tolist(), strict=True):
            for other in others:
                if float(vectors[row] @ vectors[other]) >= FLOOR:
                    pair = (row, other) if row < other else (other, row)
                    found[pair] = max(float(likeness[row - start, other]), 0.01)
    return [(low, high, weight) for (low, high), weight in sorted(found.items())]


def _centred(vectors: Floats) -> Floats:
    """Without what all have in common: in one help desk every question is a little like every other."""
    moved = vectors - vectors.mean(axis=0)
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    return np.asarray(moved / np.maximum(lengths, 1e-9), dtype=np.float32)


def typical(vectors: Floats, members: Sequence[int]) -> list[int]:
    """The members of a group, the one nearest to all others first; ties keep their order."""
    own = vectors[list(members)]
    worth = own @ own.mean(axis=0)
    return [members[place] for place in np.argsort(-worth, kind="stable").tolist()]
