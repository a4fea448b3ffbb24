"""One published index on disk: built aside from the last one, opened whole, refused when it does not belong.

    index/segments/<number>/        immutable rows (see `segment`)
    index/generations/<name>/       manifest.json, articles.jsonl, facets.npz, rows.npy, lexical/

A generation names rows of segments. Which generation answers is not decided here: the database says so,
in the same transaction that publishes the articles.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.encoder import Floats
from index.errors import GenerationRefused
from index.facets import ArticleFacts as ArticleFacts
from index.facets import Articles, Facets, write_articles
from index.hit import Filters
from index.lexical import LexicalIndex
from index.section import Section, section_of
from index.segment import Bytes, Segment, SignedBytes
from index.vectors import Block, Mask, VectorIndex
from index.words import idf
from kb.article import Chunk
from kb.chunking import CHUNKER

#: Version of the layout and of the analysis of words.
FORMAT = 1
#: A row's uid is its segment's number above this many bits and its place below.
UID_BITS = 32

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made from."""

    format: int
    name: str
    model: str
    """Identity of the encoder."""
    dimension: int
    chunker: str
    corpus: str
    """Fingerprint of the published (key, revision) pairs."""
    segments: tuple[int, ...]
    rows: int
    articles: int


def refusal(manifest: Manifest, *, model: str, dimension: int, corpus: str | None = None) -> str:
    """Why a generation must not be served, as a sentence with what to run; empty when it may."""
    wanted: list[tuple[str, object, object]] = [
        ("format", manifest.format, FORMAT),
        ("model", manifest.model, model),
        ("dimension", manifest.dimension, dimension),
        ("chunker", manifest.chunker, CHUNKER),
    ]
    if corpus is not None:
        wanted.append(("corpus", manifest.corpus, corpus))
    for name, found, needed in wanted:
        if found != needed:
            return (
                f"The index was built with the {name} {found}, but {needed} is in use now. "
                "Run `tierzero reindex` to build it anew."
            )
    return ""


def read_manifest(folder: Path) -> Manifest:
    """Reads a generation's manifest; raises `GenerationRefused` where it is absent or damaged."""
    try:
        raw: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if raw.get("format") != FORMAT:
            raise GenerationRefused(
                f"The index {folder.name} has format {raw.get('format')}, this version reads {FORMAT}. "
                "Run `tierzero reindex`."
            )
        return Manifest(**{**raw, "segments": tuple(raw["segments"])})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise GenerationRefused(
            f"The index {folder.name} cannot be read ({exc}). Run `tierzero reindex`."
        ) from exc


def write_generation(
    folder: Path, manifest: Manifest, articles: Sequence[ArticleFacts], rows: npt.NDArray[np.int64]
) -> None:
    """Writes all of a generation but its words; the manifest comes last and makes it readable.

    `rows` has one line a row: segment, place in it, ordinal of its article.
    """
    np.save(folder / "rows.npy", rows)
    write_articles(folder, articles)
    (folder / "manifest.json").write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")


