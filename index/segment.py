"""One immutable folder of index rows: per chunk its record, vector, token vectors and terms; per article its title.

A row never changes. An edit writes a new small segment and the generation stops naming the old rows,
so publishing costs what changed and not what exists.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.encoder import Floats
from index.errors import GenerationRefused
from index.spelling import words_of
from kb.article import Chunk
from kb.codec import FormatRefused, decode_chunk

#: Version of the folder's layout.
FORMAT = 1
#: Marks a token that belongs to the title or headings and to no span of the chunk.
NO_SPAN = 255
#: Token vectors are stored as signed bytes: a component of a unit vector times this.
TOKEN_SCALE = 127.0
_PARTS = (
    "hashes",
    "tokens",
    "token_spans",
    "pieces",
    "piece_rows",
    "token_starts",
    "codes",
    "counts",
    "code_starts",
    "lengths",
    "records",
    "record_starts",
    "article_of",
    "title_vectors",
    "article_codes",
    "article_counts",
    "article_starts",
    "article_lengths",
)

Bytes = npt.NDArray[np.uint8]
SignedBytes = npt.NDArray[np.int8]
Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Row:
    """Everything the index keeps of one chunk."""

    record: bytes
    hash: bytes
    """32 bytes: what the encoder was given and how it maps to spans; equal hashes have equal vectors."""
    vector: Floats
    tokens: SignedBytes
    """Shape (tokens, compressed dimension)."""
    token_spans: Bytes
    """For each token the ordinal of its span in the chunk, or `NO_SPAN`."""
    pieces: Codes
    """For each token its id in the model's vocabulary."""
    codes: Codes
    """Term codes, ascending, unique."""
    counts: Bytes
    """Occurrences in title, headings and body, shape (terms, 3), each at most 255."""
    lengths: Ints
    """Terms in title, headings and body."""


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """What the index keeps of one article beside its chunks."""

    title_vector: Floats
    """The title alone through the encoder; zeros for an article without a title."""
    codes: Codes
    """Term codes of title, headings and all bodies, ascending, unique."""
    counts: npt.NDArray[np.uint16]
    """Occurrences of each."""
    length: int
    """Terms in all."""


def unit(vectors: Floats) -> Floats:
    """Rows scaled to length 1."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


def write_segment(
    folder: Path, rows: Sequence[Row], article_of: Sequence[int], articles: Sequence[ArticleRow]
) -> None:
    """Writes a new segment; the folder must not exist. Rows must not be empty.

    `article_of` names for each row its place in `articles`.
    """
    folder.mkdir(parents=True)
    arrays: dict[str, npt.NDArray[np.generic]] = {
        "vectors": np.stack([row.vector for row in rows]).astype(np.float32),
        "hashes": np.frombuffer(b"".join(row.hash for row in rows), dtype=np.uint8).reshape(-1, 32),
        "tokens": np.concatenate([row.tokens for row in rows]),
        "token_spans": np.concatenate([row.token_spans for row in rows]),
        "pieces": np.concatenate([row.pieces for row in rows]),
        "piece_rows": np.bincount(np.concatenate([np.unique(row.pieces) for row in rows])),
        "token_starts": _starts(len(row.tokens) for row in rows),
        "codes": np.concatenate([row.codes for row in rows]),
        "counts": np.concatenate([row.counts for row in rows]),
        "code_starts": _starts(len(row.codes) for row in rows),
        "lengths": np.stack([row.lengths for row in rows]).astype(np.int32),
        "records": np.frombuffer(b"".join(row.record for row in rows), dtype=np.uint8),
        "record_starts": _starts(len(row.record) for row in rows),
        "article_of": np.asarray(article_of, dtype=np.int32),
        "title_vectors": np.stack([article.title_vector for article in articles]).astype(np.float32),
        "article_codes": np.concatenate([article.codes for article in articles]),
        "article_counts": np.concatenate([article.counts for article in articles]),
        "article_starts": _starts(len(article.codes) for article in articles),
        "article_lengths": np.asarray([article.length for article in articles], dtype=np.int32),
    }
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    (folder / "words.json").write_text(json.dumps(_vocabulary(rows), ensure_ascii=False), encoding="utf-8")
    (folder / "segment.json").write_text(json.dumps({"format": FORMAT, "rows": len(rows)}), encoding="utf-8")


def _vocabulary(rows: Sequence[Row]) -> dict[str, dict[str, int]]:
    """Words as written, with their counts, by locale."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        chunk = decode_chunk(row.record)
        texts = (chunk.title, *chunk.heading_path, *(span.text for span in chunk.spans))
        counts[chunk.key.locale].update(words_of(texts))
    return {locale: dict(words) for locale, words in counts.items()}


def _starts(lengths: Iterable[int]) -> Ints:
    return np.concatenate([[0], np.cumsum(list(lengths), dtype=np.int64)])


