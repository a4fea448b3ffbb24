"""The last generation in, what the next one takes over from it out."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.encoder import Floats
from index.generation import ArticleFacts, Generation
from index.segment import ArticleRow, Row
from kb.article import ArticleKey

#: Rows that no generation names are carried along until they are this share of all ...
DEAD_SHARE = 0.3
#: ... or until there are so many segments that opening them costs more than copying the small ones into one.
MOST_SEGMENTS = 24
#: A segment with at most this share of the rows is small, so that an edit of a large base never copies all of it.
SMALL_SHARE = 0.125
#: Up to this many rows all are copied: that takes about a second.
CHEAP_ROWS = 2000


def kept_rows(
    base: Generation | None, articles: Sequence[ArticleFacts], ordinal: dict[ArticleKey, int]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Rows of `base` that stay, with the new ordinals of their articles, and the rows that go."""
    if base is None or not len(base.rows):
        return np.empty((0, 3), dtype=np.int64), np.empty((0, 3), dtype=np.int64)
    renumbered = np.full(len(base.articles), -1, dtype=np.int64)
    for old, facts in enumerate(base.articles):
        new = ordinal.get(facts.key)
        # The same text in another file may have another title, so the revision alone does not tell.
        if new is not None and articles[new] == facts:
            renumbered[old] = new
    rows = base.rows.copy()
    rows[:, 2] = renumbered[base.rows[:, 2]]
    stays = rows[:, 2] >= 0
    return rows[stays], base.rows[~stays]


def folded(base: Generation | None, kept: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which kept rows are copied into the new segment, so that neither dead rows nor segments pile up."""
    none = np.zeros(len(kept), dtype=bool)
    if base is None or not len(kept):
        return none
    stored = sum(segment.rows for segment in base.segments.values())
    if stored - len(kept) > max(1000, DEAD_SHARE * stored):
        return ~none
    if len(base.segments) < MOST_SEGMENTS:
        return none
    if len(kept) <= CHEAP_ROWS:
        return ~none
    small = [number for number, segment in base.segments.items() if segment.rows <= SMALL_SHARE * stored]
    return np.isin(kept[:, 0], small)


def known_rows(base: Generation | None, wanted: set[bytes]) -> dict[bytes, Row]:
    """Rows of `base` whose vectors fit the wanted digests."""
    found: dict[bytes, Row] = {}
    if base is None or not wanted:
        return found
    for number, segment in base.segments.items():
        for row in base.rows[base.rows[:, 0] == number, 1]:
            digest = segment.hashes[row].tobytes()
            if digest in wanted and digest not in found:
                found[digest] = segment.row(int(row))
    return found


def known_titles(base: Generation | None, wanted: set[str]) -> dict[str, Floats]:
    """Vectors of those titles that articles of `base` have."""
    found: dict[str, Floats] = {}
    if base is None or not len(base.rows):
        return found
    owners, places = np.unique(base.rows[:, 2], return_index=True)
    for owner, place in zip(owners.tolist(), places.tolist(), strict=True):
        title = base.articles[owner].title
        if title in wanted and title not in found:
            number, row, _ = base.rows[place].tolist()
            segment = base.segments[number]
            found[title] = np.array(segment.title_vectors[segment.article_of[row]])
    return found


def article_rows_of(base: Generation, kept: npt.NDArray[np.int64]) -> dict[ArticleKey, ArticleRow]:
    """Article rows of `base` for the rows that stay; chunks of one article share a segment."""
    found: dict[ArticleKey, ArticleRow] = {}
    for number, row, _ in kept:
        segment = base.segments[int(number)]
        key = segment.chunk(int(row)).key
        if key not in found:
            found[key] = segment.article(int(segment.article_of[row]))
    return found
