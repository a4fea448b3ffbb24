"""Unit vectors in, positions with cosines out: exact for small segments, by their graphs for large ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from index.encoder import Floats
from index.graph import Graph
from index.products import dots

#: The package's stubs leave out selectors and search parameters.
_FAISS: Any = faiss
Mask = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.int64]

#: Nodes of a graph that a search sees at least.
SEEN = 256
#: Nodes that a search sees at most: beyond, looking at the bytes of all selected rows costs about as much.
MOST_SEEN = 2048
#: A search sees this many times what its filters are expected to leave of what it needs.
SPARE = 2.0
#: Up to this many selected rows are compared one by one, exactly.
FEW = 2048
#: Rows by their bytes that are weighed exactly for each one wanted: rounding swaps neighbours in the order.
RESCORED = 2


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one segment that a generation names; their positions follow each other."""

    first: int
    """Position of the first of them."""
    rows: Positions
    """Their places in the segment, ascending."""
    vectors: Floats
    """All vectors of the segment, mapped."""
    graph: Graph | None = None


class VectorIndex:
    """The vectors of one generation; a position is a row's ordinal in it. Safe for several threads."""

    def __init__(self, blocks: Sequence[Block], dimension: int) -> None:
        """Blocks come in the order of their positions."""
        self.count = sum(len(block.rows) for block in blocks)
        self._large = [_LargeBlock(block) for block in blocks if block.graph is not None]
        small = [block for block in blocks if block.graph is None]
        self._small = np.concatenate(
            [
                np.empty(0, dtype=np.int64),
                *(np.arange(block.first, block.first + len(block.rows)) for block in small),
            ]
        )
        self._index = faiss.IndexFlatIP(dimension)
        for block in small:
            self._index.add(np.ascontiguousarray(block.vectors[block.rows], dtype=np.float32))

    def search(self, vector: Floats, limit: int, mask: Mask | None = None) -> tuple[Positions, Floats]:
        """The `limit` nearest positions with their cosines, best first, of those where `mask` is true.

        As many as there are, if those are fewer: where the graph of a segment brings too few, all selected rows of
        the segment are looked at.
        """
        # One question at a time gains nothing from threads; starting them cost .4 ms of .9 at 10,000 rows. The
        # number is kept for each thread apart, so it is set here.
        faiss.omp_set_num_threads(1)
        parts = [self._exact(vector, limit, mask), *(one.search(vector, limit, mask) for one in self._large)]
        positions, cosines = (np.concatenate(part) for part in zip(*parts, strict=True))
        best = np.argsort(-cosines, kind="stable")[:limit]
        return positions[best], cosines[best]

    def _exact(self, vector: Floats, limit: int, mask: Mask | None) -> tuple[Positions, Floats]:
        if not len(self._small):
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        selected = None if mask is None else mask if not self._large else mask[self._small]
        selector = None if selected is None else selector_of(selected)
        parameters = None if selector is None else _FAISS.SearchParameters(sel=selector)
        wanted = min(limit, len(self._small))
        cosines, places = self._index.search(vector[np.newaxis], wanted, params=parameters)
        # FAISS pads missing results with the place -1.
        real = places[0] >= 0
        return self._small[places[0][real]], cosines[0][real]

    def cosines(self, vector: Floats, positions: Positions) -> Floats:
        """Cosines of given positions, in their order."""
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
    """The rows of one segment with a graph."""

    def __init__(self, block: Block) -> None:
        if block.graph is None or block.graph.rows != len(block.vectors):
            raise ValueError("a segment's graph is not of its vectors")
        self.first, self.last = block.first, block.first + len(block.rows)
        self._rows, self._vectors, self._graph = block.rows, block.vectors, block.graph
        self._whole = len(block.rows) == len(block.vectors)

    def cosines(self, vector: Floats, positions: Positions) -> Floats:
        return dots(self._vectors[self._rows[positions - self.first]], vector)

    def search(self, vector: Floats, limit: int, mask: Mask | None) -> tuple[Positions, Floats]:
        """The `limit` nearest; exactly as many of the selected rows as there are, if those are fewer."""
        selected = None if mask is None else mask[self.first : self.last]
        count = len(self._rows) if selected is None else int(np.count_nonzero(selected))
        wanted = min(limit, count)
        positions = self._found(vector, wanted, selected, count)
        cosines = self.cosines(vector, positions)
        best = np.argsort(-cosines, kind="stable")[:wanted]
        return positions[best], cosines[best]

    def _found(self, vector: Floats, wanted: int, selected: Mask | None, count: int) -> Positions:
        """Positions that hold the nearest `wanted` of the `count` selected rows."""
        if count <= FEW:
            places = np.arange(len(self._rows)) if selected is None else np.flatnonzero(selected)
            return self.first + places
        # What is nearest of all and selected is nearest of the selected: the graph need not know the filter.
        seen = max(SEEN, int(SPARE * wanted * self._graph.rows / count))
        if seen <= MOST_SEEN:
            places = self._places(self._graph.nearest(vector, seen))
            if selected is not None:
                places = places[selected[places]]
            if len(places) >= wanted:
                return self.first + places[: RESCORED * wanted]
        passes = np.zeros(self._graph.rows, dtype=bool)
        passes[self._rows if selected is None else self._rows[selected]] = True
        return self.first + self._places(self._graph.scan(vector, RESCORED * wanted, passes))

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
