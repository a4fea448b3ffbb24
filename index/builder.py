"""Articles and chunks in, a new generation on disk out; embeds only what was never embedded before."""

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.compiled import CompiledEncoder
from index.composing import Composer, Made, Progress, copied
from index.errors import GenerationRefused
from index.folders import Folders, sync_tree
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
from index.reuse import folded, kept_rows
from index.rows import Terms, article_row
from index.sketches import SKETCH_ROWS, outgrown, write_sketches
from index.words import Analyzer
from index.writing import SegmentWriter
from kb.article import ArticleKey, Chunk
from kb.chunking import CHUNKER

#: Lines of segment, place in it, ordinal of the article.
Table = npt.NDArray[np.int64]
NO_ROWS: Table = np.empty((0, 3), dtype=np.int64)


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


def _nothing(done: int, total: int) -> None:
    """Progress that nobody looks at."""


class Builder:
    """Builds generations below one index folder. One at a time: callers hold a lock."""

    def __init__(self, root: Path, encoder: CompiledEncoder) -> None:
        self._root = root
        self._folders = Folders(root)
        self._encoder = encoder
        self._analyzer = Analyzer()

    def usable(self, name: str) -> Generation | None:
        """The generation `name` if rows may be taken over from it, else None."""
        try:
            manifest = read_manifest(self._folders.generation(name))
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
        progress: Progress = _nothing,
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
        fresh = [(ordinal[chunk.key], chunk) for chunk in chunks_of(wanted)] if wanted else []
        composer = Composer(self._encoder, self._analyzer, base, fresh)
        kept, dropped = kept_rows(base, articles, ordinal)
        reused = len(kept) + len(fresh) - composer.missing
        moved = folded(base, kept)
        rows = composer.rows(progress)
        if base and moved.any():
            away = kept[moved]
            rows = itertools.chain(copied(base, away, self._analyzer), rows)
            kept, dropped = kept[~moved], np.concatenate([dropped, away])
        if base:
            _sketch(base, kept)
        name, count = self.write(articles, rows, base if len(kept) else None, kept, dropped, after=after)
        return Built(name, count, composer.missing, reused)

    def write(
        self,
        articles: Sequence[ArticleFacts],
        rows: Iterable[Made],
        base: Generation | None = None,
        kept: Table = NO_ROWS,
        dropped: Table = NO_ROWS,
        *,
        after: int = 0,
    ) -> tuple[str, int]:
        """Writes a generation of the rows `kept` from `base`, without those `dropped`, and new ones as they are made.

        Returns its name and its number of rows.
        """
        number = self._folders.next_number(after)
        name = str(number)
        folder = self._folders.generation(name)
        words = self._folders.generation(base.manifest.name) / "lexical" if base else None
        with SegmentWriter(self._folders.segment(number)) as segment:
            written = _Written(segment, number, articles)
            revise(folder / "lexical", words, _uids(dropped) if words else (), written.postings(rows))
        if segment.rows:
            sync_tree(segment.folder)
        table = np.concatenate([kept, written.table()])
        manifest = Manifest(
            format=FORMAT,
            name=name,
            model=self._encoder.identity,
            dimension=self._encoder.dimension,
            chunker=CHUNKER,
            corpus=fingerprint((facts.key, facts.revision) for facts in articles),
            segments=tuple(np.unique(table[:, 0]).tolist()),
            rows=len(table),
            articles=len(articles),
        )
        write_generation(folder, manifest, articles, table)
        sync_tree(folder)
        return name, len(table)

    def retire(self, name: str) -> None:
        """Starts the time that a generation is kept for readers that have just looked it up."""
        self._folders.retire(name)

    def clean(self, current: str, now: float | None = None) -> list[str]:
        """Removes generations and segments that neither `current` nor a recent reader needs."""
        return self._folders.clean(current, now)


def _sketch(base: Generation, kept: npt.NDArray[np.int64]) -> None:
    """Gives large segments of before there were sketches, or lists of them, theirs."""
    for number in np.unique(kept[:, 0]).tolist():
        segment = base.segments[number]
        if segment.rows >= SKETCH_ROWS and (segment.sketches is None or outgrown(segment.sketches)):
            write_sketches(segment.folder, segment.vectors)


class _Written:
    """Writes rows into a segment while the word index takes their words."""

    def __init__(self, segment: SegmentWriter, number: int, articles: Sequence[ArticleFacts]) -> None:
        self._segment, self._number, self._articles = segment, number, articles
        self._owners: list[int] = []

    def postings(self, rows: Iterable[Made]) -> Iterator[Posting]:
        """Writes each row, with its article once all its rows are written, and gives its words."""
        for owner, own in itertools.groupby(rows, key=lambda made: made.owner):
            facts = self._articles[owner]
            terms: list[Terms] = []
            for made in own:
                place = self._segment.add(made.row, made.chunk)
                self._owners.append(owner)
                terms.append(made.terms)
                title_vector = made.title_vector
                yield Posting(
                    uid=(self._number << UID_BITS) | place,
                    words=" ".join(made.terms.all),
                    locale=facts.key.locale,
                    audience=facts.audience,
                    article_id=facts.key.id,
                    product=facts.product,
                    tags=facts.tags,
                )
            self._segment.end_article(article_row(terms, title_vector))

    def table(self) -> npt.NDArray[np.int64]:
        """The generation's table of what was written: segment, place in it, ordinal of the article."""
        count = len(self._owners)
        columns = np.full(count, self._number), np.arange(count), np.asarray(self._owners, dtype=np.int64)
        return np.stack(columns, axis=1).astype(np.int64)


def _uids(rows: npt.NDArray[np.int64]) -> Iterator[int]:
    return iter(((rows[:, 0] << UID_BITS) | rows[:, 1]).tolist())