class Generation:
    """An opened generation. Read-only, so any number of threads may use it."""

    def __init__(self, root: Path, name: str, known: Mapping[int, Segment] | None = None) -> None:
        """Opens `name` below the index folder `root`; segments already open in `known` are used again."""
        folder = root / "generations" / name
        self.manifest = read_manifest(folder)
        known = known or {}
        try:
            self.articles = Articles(folder)
            self.facets = Facets.read(folder, self.articles)
            # As a plain array over the map, see `Segment`.
            self.rows: npt.NDArray[np.int64] = np.asarray(np.load(folder / "rows.npy", mmap_mode="r"))
            self.segments = {
                number: known.get(number) or Segment(root / "segments" / str(number))
                for number in self.manifest.segments
            }
            self.lexical = LexicalIndex(folder / "lexical")
            counts = len(self.articles), len(self.rows), self.lexical.documents
            if counts != (self.manifest.articles, self.manifest.rows, self.manifest.rows):
                raise ValueError("it does not hold as many articles, chunks and word entries as it says")
            self._prepare()
        except (OSError, ValueError, TypeError, IndexError, EOFError) as exc:
            # An empty array file is an EOFError to numpy, rows of another shape are the others.
            raise GenerationRefused(
                f"The index {name} cannot be read ({exc}). Run `tierzero reindex`."
            ) from exc

    def _prepare(self) -> None:
        """Gathers over all segments what every search needs."""
        self.vectors = VectorIndex([*self._blocks()], self.manifest.dimension)
        self.lengths = self._gathered_lengths()
        #: Mean number of terms in title, headings and body.
        self.mean_lengths = np.maximum(self.lengths.mean(axis=0), 1.0) if len(self.rows) else np.ones(3)
        self.mean_article_length = self._mean_article_length()
        self._uids = (self.rows[:, 0] << UID_BITS) | self.rows[:, 1]
        if np.any(self._uids[1:] <= self._uids[:-1]):
            raise ValueError("its rows are not in order")
        owners = self.rows[:, 2]
        #: Positions by the ordinal of their article.
        self._by_owner = np.argsort(owners, kind="stable").astype(np.int32)
        self._owner_starts = np.searchsorted(owners[self._by_owner], np.arange(len(self.articles) + 1))
        # No cache refers to this object, so one no longer served is freed at once and not by the next collection.
        #: The chunk at a position; customers ask about the same few articles, so decoded ones are kept.
        self.chunk = lru_cache(maxsize=2048)(partial(_chunk, self.rows, self.segments))
        #: The article of the chunk at a position.
        self.facts = lru_cache(maxsize=2048)(partial(_facts, self.rows, self.articles))
        #: The section around a position: its chunks in the order of the text, and all their spans.
        self.section = lru_cache(maxsize=2048)(
            partial(_section, self.rows, self.segments, self._by_owner, self._owner_starts, self.chunk)
        )
        #: Which positions filters let through, and the same once more, or None where all pass.
        self.selection = lru_cache(maxsize=64)(
            partial(_selection, self.facets, self.articles, np.ascontiguousarray(owners, dtype=np.int32))
        )
        #: Number of rows that have a term, remembered because questions share their words.
        self.frequency = lru_cache(maxsize=65_536)(self.lexical.frequency)
        longest = max((len(segment.piece_rows) for segment in self.segments.values()), default=0)
        self._piece_rows = np.zeros(longest + 1, dtype=np.float32)
        for segment in self.segments.values():
            self._piece_rows[: len(segment.piece_rows)] += segment.piece_rows

    def _blocks(self) -> Iterator[Block]:
        """The rows of each segment; they follow each other, since a row's place in the table is by its segment."""
        for number, segment in sorted(self.segments.items()):
            first, last = np.searchsorted(self.rows[:, 0], [number, number + 1])
            rows, vectors = np.ascontiguousarray(self.rows[first:last, 1]), segment.vectors
            if vectors.shape != (segment.rows, self.manifest.dimension):
                raise ValueError(f"segment {number} has vectors of another shape")
            yield Block(int(first), rows, vectors, segment.sketches)

    def _gathered_lengths(self) -> Floats:
        """Terms in title, headings and body of all rows."""
        result = np.empty((len(self.rows), 3), dtype=np.float32)
        for number, segment in self.segments.items():
            here = self.rows[:, 0] == number
            result[here] = segment.lengths[self.rows[here, 1]]
        return result

    def _mean_article_length(self) -> float:
        """Mean number of terms of an article, dead ones of the segments included: a norm, not a count."""
        lengths = [segment.article_lengths for segment in self.segments.values()]
        return float(np.concatenate(lengths).mean()) if lengths else 1.0

    def positions(self, uids: Sequence[int]) -> Positions:
        """Positions of rows by their uids; every uid must be one of this generation."""
        return np.searchsorted(self._uids, np.asarray(uids, dtype=np.int64))

    def positions_of(self, ordinal: int) -> Positions:
        """Positions of the chunks of one article, ascending."""
        return _positions_of(self._by_owner, self._owner_starts, ordinal)

    @cached_property
    def title_vectors(self) -> Floats:
        """Vectors of the titles, shape (articles, dimension), by ordinal; zeros for an article without rows."""
        vectors = np.zeros((len(self.articles), self.manifest.dimension), dtype=np.float32)
        owners, first = np.unique(self.rows[:, 2], return_index=True)
        for owner, (number, row, _) in zip(owners.tolist(), self.rows[first].tolist(), strict=True):
            segment = self.segments[number]
            vectors[owner] = segment.title_vectors[segment.article_of[row]]
        return vectors

    def piece_weights(self, pieces: Sequence[int]) -> Floats:
        """Weight of each vocabulary piece of a question, by how rare it is among the rows; sums to 1.

        A negative piece weighs nothing, unless all do.
        """
        if not pieces:
            return np.zeros(0, dtype=np.float32)
        ids = np.asarray(pieces, dtype=np.int64)
        rows = max(len(self.rows), 1)
        # Segments count rows that are no longer served too; that can only make a piece a little less telling.
        known = np.minimum(np.maximum(ids, 0), len(self._piece_rows) - 1)
        seen = np.minimum(self._piece_rows[known], rows)
        weights = np.where(ids >= 0, idf(rows, seen), 0.0).astype(np.float32)
        total = float(weights.sum())
        return weights / total if total > 0 else np.full(len(pieces), 1.0 / len(pieces), dtype=np.float32)

    def vocabulary(self, locales: Sequence[str]) -> Counter[str]:
        """Words as written in the articles of some locales, with their counts."""
        counts: Counter[str] = Counter()
        for segment in self.segments.values():
            for locale, words in segment.vocabulary().items():
                if locale in locales:
                    counts.update(words)
        return counts

    def locales(self) -> tuple[str, ...]:
        """Locales that have articles, sorted."""
        return self.facets.locales


def _chunk(rows: Positions, segments: Mapping[int, Segment], position: int) -> Chunk:
    segment, row, _ = rows[position]
    return segments[int(segment)].chunk(int(row))


def _facts(rows: Positions, articles: Articles, position: int) -> ArticleFacts:
    return articles[int(rows[position, 2])]


def _positions_of(by_owner: npt.NDArray[np.int32], starts: Positions, ordinal: int) -> Positions:
    first, last = starts[ordinal : ordinal + 2]
    return by_owner[first:last].astype(np.int64)


def _section(
    rows: Positions,
    segments: Mapping[int, Segment],
    by_owner: npt.NDArray[np.int32],
    starts: Positions,
    chunk_at: Callable[[int], Chunk],
    position: int,
) -> Section:
    article = _positions_of(by_owner, starts, int(rows[position, 2])).tolist()
    return section_of(chunk_at(position), article, chunk_at, partial(_tokens, rows, segments))


def _tokens(rows: Positions, segments: Mapping[int, Segment], position: int) -> tuple[SignedBytes, Bytes]:
    segment, row, _ = rows[position].tolist()
    return segments[segment].tokens(row)


def _selection(
    facets: Facets, articles: Sequence[ArticleFacts], owners: npt.NDArray[np.int32], filters: Filters
) -> tuple[Mask, Mask | None]:
    mask = facets.passes(filters, articles)[owners]
    # Shared by all who search with these filters.
    mask.flags.writeable = False
    return mask, None if mask.all() else mask
