"""The vectors of one large segment in, a sketch of each on disk out, and the rows whose sketches are nearest.

A sketch is a product quantisation (Jégou et al. 2011) of four bits a code: codes are looked up in the processor's
registers, 32 rows at once (André, Kermarrec & Le Scouarnec 2015, "Cache locality is not enough"). It is 24 times
smaller than the vector, and all of them are compared: no row is out of reach, as one can be in a graph. Whoever
searches weighs what it finds with the exact vectors, and sees by `error` whether it has seen enough.
docs/decisions/0008-vector-index-by-size.md has the figures.
"""

import json
from functools import partial
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from index.aside import ALONE, Aside
from index.encoder import Floats

#: The package's stubs leave out what is set here.
_FAISS: Any = faiss
#: A segment of at least this many rows has sketches: below, an exact search takes a millisecond.
SKETCH_ROWS = 8_000
#: Components of a vector that one code stands for: the first of these that parts a vector evenly. With 2 a scan of
#: 200,000 rows takes about three times as long as with 3; with 4 more rows have to be seen, which costs more than that.
_COMPONENTS = (3, 2, 4, 1)
#: Rows that the codes are learned from.
_TRAINING_ROWS = 20_000
#: Rows that 16 values a code can be learned from without a complaint.
_FEWEST_TRAINING_ROWS = 640
#: Rows that are scanned as one part at least, and less than twice as many: the parts of a large segment can be scanned
#: at once, and each costs some .2 ms more.
PART_ROWS = 400_000
#: Rows added at once: what is held as floats.
_BATCH = 50_000
#: Rows that are asked for to learn how far sketches are off, the rows looked at for each, and the share of them that
#: the error covers.
_ASKED, _LOOKED_AT, _COVERED = 64, 400, 0.97
_NAME, _ABOUT = "sketches.faiss", "sketches.json"

Places = npt.NDArray[np.int64]


class Sketches:
    """The sketches of a segment's rows, in memory. Safe for several threads."""

    def __init__(self, index: Any, scale: float, error: float, part_rows: int = PART_ROWS) -> None:
        """Take the index, what its cosines are to be multiplied by, and how far they are off then."""
        self.rows = int(index.ntotal)
        #: The first row of each part, with its index.
        self._parts = _parted(index, max(1, self.rows // part_rows))
        self._scale = scale
        self.error = error
        """How much nearer than its sketch says a row is, but for three in a hundred; a difference of cosines."""

    def nearest(self, vector: Floats, count: int, aside: Aside = ALONE) -> tuple[Places, Floats]:
        """The `count` rows whose sketches are nearest, nearest first, with their cosines by their sketches."""
        (own, *others) = (partial(_scan, index, first, vector, count) for first, index in self._parts)
        begun = [aside.start(other) for other in others]
        places, cosines = own()
        if begun:
            found = [(places, cosines), *(result() for result in begun)]
            places, cosines = (np.concatenate(part) for part in zip(*found, strict=True))
            best = np.argsort(-cosines, kind="stable")[:count]
            places, cosines = places[best], cosines[best]
        return places, cosines * np.float32(self._scale)


def _scan(index: Any, first: int, vector: Floats, count: int) -> tuple[Places, Floats]:
    """The `count` nearest sketches of one part, whose rows begin with `first`."""
    # The number is kept for each thread apart; one question gains nothing from FAISS's own.
    faiss.omp_set_num_threads(1)
    cosines, places = index.search(vector[np.newaxis], min(count, index.ntotal))
    # FAISS pads missing results with the place -1.
    real = places[0] >= 0
    return places[0][real] + first, cosines[0][real]


def _parted(index: Any, parts: int) -> list[tuple[int, Any]]:
    """An index's rows in several of about the same size, each with the row it begins with."""
    if parts == 1:
        return [(0, index)]
    # Rows are kept in blocks, the last one padded.
    block, row_bytes = index.bbs, index.M2 // 2
    rows = -(-index.ntotal // (parts * block)) * block
    codes = _FAISS.rev_swig_ptr(index.codes.get(), index.codes.size())
    centroids = _FAISS.vector_to_array(index.pq.centroids)
    found = []
    for first in range(0, index.ntotal, rows):
        part = _FAISS.IndexPQFastScan(index.d, index.M, 4, index.metric_type, block)
        _FAISS.copy_array_to_vector(centroids, part.pq.centroids)
        part.is_trained = True
        part.ntotal = min(rows, index.ntotal - first)
        part.ntotal2 = -(-part.ntotal // block) * block
        part.codes.resize(part.ntotal2 * row_bytes)
        own = _FAISS.rev_swig_ptr(part.codes.get(), part.codes.size())
        own[:] = codes[first * row_bytes : (first + part.ntotal2) * row_bytes]
        found.append((first, part))
    return found


def write_sketches(folder: Path, vectors: Floats) -> None:
    """Writes the sketches of a segment's vectors into its folder: a second of one core per 30,000 rows."""
    rows, dimension = vectors.shape
    codes = next(dimension // components for components in _COMPONENTS if dimension % components == 0)
    index = _FAISS.IndexPQFastScan(dimension, codes, 4, _FAISS.METRIC_INNER_PRODUCT)
    chosen = np.linspace(0, rows - 1, max(min(rows, _TRAINING_ROWS), _FEWEST_TRAINING_ROWS)).astype(np.int64)
    faiss.omp_set_num_threads(1)
    index.train(np.ascontiguousarray(vectors[chosen], dtype=np.float32))
    for start in range(0, rows, _BATCH):
        index.add(np.ascontiguousarray(vectors[start : start + _BATCH], dtype=np.float32))
    scale, error = _fitted(index, vectors)
    (folder / _ABOUT).write_text(json.dumps({"scale": scale, "error": error}), encoding="utf-8")
    # Beside and renamed, and last: a reader sees all of them or none.
    aside = folder / f"{_NAME}.part"
    faiss.write_index(index, str(aside))
    aside.rename(folder / _NAME)


def read_sketches(folder: Path) -> Sketches | None:
    """The sketches of a segment, or None where it has none; raises `OSError` for damaged ones."""
    path = folder / _NAME
    if not path.is_file():
        return None
    try:
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        return Sketches(faiss.read_index(str(path)), float(about["scale"]), float(about["error"]))
    except (RuntimeError, ValueError, KeyError, TypeError) as exc:
        raise OSError(f"its sketches are damaged: {exc}") from exc


def _fitted(index: Any, vectors: Floats) -> tuple[float, float]:
    """What makes the cosines of sketches those of vectors, by least squares over what is near some rows, and the error.

    A sketch lies nearer to the middle than its vector, so its cosines are too small by about one factor.
    """
    exact: list[Floats] = []
    sketched: list[Floats] = []
    for row in np.linspace(0, len(vectors) - 1, min(len(vectors), _ASKED)).astype(np.int64).tolist():
        vector = np.ascontiguousarray(vectors[row], dtype=np.float32)
        cosines, places = index.search(vector[np.newaxis], min(_LOOKED_AT, len(vectors)))
        # No question is a row to the letter, and of itself a sketch is furthest off.
        real = (places[0] >= 0) & (places[0] != row)
        exact.append(vectors[places[0][real]] @ vector)
        sketched.append(cosines[0][real])
    of_vectors, of_sketches = np.concatenate(exact), np.concatenate(sketched)
    scale = float(of_vectors @ of_sketches / max(float(of_sketches @ of_sketches), 1e-9))
    missed = of_vectors - scale * of_sketches
    return scale, float(np.quantile(missed, _COVERED)) if len(missed) else 0.0
