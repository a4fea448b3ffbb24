"""The ingest flow: folders in, articles stored, a new index built aside and published in one step."""

import contextlib
import datetime as dt
import fcntl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.errors import NotFound, NotReady
from bot.knowledge.planned import distinct, facts_of, known_files, quarantined, refuse_emptied, total
from bot.ports import ArticleRecord, Generation, Image, Release, Shelf
from index.builder import Builder, Built, fingerprint
from index.compiled import CompiledEncoder
from index.generation import ArticleFacts
from index.generation import Generation as OpenGeneration
from kb.article import Article, ArticleKey, Chunk
from kb.chunking import chunk
from kb.errors import ArticleRejected
from kb.library import Known, Plan, Receipt, plan, read
from kb.markdown import parse
from kb.sources.folder import walk
from kb.sources.images import images

#: Told how far a long job is: what it does, how much is done, how much there is.
Progress = Callable[[str, int, int], None]


def no_progress(stage: str, done: int, total: int) -> None:
    """For callers that nobody watches."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What an ingest did, or would do."""

    receipt: Receipt
    generation: str
    """Name of the index that answers afterwards; empty for a dry run."""
    chunks: int
    """Chunks in that index."""
    embedded: int
    """Chunks that had to go through the encoder."""


class Ingestion:
    """Brings the knowledge base up to its sources. Only one runs at a time on an index folder."""

    def __init__(
        self,
        shelf: Shelf,
        encoder: CompiledEncoder,
        root: Path,
        *,
        default_locale: str,
        locales: Sequence[str],
        now: Callable[[], dt.datetime],
    ) -> None:
        self._shelf = shelf
        self._encoder = encoder
        self._root = root
        self._builder = Builder(root, encoder)
        self._default_locale = default_locale
        self._locales = frozenset(locales)
        self._now = now

    def ingest(
        self,
        paths: Sequence[Path],
        *,
        dry_run: bool = False,
        allow_empty: bool = False,
        progress: Progress = no_progress,
    ) -> Ingested:
        """Syncs folders (or files) into the knowledge base and publishes the index that serves them.

        Raises `kb.errors.SourceUnavailable` before anything is changed when a path cannot be read, or has not one
        article left where it had some (a folder that is not mounted) unless that is allowed, and `NotReady` when
        another ingest is running.
        """
        with self._alone():
            base, outdated = self._base()
            plans = [(str(path.resolve()), self._plan(path, outdated, progress)) for path in distinct(paths)]
            if not allow_empty:
                refuse_emptied(plans)
            plans = self._without_taken(plans)
            receipt = total([made.receipt for _, made in plans])
            if dry_run:
                return Ingested(receipt, "", len(base.rows) if base else 0, 0)
            seen = {root: self._images(root) for root, _ in plans}
            same = all(self._is_known(root, made, seen[root]) for root, made in plans)
            if base and same and not outdated:
                return Ingested(receipt, base.manifest.name, len(base.rows), 0)
            releases = [self._release(root, made, seen[root], progress) for root, made in plans]
            if outdated:
                releases = self._with_stored(releases)
            return self._publish(base, releases, receipt, progress)

    def forget(self, path: Path, progress: Progress = no_progress) -> Ingested:
        """Withdraws all that a source publishes, such as a folder that is no more; its revisions stay.

        Raises `NotFound` for a source that publishes nothing.
        """
        with self._alone():
            root = str(path.resolve())
            removed = tuple(record.key for record in self._shelf.listing() if record.root == root)
            if not removed and not self._shelf.files(root):
                raise NotFound(f"Nothing comes from {root}; check the path, nothing was changed.")
            base, outdated = self._base()
            releases = [Release(root, (), (), (), removed)]
            if outdated:
                releases = self._with_stored(releases)
            return self._publish(base, releases, Receipt((), (), removed, (), ()), progress)

    def reindex(self, progress: Progress = no_progress) -> Ingested:
        """Builds the index anew from the stored articles, reading and embedding everything again."""
        with self._alone():
            releases = self._with_stored([])
            return self._publish(None, releases, Receipt((), (), (), (), ()), progress)

    def _base(self) -> tuple[OpenGeneration | None, bool]:
        """The generation to build on, and whether what is stored was made by another parser or chunker."""
        current = self._shelf.generation()
        if current is None:
            return None, False
        base = self._builder.usable(current.name)
        return base, base is None

    def _plan(self, path: Path, reread: bool, progress: Progress) -> Plan:
        root = path.resolve()
        known = {
            file.path: Known(file.path, file.digest, file.key, file.reason)
            for file in self._shelf.files(str(root))
        }
        # A folder named after a language holds articles in it, also when it is the root itself.
        default = root.name if root.name in self._locales else self._default_locale
        found = list(walk(path))
        progress("reading", 0, len(found))
        files = []
        for one in read(found, known, default_locale=default, locales=self._locales, reread=reread):
            files.append(one)
            progress("reading", len(files), len(found))
        return plan(files, known)

    def _without_taken(self, plans: list[tuple[str, Plan]]) -> list[tuple[str, Plan]]:
        """Quarantines articles whose id another source publishes already; the first source keeps it."""
        given_up = {key: root for root, made in plans for key in made.receipt.removed}
        owners: dict[ArticleKey, str] = {}
        result = []
        for root, made in plans:
            taken: dict[ArticleKey, str] = {}
            for article in made.articles:
                owner = owners.get(article.key) or self._shelf.root_of(article.key)
                # A source that is gone from the disk was moved, and where it went is where it goes on.
                moved = owner is not None and not Path(owner).exists()
                if owner not in (None, root) and not moved and given_up.get(article.key) != owner:
                    taken[article.key] = str(owner)
                else:
                    owners[article.key] = root
            result.append((root, quarantined(made, taken) if taken else made))
        return result

    def _images(self, root: str) -> tuple[Image, ...]:
        """The pictures of a source, with their bytes where the database does not have them."""
        known = {image.digest for image in self._shelf.images(root)}
        return tuple(
            Image(one.path, one.digest, one.media_type, None if one.digest in known else one.content)
            for one in images(Path(root))
        )

    def _is_known(self, root: str, made: Plan, seen: Sequence[Image]) -> bool:
        """Whether files and pictures of a source are those of the last ingest."""
        before = {(image.path, image.digest) for image in self._shelf.images(root)}
        return before == {(image.path, image.digest) for image in seen} and set(
            known_files(made.files)
        ) == set(self._shelf.files(root))

    def _release(self, root: str, made: Plan, seen: tuple[Image, ...], progress: Progress) -> Release:
        chunks: list[Chunk] = []
        for done, article in enumerate(made.articles, 1):
            chunks.extend(chunk(article, self._encoder.measure))
            progress("cutting", done, len(made.articles))
        files = known_files(made.files)
        return Release(root, files, made.articles, tuple(chunks), made.receipt.removed, seen)

    def _with_stored(self, releases: Sequence[Release]) -> list[Release]:
        """`releases`, and one a source for every stored article that they leave as it is, cut anew."""
        handled = {article.key for release in releases for article in release.articles}
        handled.update(key for release in releases for key in release.removed)
        again: dict[str, list[Article]] = {}
        for record in self._shelf.listing():
            if record.key not in handled:
                article = self._restored(record)
                if article is not None:
                    again.setdefault(record.root or "", []).append(article)
        merged = {release.root: release for release in releases}
        for root, articles in again.items():
            before = merged.get(root) or Release(
                root, tuple(self._shelf.files(root)), (), (), (), tuple(self._shelf.images(root))
            )
            chunks = [one for article in articles for one in chunk(article, self._encoder.measure)]
            merged[root] = replace(
                before, articles=(*before.articles, *articles), chunks=(*before.chunks, *chunks)
            )
        return list(merged.values())

    def _restored(self, record: ArticleRecord) -> Article | None:
        """A stored revision, parsed by this version; None where this version can make nothing of it."""
        source = self._shelf.source(record.key, record.revision)
        with contextlib.suppress(ArticleRejected):
            article = parse(
                source or "",
                record.path or f"{record.key.id}.md",
                default_locale=record.key.locale,
                locales=self._locales,
            )
            # The key was given when the article came in; other locales in the settings do not rename it.
            return replace(article, key=record.key)
        return None

    def _publish(
        self,
        base: OpenGeneration | None,
        releases: Sequence[Release],
        receipt: Receipt,
        progress: Progress,
    ) -> Ingested:
        facts = self._facts(releases)
        last = self._shelf.generation()
        built = self._build(base, releases, facts, progress, int(last.name) if last else 0)
        corpus = fingerprint((one.key, one.revision) for one in facts)
        self._shelf.publish(releases, Generation(built.name, corpus), self._now())
        if last:
            self._builder.retire(last.name)
        self._builder.clean(built.name)
        return Ingested(receipt, built.name, built.rows, built.embedded)

    def _build(
        self,
        base: OpenGeneration | None,
        releases: Sequence[Release],
        facts: Sequence[ArticleFacts],
        progress: Progress,
        after: int,
    ) -> Built:
        fresh: dict[ArticleKey, list[Chunk]] = {}
        for release in releases:
            for one in release.chunks:
                fresh.setdefault(one.key, []).append(one)

        def chunks_of(keys: Sequence[ArticleKey]) -> Iterator[Chunk]:
            stored = set(keys) - fresh.keys()
            for key in keys:
                yield from fresh.get(key, ())
            if stored:
                yield from (one for one in self._shelf.chunks() if one.key in stored)

        return self._builder.build(
            base, facts, chunks_of, lambda done, total: progress("embedding", done, total), after=after
        )

    def _facts(self, releases: Sequence[Release]) -> list[ArticleFacts]:
        """All articles that answer once `releases` are published."""
        facts = {record.key: facts_of(record) for record in self._shelf.listing()}
        for release in releases:
            for key in release.removed:
                facts.pop(key, None)
        for release in releases:
            facts.update((article.key, facts_of(article)) for article in release.articles)
        return [facts[key] for key in sorted(facts)]

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Holds the index folder's lock; the system drops it when the process dies."""
        self._root.mkdir(parents=True, exist_ok=True)
        with (self._root / "ingest.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as exc:
                raise NotReady(
                    "Another ingest is running on this data folder. Try again when it is done."
                ) from exc
            yield
