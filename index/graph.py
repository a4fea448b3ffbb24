"""The vectors of one large segment in, a graph over them on disk out, and the nearest rows by it.

Each row is a node with links to near ones (Malkov & Yashunin 2018, "HNSW"); a search walks from node to node and sees
some hundreds of a million. Nodes hold bytes, not floats: whoever searches weighs what it finds with the exact vectors.
docs/decisions/0008-vector-index-by-size.md has the figures.
"""

import os
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from index.encoder import Floats

#: The package's stubs leave out selectors and search parameters.
_FAISS: Any = faiss
#: A segment of at least this many rows has a graph. High on purpose: on made-up vectors one of 50,000 rows found .943
#: of the exact best ten and one of 200,000 rows .764, and .99 is asked; until it does, exact search serves.
#: docs/decisions/0008-vector-index-by-size.md has the figures.
GRAPH_ROWS = 1_000_000
#: Links of a node, and nodes looked at to choose them. With 100 nodes looked at a search of 200,000 rows has to see
#: twice as many for the same recall.
LINKS, LOOKED_AT = 32, 200
#: Rows that the range of each component is read from.
_TRAINING_ROWS = 100_000
#: Rows added at once: what is held as floats.
_BATCH = 50_000
_NAME = "graph.faiss"

Places = npt.NDArray[np.int64]


class Graph:
    """A graph mapped from disk: what no search touches costs no memory. Safe for several threads."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self.rows = int(index.ntotal)

    def nearest(self, vector: Floats, count: int) -> Places:
        """About the `count` nearest rows, nearest first by their bytes."""
        parameters = _FAISS.SearchParametersHNSW(efSearch=count)
        _, places = self._index.search(vector[np.newaxis], min(count, self.rows), params=parameters)
        return _real(places[0])

    def scan(self, vector: Floats, count: int, passes: npt.NDArray[np.bool_]) -> Places:
        """The `count` nearest of the rows that pass, found by looking at the bytes of each."""
        bits = np.packbits(passes, bitorder="little")
        selector = _FAISS.IDSelectorBitmap(bits)
        parameters = _FAISS.SearchParameters(sel=selector)
        storage = self._index.storage
        _, places = storage.search(vector[np.newaxis], min(count, self.rows), params=parameters)
        return _real(places[0])


def _real(places: Places) -> Places:
    """FAISS pads missing results with the place -1."""
    return places[places >= 0]


def write_graph(folder: Path, vectors: Floats) -> None:
    """Writes the graph of a segment's vectors into its folder; of one core's time it takes .5 s per 1,000 rows."""
    quantizer = _FAISS.ScalarQuantizer.QT_8bit
    index = _FAISS.IndexHNSWSQ(vectors.shape[1], quantizer, LINKS, _FAISS.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = LOOKED_AT
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    step = max(1, len(vectors) // _TRAINING_ROWS)
    index.train(np.ascontiguousarray(vectors[::step], dtype=np.float32))
    for start in range(0, len(vectors), _BATCH):
        index.add(np.ascontiguousarray(vectors[start : start + _BATCH], dtype=np.float32))
    # Beside and renamed: a reader sees the whole graph or none.
    aside = folder / f"{_NAME}.part"
    faiss.write_index(index, str(aside))
    aside.rename(folder / _NAME)


def read_graph(folder: Path) -> Graph | None:
    """The graph of a segment, or None where it has none; raises `OSError` for a damaged one."""
    path = folder / _NAME
    if not path.is_file():
        return None
    try:
        return Graph(faiss.read_index(str(path), _FAISS.IO_FLAG_MMAP_IFC))
    except RuntimeError as exc:
        raise OSError(f"its graph is damaged: {exc}") from exc
