"""Rows in, one after the other, a segment's folder out; holds a few numbers a row in memory and none of its vectors."""

import json
from array import array
from collections import Counter, defaultdict
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from index.encoder import Floats
from index.segment import FORMAT, HASH_BYTES, ArticleRow, Row
from index.sketches import SKETCH_ROWS, write_sketches
from index.spelling import words_of
from kb.article import Chunk


class _Column:
    """A `.npy` file that grows by whole rows; its header is written again when their number is known."""

    def __init__(self, path: Path, dtype: npt.DTypeLike, width: tuple[int, ...]) -> None:
        self._dtype, self._width = np.dtype(dtype), width
        self._file: BinaryIO = path.open("wb")
        self._header(0)
        self._begin = self._file.tell()
        self.rows = 0

    def append(self, values: npt.NDArray[Any]) -> None:
        """Adds rows: values of the column's width, one or more."""
        block = np.ascontiguousarray(values, dtype=self._dtype)
        self._file.write(block.tobytes())
        self.rows += block.size // max(1, int(np.prod(self._width)))

    def close(self) -> None:
        self._file.seek(0)
        self._header(self.rows)
        # NumPy leaves room for a row count of any length.
        if self._file.tell() != self._begin:
            raise ValueError("the header of an array grew")
        self._file.close()

    def _header(self, rows: int) -> None:
        np.lib.format.write_array_header_1_0(
            self._file,
            {
                "descr": np.lib.format.dtype_to_descr(self._dtype),
                "fortran_order": False,
                "shape": (rows, *self._width),
            },
        )


class SegmentWriter:
    """Writes a segment in one `with`; without rows there is no folder. What it raised in leaves no readable segment.

    Articles come one after the other, each with its rows: `add` names rows of the article that `end_article`
    closes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows = 0
        self._articles = 0
        self._columns: dict[str, _Column] = {}
        self._starts = {name: array("q", [0]) for name in ("token", "code", "record", "article")}
        self._piece_rows = np.zeros(0, dtype=np.int64)
        self._words: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def __enter__(self) -> "SegmentWriter":
        return self

    def add(self, row: Row, chunk: Chunk) -> int:
        """Adds a row of the article at hand, with the chunk that its record holds; returns its place."""
        if not self._columns:
            self._open(row)
        columns = self._columns
        columns["vectors"].append(row.vector)
        columns["hashes"].append(np.frombuffer(row.hash, dtype=np.uint8))
        columns["tokens"].append(row.tokens)
        columns["token_spans"].append(row.token_spans)
        columns["pieces"].append(row.pieces)
        columns["codes"].append(row.codes)
        columns["counts"].append(row.counts)
        columns["lengths"].append(row.lengths)
        columns["records"].append(np.frombuffer(row.record, dtype=np.uint8))
        columns["article_of"].append(np.asarray([self._articles]))
        for name, size in (
            ("token", len(row.tokens)),
            ("code", len(row.codes)),
            ("record", len(row.record)),
        ):
            starts = self._starts[name]
            starts.append(starts[-1] + size)
        self._count_pieces(np.unique(row.pieces))
        texts = (chunk.title, *chunk.heading_path, *(span.text for span in chunk.spans))
        self._words[chunk.key.locale].update(words_of(texts))
        self.rows += 1
        return self.rows - 1

    def _count_pieces(self, pieces: npt.NDArray[np.uint32]) -> None:
        if len(pieces):
            short = int(pieces[-1]) + 1 - len(self._piece_rows)
            if short > 0:
                self._piece_rows = np.concatenate([self._piece_rows, np.zeros(short, dtype=np.int64)])
            self._piece_rows[pieces] += 1

    def end_article(self, article: ArticleRow) -> None:
        """Closes the article whose rows were just added."""
        columns = self._columns
        columns["title_vectors"].append(article.title_vector)
        columns["article_codes"].append(article.codes)
        columns["article_counts"].append(article.counts)
        columns["article_lengths"].append(np.asarray([article.length]))
        starts = self._starts["article"]
        starts.append(starts[-1] + len(article.codes))
        self._articles += 1

    def _open(self, row: Row) -> None:
        self.folder.mkdir(parents=True)
        kinds: tuple[tuple[str, npt.DTypeLike, tuple[int, ...]], ...] = (
            ("vectors", np.float32, row.vector.shape),
            ("hashes", np.uint8, (HASH_BYTES,)),
            ("tokens", np.int8, row.tokens.shape[1:]),
            ("token_spans", np.uint8, ()),
            ("pieces", np.uint32, ()),
            ("codes", np.uint32, ()),
            ("counts", np.uint8, (3,)),
            ("lengths", np.int32, (3,)),
            ("records", np.uint8, ()),
            ("article_of", np.int32, ()),
            ("title_vectors", np.float32, row.vector.shape),
            ("article_codes", np.uint32, ()),
            ("article_counts", np.uint16, ()),
            ("article_lengths", np.int32, ()),
        )
        self._columns = {
            name: _Column(self.folder / f"{name}.npy", dtype, width) for name, dtype, width in kinds
        }

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for column in self._columns.values():
            column.close()
        if kind is not None or not self.rows:
            return
        for name, starts in self._starts.items():
            np.save(self.folder / f"{name}_starts.npy", np.frombuffer(starts, dtype=np.int64))
        np.save(self.folder / "piece_rows.npy", self._piece_rows)
        if self.rows >= SKETCH_ROWS:
            vectors: Floats = np.load(self.folder / "vectors.npy", mmap_mode="r")
            write_sketches(self.folder, vectors)
        words = {locale: dict(counts) for locale, counts in self._words.items()}
        (self.folder / "words.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        # Last: it makes the folder a segment.
        (self.folder / "segment.json").write_text(
            json.dumps({"format": FORMAT, "rows": self.rows}), encoding="utf-8"
        )
