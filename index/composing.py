"""Chunks and rows to take over in, one finished row after the other out, each article's rows together.

Rows are made as they are asked for, so that a knowledge base of any size needs the memory of two batches.
"""

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.compiled import CompiledEncoder
from index.encoder import Encoded, Floats
from index.generation import Generation
from index.reuse import known_rows, known_titles, title_vector
from index.rows import Terms, make_row, renewed_row, terms_of
from index.segment import Row
from index.words import Analyzer
from kb.article import Chunk
from kb.chunking import encoder_text, span_ranges

#: Chunks encoded in one call: enough to sort by length, few enough to hold their token vectors in memory.
ENCODE_AT_ONCE = 128

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """A row ready to be written."""

    row: Row
    chunk: Chunk
    terms: Terms
    owner: int
    """Ordinal of its article in the generation that is built."""
    title_vector: Floats
    """The title alone through the encoder; zeros for an article without a title."""


def chunk_digest(chunk: Chunk) -> bytes:
    """Names what the encoder is given and how it maps to spans; equal digests may share vectors."""
    text = f"{encoder_text(chunk)}\0{span_ranges(chunk)}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def copied(base: Generation, rows: npt.NDArray[np.int64], analyzer: Analyzer) -> Iterator[Made]:
    """Rows of `base` to be written again: lines of segment, place in it, new ordinal of the article."""
    for place in rows[np.argsort(rows[:, 2], kind="stable")]:
        segment, row = base.segments[int(place[0])], int(place[1])
        chunk = segment.chunk(row)
        yield Made(
            segment.row(row), chunk, terms_of(chunk, analyzer), int(place[2]), title_vector(base, place)
        )


class Composer:
    """Makes the rows of new chunks; what `base` has the vectors of does not go through the encoder."""

    def __init__(
        self,
        encoder: CompiledEncoder,
        analyzer: Analyzer,
        base: Generation | None,
        chunks: Sequence[tuple[int, Chunk]],
    ) -> None:
        """`chunks` come with the ordinals of their articles."""
        self._encoder, self._analyzer = encoder, analyzer
        self._chunks = sorted(chunks, key=lambda pair: pair[0])
        self._digests = [chunk_digest(chunk) for _, chunk in self._chunks]
        self._known = known_rows(base, set(self._digests))
        self._titles = self._title_vectors(base)
        self.missing = sum(digest not in self._known for digest in self._digests)
        """Chunks that go through the encoder."""

    def rows(self, progress: Progress) -> Iterator[Made]:
        """All of them, by article."""
        progress(0, self.missing)
        done = 0
        for places, ready in self._encoded():
            new = len(ready)
            for place in places:
                owner, chunk = self._chunks[place]
                terms = terms_of(chunk, self._analyzer)
                row = self._row(chunk, terms, self._digests[place], ready.pop(place, None))
                yield Made(row, chunk, terms, owner, self._titles[chunk.title])
            done += new
            progress(done, self.missing)

    def _encoded(self) -> Iterator[tuple[list[int], dict[int, Encoded]]]:
        """The places of each batch with what the encoder made of those that it had to see.

        One batch is encoded ahead in another thread: the encoder needs no Python, and writing rows needs little else.
        """
        with ThreadPoolExecutor(1, thread_name_prefix="encoder") as ahead:
            waiting: deque[tuple[list[int], Future[dict[int, Encoded]]]] = deque()
            for places in self._batches():
                waiting.append((places, ahead.submit(self._encode, places)))
                if len(waiting) > 1:
                    first, made = waiting.popleft()
                    yield first, made.result()
            for first, made in waiting:
                yield first, made.result()

    def _encode(self, places: Sequence[int]) -> dict[int, Encoded]:
        new = [place for place in places if self._digests[place] not in self._known]
        encoded = self._encoder.encode([encoder_text(self._chunks[place][1]) for place in new]) if new else ()
        return dict(zip(new, encoded, strict=True))

    def _row(self, chunk: Chunk, terms: Terms, digest: bytes, encoded: Encoded | None) -> Row:
        if encoded is not None:
            return make_row(chunk, terms, digest, encoded, self._encoder.projection)
        segment, row = self._known[digest]
        return renewed_row(chunk, terms, segment.row(row))

    def _batches(self) -> Iterator[list[int]]:
        """Places in their order, so many at once that `ENCODE_AT_ONCE` of them have to be encoded."""
        batch: list[int] = []
        new = 0
        for place, digest in enumerate(self._digests):
            batch.append(place)
            new += digest not in self._known
            if new == ENCODE_AT_ONCE:
                yield batch
                batch, new = [], 0
        if batch:
            yield batch

    def _title_vectors(self, base: Generation | None) -> Mapping[str, Floats]:
        """The vector of each title; only titles that `base` does not have go through the encoder."""
        titles = {chunk.title for _, chunk in self._chunks if chunk.title}
        vectors = known_titles(base, titles)
        for batch in _batched(sorted(titles - vectors.keys()), ENCODE_AT_ONCE):
            vectors.update(
                (title, one.vector) for title, one in zip(batch, self._encoder.encode(batch), strict=True)
            )
        vectors[""] = np.zeros(self._encoder.dimension, dtype=np.float32)
        return vectors


def _batched(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
