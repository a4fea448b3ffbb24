"""Raw signals of all candidates of one question at once, from the compact arrays of a generation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.encoder import Floats
from index.generation import Generation, Positions
from index.products import dots, product
from index.section import Layout
from index.segment import TOKEN_SCALE, Listed, Segment

#: BM25's saturation and length normalisation (Robertson & Zaragoza 2009, "The Probabilistic Relevance
#: Framework"), the usual values.
K1, B = 1.2, 0.75


@dataclass(frozen=True, slots=True)
class Query:
    """A question, analysed once for one generation."""

    text: str
    vector: Floats
    """Unit length, shape (dimension,)."""
    tokens: Floats
    """Projected token vectors, shape (tokens, compressed dimension)."""
    columns: Floats
    """The same with a column a token, as products with passages take them."""
    token_weights: Floats
    """Sum to 1, shape (tokens,)."""
    terms: tuple[str, ...]
    """Unique, most telling first."""
    codes: npt.NDArray[np.uint32]
    """Codes of `terms`, in their order."""
    weights: Floats
    """Inverse document frequency of `terms` times what the question repeats."""


def lexical_signals(generation: Generation, positions: Positions, query: Query) -> tuple[Floats, Floats]:
    """Per position the sum of three BM25 scores, and coverage.

    The three see the passage with its title and headings, the whole article, and the title alone: a long
    article that speaks of all the question's words is worth more than the one passage shows.
    """
    count = len(positions)
    if not len(query.codes) or not count:
        return np.zeros(count, dtype=np.float32), np.zeros(count, dtype=np.float32)
    lengths, mean = generation.lengths[positions], generation.mean_lengths
    parts = _by_segment(generation, positions)
    owner, term, counts = _matches([(places, segment.terms(rows)) for segment, places, rows in parts], query)
    weight = query.weights[term]
    passage = _bm25(owner, weight, counts.sum(axis=1), lengths.sum(axis=1), float(mean.sum()))
    title = _bm25(owner, weight, counts[:, 0], lengths[:, 0], float(mean[0]))
    covered = np.bincount(owner, weight, minlength=count)
    articles = [(segment, places, segment.article_of[rows]) for segment, places, rows in parts]
    sizes = np.empty(count, dtype=np.float32)
    for segment, places, own in articles:
        sizes[places] = segment.article_lengths[own]
    owner, term, counts = _matches(
        [(places, segment.article_terms(own)) for segment, places, own in articles], query
    )
    whole = _bm25(owner, query.weights[term], counts, sizes, generation.mean_article_length)
    coverage = covered / max(float(query.weights.sum()), 1e-9)
    return (passage + title + whole).astype(np.float32), coverage.astype(np.float32)


def _by_segment(generation: Generation, positions: Positions) -> list[tuple[Segment, Positions, Positions]]:
    """The candidates of each segment: their places among the candidates, and their rows in it."""
    table = generation.rows[positions]
    numbers = table[:, 0]
    return [
        (generation.segments[number], places, table[places, 1])
        for number in set(numbers.tolist())
        for places in [(numbers == number).nonzero()[0]]
    ]


def _matches(
    parts: Sequence[tuple[Positions, Listed]], query: Query
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats]:
    """Where the question's terms occur: candidate, place in the question's terms, counts.

    A part has candidates and the terms of all of them.
    """
    order = query.codes.argsort()
    ordered = query.codes[order]
    found = []
    for places, terms in parts:
        at = np.minimum(ordered.searchsorted(terms.codes), len(ordered) - 1)
        matched = (ordered[at] == terms.codes).nonzero()[0]
        owners = np.repeat(places, terms.sizes)[matched]
        found.append((owners, order[at[matched]], terms.counts(matched).astype(np.float32)))
    owners, term, counts = map(np.concatenate, zip(*found, strict=True))
    return owners, term, counts


def _bm25(
    owner: npt.NDArray[np.int64], weight: Floats, counts: Floats, lengths: Floats, mean: float
) -> Floats:
    """BM25 per document from its matches; `lengths` has one number a document (Robertson & Zaragoza 2009, 3.3)."""
    normal = (1.0 - B + B * lengths / max(mean, 1.0))[owner]
    score = weight * counts * (K1 + 1.0) / (counts + K1 * normal)
    return np.asarray(np.bincount(owner, score, minlength=len(lengths)), dtype=np.float32)


def title_signals(generation: Generation, positions: Positions, query: Query, dense: Floats) -> Floats:
    """Cosine of question and title per position; `dense` where an article has no title."""
    vectors = np.empty((len(positions), len(query.vector)), dtype=np.float32)
    for segment, places, rows in _by_segment(generation, positions):
        vectors[places] = segment.title_vectors[segment.article_of[rows]]
    return np.where(vectors.any(axis=1), dots(vectors, query.vector), dense).astype(np.float32)


def late_signals(generation: Generation, positions: Positions, query: Query) -> tuple[Floats, Floats]:
    """Late interaction per position, and what each question token reaches there, shape (positions, tokens).

    For every question token the best cosine with a token of the chunk, averaged with the token weights
    (Khattab & Zaharia 2020, "ColBERT", with a mean for the sum so that long questions do not score higher).
    """
    result = np.zeros(len(positions), dtype=np.float32)
    reach = np.zeros((len(positions), len(query.tokens)), dtype=np.float32)
    if not len(positions) or not len(query.tokens):
        return result, reach
    parts = [
        generation.segments[segment].token_vectors(row)
        for segment, row, _ in generation.rows[positions].tolist()
    ]
    lengths = np.asarray([len(tokens) for tokens in parts])
    likeness = product(np.concatenate(parts), query.columns)
    filled = lengths.nonzero()[0]
    starts = np.concatenate([[0], np.cumsum(lengths)])
    if len(filled):
        # Scaled when few are left: dividing changes nothing about which is the largest.
        reach[filled] = np.maximum.reduceat(likeness, starts[filled], axis=0) / TOKEN_SCALE
        result[filled] = reach[filled] @ query.token_weights
    return result, reach


def close_look(layout: Layout, query: Query) -> tuple[Floats, Floats]:
    """What the question has to do with each span of a chunk, and with its title and headings.

    First the best cosine of each span (rows) with each question token (columns), 0 where there is none. Then the
    cosines of each token of title and headings (rows) with each question token.
    """
    likeness = product(layout.tokens, query.columns)
    best = np.zeros((layout.count, likeness.shape[1]), dtype=np.float32)
    if len(layout.spans):
        reached = np.maximum.reduceat(likeness[layout.inside], layout.starts, axis=0)
        best[layout.spans] = np.maximum(reached, 0.0) / TOKEN_SCALE
    return best, likeness[layout.head] / TOKEN_SCALE
