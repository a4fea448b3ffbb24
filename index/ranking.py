"""Raw signals in, one order out: a weighted sum that keeps every signal's magnitude.

No signal is rescaled by the other candidates (min-max) and none is turned into a rank, so a passage scores
the same whoever it competes with. The weights were set by hand on several public sets at once and checked
with each set left out; docs/decisions/0003-ranking.md has the figures.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.encoder import Floats
from index.generation import Generation, Positions
from index.learned import NOTHING, Recall
from index.signals import K1, Query, late_signals, lexical_signals, title_signals


@dataclass(frozen=True, slots=True)
class Recipe:
    """How candidates are found and weighed."""

    candidates: int = 30
    """Passages fetched by each of the two searches."""
    late_candidates: int = 30
    """Passages, best first by the other signals, that late interaction looks at."""
    dense: float = 1.0
    title: float = 0.5
    late: float = 1.5
    lexical: float = 0.125
    """Weight of BM25 over the most that one term which is nowhere else could give."""
    learned: float = 0.4
    """The most that learned questions add to a score; one customer's word adds half of it at most."""


RECIPE = Recipe()


@dataclass(frozen=True, slots=True)
class Ranked:
    """Signals and scores of all candidates, in the candidates' order."""

    dense: Floats
    title: Floats
    late: Floats
    lexical: Floats
    coverage: Floats
    learned: Floats
    reach: Floats
    """Best cosine of each question token with a token of each candidate, shape (candidates, tokens); 0 if unseen."""
    score: Floats
    order: npt.NDArray[np.int64]
    """Places in the arrays above, best first."""


def most_lexical(query: Query) -> float:
    """BM25 of a passage that has all of the question's terms, saturated, in text, article and title."""
    return 3.0 * float(query.weights.sum()) * (K1 + 1.0)


def rank(
    generation: Generation,
    query: Query,
    positions: Positions,
    recipe: Recipe = RECIPE,
    recall: Recall = NOTHING,
) -> Ranked:
    """Scores the candidates at `positions`; late interaction only where it can still matter."""
    if not len(positions):
        none = np.zeros(0, dtype=np.float32)
        empty = np.zeros((0, len(query.tokens)), dtype=np.float32)
        return Ranked(none, none, none, none, none, none, empty, none, np.zeros(0, dtype=np.int64))
    dense = generation.vectors.cosines(query.vector, positions)
    title = title_signals(generation, positions, query, dense)
    lexical, coverage = lexical_signals(generation, positions, query)
    # Divided by a constant of the corpus, so that a question with many matching words keeps their weight.
    one_term = (K1 + 1.0) * math.log1p(2.0 * len(generation.rows))
    score = recipe.dense * dense + recipe.title * title + recipe.lexical * lexical / one_term
    learned = recall.scores(generation, positions)
    score = score + recipe.learned * learned
    first = np.argsort(-score, kind="stable")
    # Passages that learned questions speak for take nobody's place.
    most = recipe.late_candidates + np.count_nonzero(learned)
    looked, rest = first[:most], first[most:]
    late = np.zeros(len(positions), dtype=np.float32)
    reach = np.zeros((len(positions), len(query.tokens)), dtype=np.float32)
    late[looked], reach[looked] = late_signals(generation, positions[looked], query)
    score = score + recipe.late * late
    order = np.concatenate([looked[np.argsort(-score[looked], kind="stable")], rest])
    return Ranked(dense, title, late, lexical, coverage, learned, reach, score, order)
