"""Unit vectors in, positions with cosines out; the only user of faiss."""

from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from index.encoder import Floats

#: The package's stubs leave out selectors and search parameters.
_FAISS: Any = faiss
Mask = npt.NDArray[np.bool_]


class VectorIndex:
    """Exact search over the rows of one generation; a position is a row's ordinal in it."""

    def __init__(self, vectors: Floats) -> None:
        count, dimension = vectors.shape
        self.count = count
        # One question at a time gains nothing from threads; starting them cost .4 ms of .9 at 10,000 rows.
        faiss.omp_set_num_threads(1)
        self._index = faiss.IndexFlatIP(dimension)
        if count:
            self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))

    def search(
        self, vector: Floats, limit: int, selector: Any = None
    ) -> tuple[npt.NDArray[np.int64], Floats]:
        """The `limit` nearest positions with their cosines, best first; fewer where fewer are selected."""
        if not self.count:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        parameters = _FAISS.SearchParameters(sel=selector) if selector is not None else None
        cosines, positions = self._index.search(vector[np.newaxis], min(limit, self.count), params=parameters)
        # FAISS pads missing results with the position -1.
        real = positions[0] >= 0
        return positions[0][real], cosines[0][real]

    def cosines(self, vector: Floats, positions: npt.NDArray[np.int64]) -> Floats:
        """Cosines of given positions, in their order."""
        stored: Floats = self._index.reconstruct_batch(positions)
        result: Floats = stored @ vector
        return result


def selector_of(mask: Mask) -> Any:
    """What `search` takes to look only at the positions where `mask` is true."""
    bits = np.packbits(mask, bitorder="little")
    selector = _FAISS.IDSelectorBitmap(bits)
    # FAISS keeps a pointer into the array and not the array.
    selector.bits_owner = bits
    return selector