class Segment:
    """Reads a segment through memory maps: what is not looked at costs no memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            head = json.loads((folder / "segment.json").read_text(encoding="utf-8"))
            if head["format"] != FORMAT:
                raise GenerationRefused(
                    f"The index segment {folder.name} has format {head['format']}, this version reads {FORMAT}. "
                    "Run `tierzero reindex`."
                )
            self.rows: int = head["rows"]
            # As plain arrays over the maps: the map's own class makes each slice several times slower.
            loaded = {name: np.asarray(self._mapped(name)) for name in _PARTS}
            # Read now and taken apart when needed: the folder may be cleaned away while it is served.
            self._words = (folder / "words.json").read_bytes()
        except (OSError, ValueError, KeyError, TypeError, EOFError) as exc:
            raise GenerationRefused(
                f"The index segment {folder.name} cannot be read ({exc}). Run `tierzero reindex`."
            ) from exc
        self.hashes: Bytes = loaded["hashes"]
        self.lengths: npt.NDArray[np.int32] = loaded["lengths"]
        #: For each vocabulary id the number of rows it occurs in, up to the largest id present.
        self.piece_rows: Ints = np.asarray(loaded["piece_rows"])
        self._pieces: Codes = loaded["pieces"]
        self._tokens: SignedBytes = loaded["tokens"]
        self._token_spans: Bytes = loaded["token_spans"]
        self._token_starts: Ints = np.asarray(loaded["token_starts"])
        self._codes: Codes = loaded["codes"]
        self._counts: Bytes = loaded["counts"]
        self._code_starts: Ints = np.asarray(loaded["code_starts"])
        self._records: Bytes = loaded["records"]
        self._record_starts: Ints = np.asarray(loaded["record_starts"])
        #: For each row its place among the segment's articles.
        self.article_of: npt.NDArray[np.int32] = np.asarray(loaded["article_of"])
        self.title_vectors: Floats = loaded["title_vectors"]
        self.article_lengths: npt.NDArray[np.int32] = np.asarray(loaded["article_lengths"])
        self._article_codes: Codes = loaded["article_codes"]
        self._article_counts: npt.NDArray[np.uint16] = loaded["article_counts"]
        self._article_starts: Ints = np.asarray(loaded["article_starts"])

    def _mapped(self, name: str) -> Any:
        return np.load(self.folder / f"{name}.npy", mmap_mode="r")

    @property
    def vectors(self) -> Floats:
        """Vectors of the rows, mapped anew: the vector index has its own copy, so these pages need not stay."""
        try:
            return np.asarray(self._mapped("vectors"))
        except (OSError, ValueError, EOFError) as exc:
            raise GenerationRefused(
                f"The index segment {self.folder.name} cannot be read ({exc}). Run `tierzero reindex`."
            ) from exc

    def vocabulary(self) -> dict[str, dict[str, int]]:
        """Words as written, with their counts, by locale; raises `GenerationRefused` where they are damaged."""
        try:
            words: dict[str, dict[str, int]] = json.loads(self._words)
        except ValueError as exc:
            raise GenerationRefused(
                f"The words of segment {self.folder.name} cannot be read ({exc}). Run `tierzero reindex`."
            ) from exc
        return words

    def chunk(self, row: int) -> Chunk:
        """The chunk of a row; raises `GenerationRefused` for damaged bytes."""
        try:
            return decode_chunk(self.record(row))
        except FormatRefused as exc:
            raise GenerationRefused(f"{self.folder.name}: {exc}. Run `tierzero reindex`.") from exc

    def record(self, row: int) -> bytes:
        """The chunk's bytes."""
        return self._records[self._record_starts[row] : self._record_starts[row + 1]].tobytes()

    def tokens(self, row: int) -> tuple[SignedBytes, Bytes]:
        """Compressed token vectors of a row and the span of each."""
        part = slice(self._token_starts[row], self._token_starts[row + 1])
        return self._tokens[part], self._token_spans[part]

    def terms(self, row: int) -> tuple[Codes, Bytes]:
        """Term codes of a row and their counts in title, headings and body."""
        part = slice(self._code_starts[row], self._code_starts[row + 1])
        return self._codes[part], self._counts[part]

    def article_terms(self, article: int) -> tuple[Codes, npt.NDArray[np.uint16]]:
        """Term codes of an article of this segment and their counts."""
        part = slice(self._article_starts[article], self._article_starts[article + 1])
        return self._article_codes[part], self._article_counts[part]

    def article(self, article: int) -> ArticleRow:
        """A whole article row, copied."""
        codes, counts = self.article_terms(article)
        return ArticleRow(
            np.array(self.title_vectors[article]),
            np.array(codes),
            np.array(counts),
            int(self.article_lengths[article]),
        )

    def row(self, row: int) -> Row:
        """A whole row, copied, to be written again elsewhere."""
        tokens, spans = self.tokens(row)
        codes, counts = self.terms(row)
        return Row(
            record=self.record(row),
            hash=self.hashes[row].tobytes(),
            vector=np.array(self.vectors[row]),
            tokens=np.array(tokens),
            token_spans=np.array(spans),
            pieces=np.array(self._pieces[self._token_starts[row] : self._token_starts[row + 1]]),
            codes=np.array(codes),
            counts=np.array(counts),
            lengths=np.array(self.lengths[row], dtype=np.int64),
        )
