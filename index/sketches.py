"""The vectors of one large segment in, a sketch of each on disk out, and the rows whose sketches are nearest.

A sketch is a product quantisation (Jégou et al. 2011) of four bits a code: codes are looked up in the processor's
registers, 32 rows at once (André, Kermarrec & Le Scouarnec 2015, "Cache locality is not enough"). It is 24 times
smaller than the vector, and all of them are compared: no row is out of reach, as one can be in a graph. Whoever
searches weighs what it finds with the exact vectors, and sees by `error` whether it has seen enough.
docs/decisions/0008-vector-index-by-size.md has the figures. Very large segments have theirs in lists (`index.lists`).
"""

import json
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from index.aside import ALONE, Aside
from index.brought import Brought, Sketched, Wider
from index.encoder import Floats
from index.lists import SketchLists, read_lists, write_lists
from index.sketching import TRAINING_ROWS, add, keep, near_some_rows, spaced

#: The package's stubs leave out what is set here.
_FAISS: Any = faiss
#: A segment of at least this many rows has sketches: below, an exact search takes a millisecond.
SKETCH_ROWS = 8_000
#: From so many rows on they are in lists, so that not all of them need be compared.
LISTED_ROWS = 100_000
#: Components of a vector that one code stands for: the first of these that parts a vector evenly. With 2 a scan of
#: 200,000 rows takes about three times as long as with 3; with 4 more rows have to be seen, which costs more than that.
_COMPONENTS = (3, 2, 4, 1)
#: The share of the rows near some that the error covers.
_COVERED = 0.97
_NAME, _ABOUT = "sketches.faiss", "sketches.json"


class Sketches:
    """The sketches of a segment's rows, in memory. Safe for several threads."""

    def __init__(self, index: Any, scale: float, error: float) -> None:
        """Take the index, what its cosines are to be multiplied by, and how far they are off then."""
        self.rows = int(index.ntotal)
        self.error = error
        self._index, self._scale = index, scale

    def nearest(
        self, vector: Floats, count: int, aside: Aside = ALONE, wider: Wider | None = None
    ) -> Brought:
        """The `count` rows whose sketches are nearest, of all: there is nothing wider."""
        # The number is kept for each thread apart; one question gains nothing from FAISS's own.
        faiss.omp_set_num_threads(1)
        cosines, places = self._index.search(vector[np.newaxis], min(count, self.rows))
        # FAISS pads missing results with the place -1.
        real = places[0] >= 0
        return Brought(places[0][real], cosines[0][real] * np.float32(self._scale))


def outgrown(sketches: Sketched) -> bool:
    """Whether sketches of before there were lists should be written anew in lists."""
    return sketches.rows >= LISTED_ROWS and not isinstance(sketches, SketchLists)


def write_sketches(folder: Path, vectors: Floats) -> None:
    """Writes the sketches of a segment's vectors into its folder: a second of one core per 30,000 rows."""
    rows, dimension = vectors.shape
    codes = next(dimension // components for components in _COMPONENTS if dimension % components == 0)
    if rows >= LISTED_ROWS:
        write_lists(folder, vectors, codes)
        return
    index = _FAISS.IndexPQFastScan(dimension, codes, 4, _FAISS.METRIC_INNER_PRODUCT)
    faiss.omp_set_num_threads(1)
    index.train(spaced(vectors, TRAINING_ROWS))
    add(index, vectors)
    scale, error = _fitted(index, vectors)
    keep(index, folder / _NAME, folder / _ABOUT, {"scale": scale, "error": error})


def read_sketches(folder: Path) -> Sketched | None:
    """The sketches of a segment, or None where it has none; raises `OSError` for damaged ones."""
    lists = read_lists(folder)
    if lists is not None:
        return lists
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
    for vector, places, cosines in near_some_rows(index, vectors):
        exact.append(vectors[places] @ vector)
        sketched.append(cosines)
    of_vectors, of_sketches = np.concatenate(exact), np.concatenate(sketched)
    scale = float(of_vectors @ of_sketches / max(float(of_sketches @ of_sketches), 1e-9))
    missed = of_vectors - scale * of_sketches
    return scale, float(np.quantile(missed, _COVERED)) if len(missed) else 0.0
