"""What both kinds of sketches are made by: rows to learn codes from, rows added, near rows looked at, a file kept."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from index.brought import Places
from index.encoder import Floats

#: Rows that codes are learned from.
TRAINING_ROWS = 20_000
#: Rows that 16 values a code can be learned from without a complaint.
_FEWEST_TRAINING_ROWS = 640
#: Rows added at once: what is held as floats.
_BATCH = 50_000
#: Rows that are asked for to learn how far sketches are off, and the rows looked at for each.
_ASKED, _LOOKED_AT = 64, 400


def spaced(vectors: Floats, count: int) -> Floats:
    """`count` rows from all over a segment; fewer where it is small, and repeated where it is very small."""
    rows = len(vectors)
    chosen = np.linspace(0, rows - 1, max(min(count, rows), _FEWEST_TRAINING_ROWS)).astype(np.int64)
    return np.ascontiguousarray(vectors[chosen], dtype=np.float32)


def add(index: Any, vectors: Floats) -> None:
    """Adds all rows to an index."""
    for start in range(0, len(vectors), _BATCH):
        index.add(np.ascontiguousarray(vectors[start : start + _BATCH], dtype=np.float32))


def near_some_rows(index: Any, vectors: Floats) -> Iterator[tuple[Floats, Places, Floats]]:
    """Some rows' vectors, each with the places near it by an index and their cosines there."""
    for row in np.linspace(0, len(vectors) - 1, min(len(vectors), _ASKED)).astype(np.int64).tolist():
        vector = np.ascontiguousarray(vectors[row], dtype=np.float32)
        cosines, places = index.search(vector[np.newaxis], min(_LOOKED_AT, len(vectors)))
        # No question is a row to the letter, and of itself a sketch is furthest off.
        real = (places[0] >= 0) & (places[0] != row)
        yield vector, places[0][real], cosines[0][real]


def keep(index: Any, file: Path, about_file: Path, about: Mapping[str, float]) -> None:
    """Writes an index and what is known of it."""
    about_file.write_text(json.dumps(dict(about)), encoding="utf-8")
    # Beside and renamed, and last: a reader sees all of them or none.
    aside = file.with_name(f"{file.name}.part")
    faiss.write_index(index, str(aside))
    aside.rename(file)
