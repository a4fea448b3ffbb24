"""Articles and chunks in, a new generation on disk out; embeds only what was never embedded before."""

import contextlib
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.compiled import CompiledEncoder
from index.errors import GenerationRefused
from index.generation import (
    FORMAT,
    UID_BITS,
    ArticleFacts,
    Generation,
    Manifest,
    read_manifest,
    refusal,
    write_generation,
)
from index.lexical import Posting, revise
from index.reuse import article_rows_of, folded, kept_rows, known_rows, known_titles
from index.rows import article_row, make_row, renewed_row
from index.segment import ArticleRow, Row, Segment, write_segment
from index.words import Analyzer
from kb.article import ArticleKey, Chunk
from kb.chunking import CHUNKER, encoder_text, span_ranges

#: Chunks encoded in one call: enough to sort by length, few enough to hold their token vectors in memory.
ENCODE_AT_ONCE = 128
#: Seconds an unused generation or segment is kept, so that a reader that just looked it up can open it.
GRACE_SECONDS = 60.0

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made."""

    name: str
    rows: int
    embedded: int
    """Chunks that went through the encoder."""
    reused: int
    """Rows taken over or renewed without it."""


def fingerprint(revisions: Iterable[tuple[ArticleKey, str]]) -> str:
    """Names a set of published revisions: SHA-256 over their sorted lines, first 24 hex digits."""
    digest = hashlib.sha256()
    for key, revision in sorted(revisions):
        digest.update(f"{key.locale}\t{key.id}\t{revision}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:24]


def chunk_digest(chunk: Chunk) -> bytes:
    """Names what the encoder is given and how it maps to spans; equal digests may share vectors."""
    text = f"{encoder_text(chunk)}\0{span_ranges(chunk)}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


class Builder:
    """Builds generations below one index folder. One at a time: callers hold a lock."""

    def __init__(self, root: Path, encoder: CompiledEncoder) -> None:
        self._root = root
        self._encoder = encoder
        self._analyzer = Analyzer()

    def usable(self, name: str) -> Generation | None:
        """The generation `name` if rows may be taken over from it, else None."""
        try:
            manifest = read_manifest(self._root / "generations" / name)
            if refusal(manifest, model=self._encoder.identity, dimension=self._encoder.dimension):
                return None
            return Generation(self._root, name)
        except GenerationRefused:
            return None

    def build(
        self,
        base: Generation | None,
        articles: Sequence[ArticleFacts],
        chunks_of: Callable[[Sequence[ArticleKey]], Iterable[Chunk]],
        progress: Progress = lambda done, total: None,
        *,
        after: int = 0,
    ) -> Built:
        """Writes a generation with exactly `articles`, aside; nothing serves it until the database names it.

        `chunks_of` is asked for the chunks of articles that `base` does not have with the same facts. `after` is
        the number of the last generation: none is given twice, even where its folder is gone.
        """
        ordinal = {facts.key: number for number, facts in enumerate(articles)}
        known = {facts.key: facts for facts in base.articles} if base else {}
        wanted = [facts.key for facts in articles if known.get(facts.key) != facts]
        fresh = list(chunks_of(wanted)) if wanted else []
        kept, dropped = kept_rows(base, articles, ordinal)
        rows, embedded = self._rows(base, fresh, progress)
        owners = [ordinal[chunk.key] for chunk in fresh]
        article_rows = self._article_rows(base, fresh)
        reused = len(kept) + len(fresh) - embedded
        moved = folded(base, kept)
        if base and moved.any():
            away = kept[moved]
            rows = [*(base.segments[int(s)].row(int(r)) for s, r, _ in away), *rows]
            owners = [*away[:, 2].tolist(), *owners]
            article_rows |= article_rows_of(base, away)
            kept, dropped = kept[~moved], np.concatenate([dropped, away])
            base = base if len(kept) else None
        number = self._next_number(after)
        table, numbers = self._write_rows(number, kept, rows, owners, article_rows, ordinal)
        name = str(number)
        folder = self._root / "generations" / name
        self._write_words(folder / "lexical", base, dropped, articles, table, rows, numbers)
        manifest = Manifest(
            format=FORMAT,
            name=name,
            model=self._encoder.identity,
            dimension=self._encoder.dimension,
            chunker=CHUNKER,
            corpus=fingerprint((facts.key, facts.revision) for facts in articles),
            segments=numbers,
            rows=len(table),
            articles=len(articles),
        )
        write_generation(folder, manifest, articles, table)
        _sync_tree(folder)
        return Built(name, len(table), embedded, reused)

    def _rows(
        self, base: Generation | None, fresh: Sequence[Chunk], progress: Progress
    ) -> tuple[list[Row], int]:
        """Rows for new chunks, in their order, and how many of them had to be encoded."""
        digests = [chunk_digest(chunk) for chunk in fresh]
        known = known_rows(base, set(digests))
        rows: dict[int, Row] = {
            place: renewed_row(chunk, known[digest], self._analyzer)
            for place, (chunk, digest) in enumerate(zip(fresh, digests, strict=True))
            if digest in known
        }
        missing = [place for place in range(len(fresh)) if place not in rows]
        progress(0, len(missing))
        done = 0
        for places in _batched(missing, ENCODE_AT_ONCE):
            encoded = self._encoder.encode([encoder_text(fresh[place]) for place in places])
            for place, one in zip(places, encoded, strict=True):
                rows[place] = make_row(
                    fresh[place], digests[place], one, self._encoder.projection, self._analyzer
                )
            done += len(places)
            progress(done, len(missing))
        return [rows[place] for place in range(len(fresh))], len(missing)

    def _article_rows(self, base: Generation | None, fresh: Sequence[Chunk]) -> dict[ArticleKey, ArticleRow]:
        """Rows of the articles of new chunks; only titles that `base` does not have go through the encoder."""
        chunks: dict[ArticleKey, list[Chunk]] = {}
        for chunk in fresh:
            chunks.setdefault(chunk.key, []).append(chunk)
        titles = {own[0].title for own in chunks.values() if own[0].title}
        vectors = known_titles(base, titles)
        new = sorted(titles - vectors.keys())
        vectors.update((title, one.vector) for title, one in zip(new, self._encoder.encode(new), strict=True))
        nothing = np.zeros(self._encoder.dimension, dtype=np.float32)
        return {
            key: article_row(own, vectors.get(own[0].title, nothing), self._analyzer)
            for key, own in chunks.items()
        }

    def _write_rows(
        self,
        number: int,
        kept: npt.NDArray[np.int64],
        rows: Sequence[Row],
        owners: Sequence[int],
        article_rows: Mapping[ArticleKey, ArticleRow],
        ordinal: Mapping[ArticleKey, int],
    ) -> tuple[npt.NDArray[np.int64], tuple[int, ...]]:
        """Writes new rows as the segment `number` and returns the generation's row table and segment numbers."""
        numbers = tuple(sorted(set(kept[:, 0].tolist())))
        table = kept
        if rows:
            places = {ordinal[key]: place for place, key in enumerate(article_rows)}
            folder = self._root / "segments" / str(number)
            write_segment(folder, rows, [places[owner] for owner in owners], list(article_rows.values()))
            _sync_tree(folder)
            added = np.asarray(
                [(number, place, owner) for place, owner in enumerate(owners)], dtype=np.int64
            ).reshape(-1, 3)
            table, numbers = np.concatenate([kept, added]), (*numbers, number)
        return table, numbers

    def _write_words(
        self,
        folder: Path,
        base: Generation | None,
        dropped: npt.NDArray[np.int64],
        articles: Sequence[ArticleFacts],
        table: npt.NDArray[np.int64],
        rows: Sequence[Row],
        numbers: Sequence[int],
    ) -> None:
        fresh = table[len(table) - len(rows) :]
        revise(
            folder,
            self._root / "generations" / base.manifest.name / "lexical" if base is not None else None,
            (_uid(segment, row) for segment, row, _ in dropped) if base is not None else (),
            self._postings(articles, fresh, numbers),
        )

    def _postings(
        self, articles: Sequence[ArticleFacts], fresh: npt.NDArray[np.int64], numbers: Sequence[int]
    ) -> Iterator[Posting]:
        if not len(fresh):
            return
        segment = Segment(self._root / "segments" / str(numbers[-1]))
        for number, row, owner in fresh:
            chunk, facts = segment.chunk(int(row)), articles[int(owner)]
            language = facts.key.locale
            yield Posting(
                uid=_uid(number, row),
                words=" ".join(
                    self._analyzer.terms(
                        "\n".join([chunk.title, *chunk.heading_path, *(s.text for s in chunk.spans)]),
                        language,
                    )
                ),
                locale=language,
                audience=facts.audience,
                article_id=facts.key.id,
                product=facts.product,
                tags=facts.tags,
            )

    def _next_number(self, after: int) -> int:
        """A number that neither a generation nor a segment ever had: readers know both by their numbers."""
        for kind in ("generations", "segments"):
            folder = self._root / kind
            folder.mkdir(parents=True, exist_ok=True)
            after = max([after, *(int(path.name) for path in folder.iterdir() if path.name.isdigit())])
        return after + 1

    def retire(self, name: str) -> None:
        """Starts the time that a generation is kept for readers that have just looked it up."""
        with contextlib.suppress(FileNotFoundError):
            os.utime(self._root / "generations" / name)

    def clean(self, current: str, now: float | None = None) -> list[str]:
        """Removes generations and segments that neither `current` nor a recent reader needs."""
        now = time.time() if now is None else now
        keep = {current}
        for path in self._generations():
            if now - path.stat().st_mtime < GRACE_SECONDS:
                keep.add(path.name)
        segments: set[int] = set()
        for name in keep:
            with contextlib.suppress(GenerationRefused):
                segments.update(read_manifest(self._root / "generations" / name).segments)
        gone = [path for path in self._generations() if path.name not in keep]
        gone += [
            path
            for path in (self._root / "segments").iterdir()
            if not (path.name.isdigit() and int(path.name) in segments)
            and now - path.stat().st_mtime >= GRACE_SECONDS
        ]
        for path in gone:
            shutil.rmtree(path, ignore_errors=True)
        return [f"{path.parent.name}/{path.name}" for path in gone]

    def _generations(self) -> list[Path]:
        folder = self._root / "generations"
        return [path for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []


def _uid(segment: int, row: int) -> int:
    return (int(segment) << UID_BITS) | int(row)


def _batched(items: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _sync_tree(folder: Path) -> None:
    """Asks the disk to keep a folder before anything points at it."""
    for path in [*folder.rglob("*"), folder, folder.parent]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
