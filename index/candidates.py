"""A question in, the passages worth ranking out: the nearest by their vectors and the best by their words."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from index.aside import ALONE, Aside
from index.generation import Generation, Positions
from index.hit import Filters
from index.signals import Query

#: Filters that let everything through.
EVERYTHING = Filters(audience="agent")
#: How many times what filters are expected to leave is asked of the word index without them, and the most: for more,
#: asking with them is cheaper (as dear as 1,200 without them at 10,000 rows, as 2,400 at a million).
SPARE, MOST_ASKED = 2.0, 1_000
#: Rows from which on a search has parts done by other threads: below, waking them costs as much as it saves.
ASIDE_ROWS = 100_000


def candidates(
    generation: Generation, query: Query, filters: Filters, limit: int, aside: Aside = ALONE
) -> Positions:
    """Positions of the `limit` best passages by each of the two searches, of those that filters let through.

    In a large generation both run at once where `aside` has a thread. Raises what either of them raises.
    """
    aside = aside if len(generation.rows) >= ASIDE_ROWS else ALONE
    _, mask = generation.selection(filters)
    weighted = list(zip(query.terms, query.weights.tolist(), strict=True))
    peak = max((weight for _, weight in weighted), default=1.0)
    terms = [(term, weight / peak) for term, weight in weighted]
    matched = aside.start(partial(_matched, generation, terms, filters, limit))
    nearest, _ = generation.vectors.search(query.vector, limit, mask, aside)
    return np.unique(np.concatenate([nearest, matched()]))


def _matched(
    generation: Generation, terms: Sequence[tuple[str, float]], filters: Filters, limit: int
) -> Positions:
    """Positions of the `limit` best passages by their words, of those that filters let through."""
    _, mask = generation.selection(filters)
    if mask is None:
        return _by_words(generation, terms, EVERYTHING, limit)
    share = np.count_nonzero(mask) / len(mask)
    # What is best of all and passes is best of what passes, and tantivy needs twice as long where it has to look at
    # a filter for each passage that has a word.
    asked = int(SPARE * limit / share) if share > 0 else 0
    if 0 < asked <= MOST_ASKED:
        found = _by_words(generation, terms, EVERYTHING, asked)
        passing = found[mask[found]]
        if len(passing) >= limit or len(found) < asked:
            return passing[:limit]
    found = _by_words(generation, terms, filters, limit)
    return found[mask[found]]


def _by_words(
    generation: Generation, terms: Sequence[tuple[str, float]], filters: Filters, limit: int
) -> Positions:
    return generation.positions([uid for uid, _ in generation.lexical.search(terms, filters, limit)])
