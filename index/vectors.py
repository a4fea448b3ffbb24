"""Unit vectors in, positions with cosines out: exact for small segments, by sketches first for large ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from index.aside import ALONE, Aside
from index.brought import Sketched, Wider
from index.encoder import Floats
from index.products import dots

#: The package's stubs leave out selectors and search parameters.
_FAISS: Any = faiss
Mask = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.int64]

#: Rows that a search sees by their sketches at first, at least and for each one wanted: sketches swap neighbours.
#: docs/decisions/0008-vector-index-by-size.md has the figures.
SEEN, SEEN_EACH = 500, 10
#: A search sees this many times what its filters are expected to leave of what it needs.
SPARE = 2.0
#: Rows that a search sees at most by their sketches: weighing more costs as much as weighing all that are selected.
MOST_SEEN = 32_000
#: A search that has not seen enough sees this many times more.
MORE = 4
#: Rows that a scan brings at least, or one in so many of all, if those are more: four times as many cost a tenth
#: more, and another scan costs all of it. In 3 of 4 searches for 30 in a million, 3,900 rows had to be seen.
AHEAD, AHEAD_SHARE = 2_000, 250
#: Up to this many selected rows are compared one by one, exactly.
FEW = 2048
#: Selections whose form for FAISS is remembered: a knowledge base is searched with few, again and again.
SELECTIONS = 64
#: Rows whose vectors are read at once in an exact search of mapped ones.
_AT_ONCE = 16_384


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one segment that a generation names; their positions follow each other."""

    first: int
    """Position of the first of them."""
    rows: Positions
    """Their places in the segment, ascending."""
    vectors: Floats
    """All vectors of the segment, mapped."""
    sketches: Sketched | None = None


class VectorIndex:
    """The vectors of one generation; a position is a row's ordinal in it. Safe for several threads."""

    def __init__(self, blocks: Sequence[Block], dimension: int) -> None:
        """Blocks come in the order of their positions."""
        self.count = sum(len(block.rows) for block in blocks)
        self._large = [_LargeBlock(block) for block in blocks if block.sketches is not None]
        small = [block for block in blocks if block.sketches is None]
        self._small = np.concatenate(
            [
                np.empty(0, dtype=np.int64),
                *(np.arange(block.first, block.first + len(block.rows)) for block in small),
            ]
        )
        self._selected: dict[int, tuple[Mask, Any]] = {}
        self._index = faiss.IndexFlatIP(dimension)
        for block in small:
            self._index.add(np.ascontiguousarray(block.vectors[block.rows], dtype=np.float32))

    def search(
        self, vector: Floats, limit: int, mask: Mask | None = None, aside: Aside = ALONE
    ) -> tuple[Positions, Floats]:
        """The `limit` nearest positions with their cosines, best first, of those where `mask` is true.

        As many as there are, if those are fewer: where the sketches of a segment bring too few that are selected, all
        selected rows of the segment are looked at.
        """
        # One question at a time gains nothing from threads; starting them cost .4 ms of .9 at 10,000 rows. The
        # number is kept for each thread apart, so it is set here.
        faiss.omp_set_num_threads(1)
        exact = self._exact(vector, limit, mask)
        if not self._large:
            return exact
        parts = [
            exact,
            *(one.search(vector, limit, mask, aside) for one in self._large),
        ]
        positions, cosines = (np.concatenate(part) for part in zip(*parts, strict=True))
        best = np.argsort(-cosines, kind="stable")[:limit]
        return positions[best], cosines[best]

    def _exact(self, vector: Floats, limit: int, mask: Mask | None) -> tuple[Positions, Floats]:
        if not len(self._small):
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        selected = None if mask is None else mask if not self._large else mask[self._small]
        parameters = None if selected is None else self._parameters(selected)
        wanted = min(limit, len(self._small))
        cosines, places = self._index.search(vector[np.newaxis], wanted, params=parameters)
        # FAISS pads missing results with the place -1.
        real = places[0] >= 0
        return self._small[places[0][real]], cosines[0][real]

    def _parameters(self, mask: Mask) -> Any:
        """What has FAISS look only where `mask` is true; made once for a mask that nobody can change."""
        _, known = self._selected.get(id(mask), (mask, None))
        if known is not None:
            return known
        parameters = _FAISS.SearchParameters(sel=selector_of(mask))
        if not mask.flags.writeable:
            if len(self._selected) >= SELECTIONS:
                self._selected.clear()
            # With the mask itself: while it is here, nothing else has its id.
            self._selected[id(mask)] = mask, parameters
        return parameters

    def cosines(self, vector: Floats, positions: Positions) -> Floats:
        """Cosines of given positions, in their order."""
        if not self._large:
            return dots(self._index.reconstruct_batch(positions), vector)
        result = np.zeros(len(positions), dtype=np.float32)
        rest = np.ones(len(positions), dtype=bool)
        for block in self._large:
            own = (positions >= block.first) & (positions < block.last)
            if own.any():
                result[own] = block.cosines(vector, positions[own])
                rest &= ~own
        if rest.any():
            places = np.searchsorted(self._small, positions[rest])
            result[rest] = dots(self._index.reconstruct_batch(places), vector)
        return result


