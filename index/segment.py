"""One immutable folder of index rows: per chunk its record, vector, token vectors and terms; per article its title.

A row never changes. An edit writes a new small segment and the generation stops naming the old rows,
so publishing costs what changed and not what exists.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.encoder import Floats
from index.errors import GenerationRefused
from index.sketches import read_sketches
from kb.article import Chunk
from kb.codec import FormatRefused, decode_chunk

#: Version of the folder's layout.
FORMAT = 1
#: Length of a row's hash.
HASH_BYTES = 32
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
    # As `np.linalg.norm` does it, which takes twice as long for a question's few tokens.
    lengths = np.sqrt(np.add.reduce(vectors * vectors, axis=1, keepdims=True))
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Listed:
    """The terms of several rows or articles, one after the other."""

    sizes: Ints
    """How many terms each of them has."""
    codes: Codes
    """Of all terms."""
    places: Ints
    """Where each term stands in the segment."""
    all_counts: npt.NDArray[Any]
    """Of the segment."""

    def counts(self, chosen: Ints | slice) -> npt.NDArray[Any]:
        """Occurrences of some of the terms: few of them are ever asked for."""
        return self.all_counts[self.places[chosen]]


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
            #: Of the vectors, in a large segment.
            self.sketches = read_sketches(folder)
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

    def token_vectors(self, row: int) -> SignedBytes:
        """The former alone."""
        return self._tokens[self._token_starts[row] : self._token_starts[row + 1]]

    def terms(self, rows: Ints) -> Listed:
        """The terms of several rows; each is counted in title, headings and body."""
        sizes, places = _runs(self._code_starts, rows)
        return Listed(sizes, self._codes[places], places, self._counts)

    def article_terms(self, articles: npt.NDArray[Any]) -> Listed:
        """The terms of several articles of this segment."""
        sizes, places = _runs(self._article_starts, articles)
        return Listed(sizes, self._article_codes[places], places, self._article_counts)

    @cached_property
    def _kept_vectors(self) -> Floats:
        """The vectors mapped once, for who reads many rows one by one."""
        return self.vectors

    def row(self, row: int) -> Row:
        """A whole row, copied, to be written again elsewhere."""
        tokens, spans = self.tokens(row)
        terms = self.terms(np.asarray([row]))
        return Row(
            record=self.record(row),
            hash=self.hashes[row].tobytes(),
            vector=np.array(self._kept_vectors[row]),
            tokens=np.array(tokens),
            token_spans=np.array(spans),
            pieces=np.array(self._pieces[self._token_starts[row] : self._token_starts[row + 1]]),
            codes=terms.codes,
            counts=terms.counts(slice(None)),
            lengths=np.array(self.lengths[row], dtype=np.int64),
        )


def _runs(starts: Ints, chosen: npt.NDArray[Any]) -> tuple[Ints, Ints]:
    """Lengths of the chosen runs of an array whose runs begin at `starts`, and the places of all they hold."""
    first = starts[chosen]
    sizes = starts[chosen + 1] - first
    return sizes, np.arange(int(sizes.sum())) + np.repeat(first - np.cumsum(sizes) + sizes, sizes)
