"""The last generation in, what the next one takes over from it out."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.encoder import Floats
from index.generation import ArticleFacts, Generation
from index.segment import Segment
from index.sketches import SKETCH_ROWS
from kb.article import ArticleKey

#: Rows that no generation names are carried along until they are this share of all ...
DEAD_SHARE = 0.3
#: ... or until there are so many segments that opening them costs more than copying the small ones into one.
MOST_SEGMENTS = 24
#: A segment with at most this share of the rows is small, so that an edit of a large base never copies all of it.
SMALL_SHARE = 0.125
#: Rows without sketches until they are copied into a segment that has them.
MOST_PLAIN = 2 * SKETCH_ROWS
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
    plain = [number for number, segment in base.segments.items() if segment.rows < SKETCH_ROWS]
    without = np.isin(kept[:, 0], plain)
    if np.count_nonzero(without) > MOST_PLAIN:
        return without
    if len(base.segments) < MOST_SEGMENTS:
        return none
    if len(kept) <= CHEAP_ROWS:
        return ~none
    small = [number for number, segment in base.segments.items() if segment.rows <= SMALL_SHARE * stored]
    return np.isin(kept[:, 0], small)


def known_rows(base: Generation | None, wanted: set[bytes]) -> dict[bytes, tuple[Segment, int]]:
    """Where `base` has rows whose vectors fit the wanted digests."""
    found: dict[bytes, tuple[Segment, int]] = {}
    if base is None or not wanted:
        return found
    begins = np.asarray([int.from_bytes(digest[:8], "little") for digest in wanted], dtype=np.uint64)
    for number, segment in base.segments.items():
        rows = base.rows[base.rows[:, 0] == number, 1]
        # By the first eight bytes at once; few others share them.
        begin = np.ascontiguousarray(segment.hashes[:, :8]).view("<u8")[:, 0]
        for row in rows[np.isin(begin[rows], begins)].tolist():
            digest = segment.hashes[row].tobytes()
            if digest in wanted:
                found.setdefault(digest, (segment, row))
    return found


def known_titles(base: Generation | None, wanted: set[str]) -> dict[str, Floats]:
    """Vectors of those titles that articles of `base` have."""
    found: dict[str, Floats] = {}
    if base is None or not len(base.rows) or not wanted:
        return found
    for owner, facts in enumerate(base.articles):
        if facts.title in wanted and facts.title not in found:
            places = base.positions_of(owner)
            if len(places):
                found[facts.title] = title_vector(base, base.rows[places[0]])
    return found


def title_vector(base: Generation, place: npt.NDArray[np.int64]) -> Floats:
    """Vector of the title of a row's article, copied."""
    segment = base.segments[int(place[0])]
    return np.array(segment.title_vectors[segment.article_of[int(place[1])]])