class _LargeBlock:
    """The rows of one segment with sketches."""

    def __init__(self, block: Block) -> None:
        if block.sketches is None or block.sketches.rows != len(block.vectors):
            raise ValueError("a segment's sketches are not of its vectors")
        self.first, self.last = block.first, block.first + len(block.rows)
        self._rows, self._vectors, self._sketches = block.rows, block.vectors, block.sketches
        self._whole = len(block.rows) == len(block.vectors)
        self._ahead = max(AHEAD, len(block.vectors) // AHEAD_SHARE)

    def cosines(self, vector: Floats, positions: Positions) -> Floats:
        return dots(self._vectors[self._rows[positions - self.first]], vector)

    def search(self, vector: Floats, limit: int, mask: Mask | None, aside: Aside) -> tuple[Positions, Floats]:
        """The `limit` nearest; exactly as many of the selected rows as there are, if those are fewer."""
        selected = None if mask is None else mask[self.first : self.last]
        count = len(self._rows) if selected is None else int(np.count_nonzero(selected))
        wanted = min(limit, count)
        if wanted and count > FEW:
            found = self._by_sketches(vector, wanted, selected, count, aside)
            if found is not None:
                return found
        places = np.arange(len(self._rows)) if selected is None else np.flatnonzero(selected)
        return self._weighed(vector, self.first + places, wanted)

    def _by_sketches(
        self, vector: Floats, wanted: int, selected: Mask | None, count: int, aside: Aside
    ) -> tuple[Positions, Floats] | None:
        """The `wanted` nearest of the `count` selected rows; None where too many are as near for sketches to tell."""
        enough = max(SEEN, SEEN_EACH * wanted)
        # What is nearest of all and selected is nearest of the selected: the sketches need not know the filter.
        seen = enough if count == self._sketches.rows else int(SPARE * enough * self._sketches.rows / count)
        step, wider = seen, None
        looked = np.empty(0, dtype=np.int64)
        best = looked, np.empty(0, dtype=np.float32)
        while seen <= MOST_SEEN:
            brought = max(seen, self._ahead)
            found = self._sketches.nearest(vector, brought, aside, wider)
            while seen <= brought:
                fresh = np.setdiff1d(found.rows[:seen], looked, assume_unique=True)
                looked = np.concatenate([looked, fresh])
                best = self._better(best, vector, fresh, wanted, selected)
                # Where there is less than is wanted, anything may be missed.
                least = float(best[1][-1]) if len(best[0]) == wanted else -2.0
                wider = Wider(least, found)
                if least < found.beyond:
                    break
                whole = seen >= self._sketches.rows
                # Nothing that was not seen is nearer than its sketch and the error say.
                if len(best[0]) == wanted and (
                    whole or least >= found.cosines[:seen][-1] + self._sketches.error
                ):
                    return best
                if whole:
                    return None
                seen, step = self._further(seen, step, brought)
        return None

    @staticmethod
    def _further(seen: int, step: int, brought: int) -> tuple[int, int]:
        """How many to see next, and the step that leads to: `MORE` times as many, but first all that was brought."""
        if step > seen:
            return step, step
        step = MORE * seen
        return (brought if seen < brought < step else step), step

    def _better(
        self,
        best: tuple[Positions, Floats],
        vector: Floats,
        rows: Positions,
        wanted: int,
        selected: Mask | None,
    ) -> tuple[Positions, Floats]:
        """The `wanted` nearest of what was best and what of these rows is selected, by their vectors."""
        # In the order of the rows, which is their order on disk.
        places = self._places(np.sort(rows))
        if selected is not None:
            places = places[selected[places]]
        positions, cosines = self._weighed(vector, self.first + places, wanted)
        positions, cosines = np.concatenate([best[0], positions]), np.concatenate([best[1], cosines])
        order = np.lexsort((positions, -cosines))[:wanted]
        return positions[order], cosines[order]

    def _weighed(self, vector: Floats, positions: Positions, wanted: int) -> tuple[Positions, Floats]:
        """The `wanted` nearest of these positions, by their vectors."""
        parts = [
            self.cosines(vector, positions[start : start + _AT_ONCE])
            for start in range(0, len(positions), _AT_ONCE)
        ]
        cosines = np.concatenate(parts) if parts else np.empty(0, dtype=np.float32)
        best = np.argsort(-cosines, kind="stable")[:wanted]
        return positions[best], cosines[best]

    def _places(self, rows: Positions) -> Positions:
        """Places among the generation's rows of rows of the segment, without those that it does not name."""
        if self._whole:
            return rows
        places = np.searchsorted(self._rows, rows)
        inside = places < len(self._rows)
        inside[inside] = self._rows[places[inside]] == rows[inside]
        return places[inside]


def selector_of(mask: Mask) -> Any:
    """What `search` takes to look only at the positions where `mask` is true."""
    bits = np.packbits(mask, bitorder="little")
    selector = _FAISS.IDSelectorBitmap(bits)
    # FAISS keeps a pointer into the array and not the array.
    selector.bits_owner = bits
    return selector
