"""The vectors of a very large segment in, their sketches in lists of what lies together out, and the nearest rows.

Rows are kept in lists by the nearest of some hundred centres, and a sketch is one of what a row differs from its centre
by (Jégou et al. 2011, IVFADC): it is less far off than one of the whole vector. A question compares the lists whose
centres are nearest, and those further ones that may hold what it looks for: `spread` says by how much a row may be
nearer than its centre, as it was when the lists were written, so no row is out of reach.
docs/decisions/0008-vector-index-by-size.md has the figures.
"""

import json
import math
from functools import partial
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from index.aside import ALONE, Aside
from index.brought import Brought, Places, Wider
from index.encoder import Floats
from index.products import dots
from index.sketching import TRAINING_ROWS, add, keep, near_some_rows, spaced

#: The package's stubs leave out what is used here.
_FAISS: Any = faiss
#: A question compares the nearest lists with one row in so many of all at first, and with so many rows for each one
#: that is asked for.
FIRST_SHARE, FIRST_EACH = 8, 4
#: Rows that are compared as one part at least, and less than twice as many: parts can be compared at once, and each
#: costs some .2 ms more.
PART_ROWS = 400_000
#: Rows a list that centres are learned from, and the rounds of it. More of either bring no better lists.
_LEARNED_EACH, _ROUNDS = 40, 8
#: The share of the rows near some that the error covers, and the share that the spread does.
_COVERED, _REACHED = 0.99, 0.99
_NAME, _ABOUT = "lists.faiss", "lists.json"


class SketchLists:
    """The sketches of a segment's rows, in lists, in memory. Safe for several threads."""

    def __init__(self, index: Any, error: float, spread: float, part_rows: int = PART_ROWS) -> None:
        """Take the index, how far its cosines are off, and by how much a row may be nearer than its centre."""
        self.rows = int(index.ntotal)
        self.error = error
        self._index, self._spread, self._part_rows = index, spread, part_rows
        self._centres: Floats = _FAISS.downcast_index(index.quantizer).reconstruct_n(0, index.nlist)
        self._sizes = np.asarray([index.invlists.list_size(place) for place in range(index.nlist)])

    def nearest(
        self, vector: Floats, count: int, aside: Aside = ALONE, wider: Wider | None = None
    ) -> Brought:
        """The `count` nearest by their sketches, of the first lists or of all that may hold what is wanted.

        At least so many rows are compared; none that was compared for as many before is compared again.
        """
        near = dots(self._centres, vector)
        reach = near + np.float32(self._spread)
        order = np.argsort(-near, kind="stable")
        enough = max(self.rows // FIRST_SHARE, FIRST_EACH * count)
        last = int(np.searchsorted(np.cumsum(self._sizes[order]), min(enough, self.rows))) + 1
        first, found = 0, []
        if wider is not None:
            last = max(last, wider.known.lists, int(np.count_nonzero(reach > wider.least)))
            if len(wider.known.rows) == count:
                first, found = wider.known.lists, [(wider.known.rows, wider.known.cosines)]
        lists = order[first:last]
        parts = max(1, int(self._sizes[lists].sum()) // self._part_rows)
        # A part has every so manieth list, so that all have about as many rows.
        scans = [partial(self._scan, lists[part::parts], near, vector, count) for part in range(parts)]
        begun = [aside.start(scan) for scan in scans[1:]]
        found += [scans[0](), *(result() for result in begun)]
        rows, cosines = (np.concatenate(part) for part in zip(*found, strict=True))
        best = np.argsort(-cosines, kind="stable")[:count] if len(found) > 1 else slice(None)
        beyond = float(reach[order[last]]) if last < len(order) else -math.inf
        return Brought(rows[best], cosines[best], beyond, last)

    def _scan(self, lists: Places, near: Floats, vector: Floats, count: int) -> tuple[Places, Floats]:
        """The `count` nearest sketches of some lists; `near` has the cosines of all centres."""
        # The number is kept for each thread apart; one question gains nothing from FAISS's own.
        faiss.omp_set_num_threads(1)
        wanted = min(count, int(self._sizes[lists].sum()))
        cosines, rows = np.empty(wanted, dtype=np.float32), np.empty(wanted, dtype=np.int64)
        if not wanted:
            return rows, cosines
        asked, lists, centres = map(np.ascontiguousarray, (vector, lists, near[lists]))
        pointers = map(_FAISS.swig_ptr, (asked, lists, centres, cosines, rows))
        one, keys, products, found, places = pointers
        parameters = _FAISS.IVFSearchParameters(nprobe=len(lists))
        self._index.search_preassigned_c(1, one, wanted, keys, products, found, places, False, parameters)
        # FAISS pads missing results with the place -1.
        real = rows >= 0
        return rows[real], cosines[real]


def write_lists(folder: Path, vectors: Floats, codes: int) -> None:
    """Writes a segment's sketches of `codes` codes each into its folder: a second of one core per 27,000 rows."""
    rows, dimension = vectors.shape
    faiss.omp_set_num_threads(1)
    count = max(1, math.isqrt(rows))
    learned = spaced(vectors, _LEARNED_EACH * count)
    means = _FAISS.Kmeans(
        dimension, count, niter=_ROUNDS, spherical=True, seed=7, max_points_per_centroid=2 * _LEARNED_EACH
    )
    means.train(learned)
    centres = _FAISS.IndexFlatIP(dimension)
    centres.add(means.centroids)
    index = _FAISS.IndexIVFPQFastScan(centres, dimension, count, codes, 4, _FAISS.METRIC_INNER_PRODUCT)
    index.by_residual, index.nprobe = True, count
    index.train(spaced(vectors, TRAINING_ROWS))
    add(index, vectors)
    error, spread = _fit(index, vectors)
    keep(index, folder / _NAME, folder / _ABOUT, {"error": error, "spread": spread})


def read_lists(folder: Path) -> SketchLists | None:
    """The lists of a segment, or None where it has none; raises `OSError` for damaged ones."""
    path = folder / _NAME
    if not path.is_file():
        return None
    try:
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        return SketchLists(faiss.read_index(str(path)), float(about["error"]), float(about["spread"]))
    except (RuntimeError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise OSError(f"its sketches are damaged: {exc}") from exc


def _fit(index: Any, vectors: Floats) -> tuple[float, float]:
    """Makes an index's sketches as long as what they stand for, over what is near some rows; its error and spread.

    A sketch of a difference is shorter than the difference, so its products are too small by about one factor.
    """
    exact: list[Floats] = []
    sketched: list[Floats] = []
    for vector, places, cosines in near_some_rows(index, vectors):
        near = np.ascontiguousarray(vectors[places], dtype=np.float32)
        centres = index.quantizer.reconstruct_batch(index.quantizer.assign(near, 1)[:, 0])
        exact.append((near - centres) @ vector)
        sketched.append(cosines - centres @ vector)
    of_vectors, of_sketches = np.concatenate(exact), np.concatenate(sketched)
    if not len(of_vectors):
        return 0.0, 2.0
    scale = float(of_vectors @ of_sketches / max(float(of_sketches @ of_sketches), 1e-9))
    scale = scale if scale > 0.0 else 1.0
    codebook = _FAISS.vector_to_array(index.pq.centroids) * np.float32(scale)
    _FAISS.copy_array_to_vector(codebook, index.pq.centroids)
    error = float(np.quantile(of_vectors - scale * of_sketches, _COVERED))
    return error, float(np.quantile(of_vectors, _REACHED))
