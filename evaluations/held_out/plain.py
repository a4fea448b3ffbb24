"""A question in, documents out as libraries rank them: by vectors, by words, or by both lists joined."""

from collections.abc import Mapping, Sequence

import numpy as np

from index.candidates import EVERYTHING
from index.encoder import Floats
from index.generation import Generation
from index.signals import Query

#: Passages asked of each of the two searches.
_DEPTH = 50
#: Of reciprocal rank fusion (Cormack, Clarke & Büttcher 2009).
_RANK_CONSTANT = 60.0
#: Share of the vector search where scores are joined, each scaled to 0..1 over its list.
_VECTOR_SHARE = 0.7
DENSE, WORDS, BY_RANK, BY_SCORE = "vectors", "words", "fused by rank", "fused by score"
PLAIN = (DENSE, WORDS, BY_RANK, BY_SCORE)


def rankings(generation: Generation, query: Query) -> Mapping[str, Sequence[str]]:
    """Documents by each of `PLAIN`, in the order of their best passage."""
    nearest, cosines = generation.vectors.search(query.vector, _DEPTH)
    weighted = [(term, float(weight)) for term, weight in zip(query.terms, query.weights, strict=True)]
    matched = generation.lexical.search(weighted, EVERYTHING, _DEPTH)
    worded = generation.positions([uid for uid, _ in matched])
    lists = [
        (nearest.tolist(), cosines),
        (worded.tolist(), np.asarray([score for _, score in matched], dtype=np.float32)),
    ]
    found = {
        DENSE: lists[0][0],
        WORDS: lists[1][0],
        BY_RANK: _joined([(places, _by_rank(len(places))) for places, _ in lists], (1.0, 1.0)),
        BY_SCORE: _joined(
            [(places, _scaled(scores)) for places, scores in lists], (_VECTOR_SHARE, 1.0 - _VECTOR_SHARE)
        ),
    }
    return {
        name: list(dict.fromkeys(generation.facts(position).key.id for position in positions))
        for name, positions in found.items()
    }


def _by_rank(count: int) -> Floats:
    return np.asarray(1.0 / (_RANK_CONSTANT + np.arange(1, count + 1)), dtype=np.float32)


def _scaled(scores: Floats) -> Floats:
    if not len(scores):
        return scores
    low, high = float(scores.min()), float(scores.max())
    return np.asarray((scores - low) / max(high - low, 1e-9), dtype=np.float32)


def _joined(lists: Sequence[tuple[list[int], Floats]], shares: tuple[float, float]) -> list[int]:
    total: dict[int, float] = {}
    for (places, scores), share in zip(lists, shares, strict=True):
        for place, score in zip(places, scores.tolist(), strict=True):
            total[place] = total.get(place, 0.0) + share * score
    return sorted(total, key=lambda place: -total[place])
