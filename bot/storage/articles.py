"""Articles in the database: what may answer now, every revision ever published, chunks and the generation."""

import datetime as dt
from collections.abc import Generator, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from bot.ports import Generation, Image, KnownFile, Published, Release
from bot.storage import codec, publishing
from bot.storage.engine import Database
from bot.storage.prepared import Prepared
from bot.storage.tables import articles, chunks, files, image_files, images, revisions
from kb.article import ArticleKey, Audience, Chunk

#: Above this many keys, reading all published articles is one query still and no slower.
_MANY_KEYS: Final = 500
#: Rows fetched at a time while streaming chunks; a row is about a kilobyte.
_BATCH: Final = 500

_GENERATION = "SELECT name, corpus FROM generation WHERE id = 1"

_FILES = (
    sa.select(files.c.path, files.c.digest, files.c.article_id, files.c.locale, files.c.reason)
    .where(files.c.root == sa.bindparam("root"))
    .order_by(files.c.path)
)
_IMAGES = (
    sa.select(image_files.c.path, image_files.c.digest, images.c.media_type)
    .join(images)
    .where(image_files.c.root == sa.bindparam("root"))
    .order_by(image_files.c.path)
)
_IMAGE = (
    sa.select(image_files.c.path, images.c.media_type, images.c.content)
    .join(images)
    .where(images.c.digest == sa.bindparam("digest"))
    .order_by(image_files.c.path)
    .limit(1)
)
_PUBLISHED = sa.select(
    articles.c.article_id,
    articles.c.locale,
    articles.c.revision,
    articles.c.title,
    articles.c.audience,
    articles.c.url,
)
#: Ids of one search, as a rule: a statement of fixed length is put together once, one of any length each time, which
#: costs half of it.
_FEW_IDS: Final = 24
_AUDIENCES: Final = {one.value: one for one in Audience}
_ID_NAMES: Final = tuple(f"id{place}" for place in range(_FEW_IDS))
# Of one locale, as a search for a customer brings them.
_PUBLISHED_FEW_IDS = Prepared(
    _PUBLISHED.where(
        articles.c.article_id.in_(
            [sa.bindparam(name, type_=articles.c.article_id.type) for name in _ID_NAMES]
        ),
        articles.c.locale == sa.bindparam("locale"),
    )
)
# By id alone, since an article has few locales: SQLite reads the whole table for a list of pairs.
_PUBLISHED_IDS = _PUBLISHED.where(articles.c.article_id.in_(sa.bindparam("ids", expanding=True)))
_ROOT = sa.select(articles.c.root).where(
    articles.c.article_id == sa.bindparam("id"), articles.c.locale == sa.bindparam("locale")
)
_OF_ARTICLE = (
    revisions.c.article_id == sa.bindparam("id"),
    revisions.c.locale == sa.bindparam("locale"),
)
_SOURCE = Prepared(
    sa.select(revisions.c.source).where(*_OF_ARTICLE, revisions.c.revision == sa.bindparam("revision"))
)
_REVISIONS = (
    sa.select(revisions.c.revision, revisions.c.first_published_at)
    .where(*_OF_ARTICLE)
    .order_by(revisions.c.id)
)
_CHUNKS = (
    sa.select(
        chunks.c.article_id,
        chunks.c.locale,
        chunks.c.revision,
        chunks.c.ordinal,
        chunks.c.title,
        chunks.c.heading_path,
        chunks.c.anchor,
        chunks.c.start_char,
        chunks.c.end_char,
        chunks.c.spans,
    )
    .order_by(chunks.c.article_id, chunks.c.locale, chunks.c.ordinal)
    .execution_options(yield_per=_BATCH)
)
_PATH = (
    sa.select(sa.func.min(files.c.path))
    .where(
        files.c.article_id == articles.c.article_id,
        files.c.locale == articles.c.locale,
        files.c.root == articles.c.root,
    )
    .scalar_subquery()
    .label("path")
)
_RECORDS = (
    sa.select(
        revisions.c.article_id,
        revisions.c.locale,
        revisions.c.revision,
        revisions.c.title,
        revisions.c.audience,
        revisions.c.url,
        revisions.c.tags,
        revisions.c.product,
        revisions.c.category,
        revisions.c.owner,
        revisions.c.last_reviewed,
        revisions.c.next_review,
        revisions.c.first_published_at,
        articles.c.root,
        _PATH,
    )
    .outerjoin_from(
        revisions,
        articles,
        sa.and_(
            articles.c.article_id == revisions.c.article_id,
            articles.c.locale == revisions.c.locale,
            articles.c.revision == revisions.c.revision,
        ),
    )
    .order_by(revisions.c.article_id, revisions.c.locale)
)
_LISTING = _RECORDS.where(articles.c.root.is_not(None))
_RECORD = _RECORDS.where(*_OF_ARTICLE, revisions.c.revision == sa.bindparam("revision"))


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """All that is stored of one revision except its text."""

    key: ArticleKey
    revision: str
    title: str
    audience: Audience
    url: str
    """Published address from the front matter, or empty."""
    tags: tuple[str, ...]
    product: str
    owner: str
    last_reviewed: dt.date | None
    next_review: dt.date | None
    first_published_at: dt.datetime
    root: str
    """The source that publishes it; empty for a revision that does not answer any more."""
    path: str
    """Its file in that source; empty for a revision that does not answer any more."""
    category: str = ""


class ArticleShelf:
    """Implements `bot.ports.Shelf`; every method raises `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def files(self, root: str) -> Sequence[KnownFile]:
        """Files of a source as the last ingest saw them, by path."""
        with self._database.reading() as connection:
            rows = connection.execute(_FILES, {"root": root}).all()
        return [
            KnownFile(path, digest, None if id_ is None else ArticleKey(id_, locale), reason)
            for path, digest, id_, locale, reason in rows
        ]

    def images(self, root: str) -> Sequence[Image]:
        """Pictures of a source as the last ingest saw them, by path, without their bytes."""
        with self._database.reading() as connection:
            rows = connection.execute(_IMAGES, {"root": root}).all()
        return [Image(path, digest, media_type, None) for path, digest, media_type in rows]

    def image(self, digest: str) -> Image | None:
        """A picture that some source has now, with its bytes."""
        with self._database.reading() as connection:
            row = connection.execute(_IMAGE, {"digest": digest}).first()
        return None if row is None else Image(row[0], digest, row[1], bytes(row[2]))

    def published(self, keys: Iterable[ArticleKey] | None = None) -> Mapping[ArticleKey, Published]:
        """What may answer now: all of it, or those of `keys` that still may."""
        wanted = None if keys is None else set(keys)
        if wanted is not None and not wanted:
            return {}
        rows: Sequence[Sequence[Any]]
        if wanted is None or len(wanted) > _MANY_KEYS:
            with self._database.reading() as connection:
                rows = connection.execute(_PUBLISHED).all()
        else:
            rows = self._of_keys(wanted)
        found = {}
        for id_, locale, revision, title, audience, url in rows:
            key = ArticleKey(id_, locale)
            if wanted is None or key in wanted:
                found[key] = Published(key, revision, title, _AUDIENCES[audience], url)
        return found

    def _of_keys(self, keys: Set[ArticleKey]) -> Sequence[Sequence[Any]]:
        """What is published of the ids of these keys, in other locales too; `keys` is not empty."""
        ids, locales = sorted({key.id for key in keys}), {key.locale for key in keys}
        if len(ids) > _FEW_IDS or len(locales) > 1:
            with self._database.reading() as connection:
                return connection.execute(_PUBLISHED_IDS, {"ids": ids}).all()
        filled = [*ids, *[ids[-1]] * (_FEW_IDS - len(ids))]
        values = dict(zip(_ID_NAMES, filled, strict=True)) | {"locale": locales.pop()}
        return self._database.all(_PUBLISHED_FEW_IDS, values)

    def root_of(self, key: ArticleKey) -> str | None:
        """The source that publishes an article, or None."""
        with self._database.reading() as connection:
            return connection.execute(_ROOT, {"id": key.id, "locale": key.locale}).scalar()

    def source(self, key: ArticleKey, revision: str) -> str | None:
        """The text of a revision, also of one long replaced; None for one never seen."""
        of = {"id": key.id, "locale": key.locale, "revision": revision}
        rows = self._database.all(_SOURCE, of)
        return rows[0][0] if rows else None

    def revisions(self, key: ArticleKey) -> Sequence[tuple[str, dt.datetime]]:
        """Revisions of an article with the time each was first published, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(_REVISIONS, {"id": key.id, "locale": key.locale}).all()
        return [(revision, at) for revision, at in rows]

    def chunks(self) -> Generator[Chunk]:
        """Chunks of all published articles, by key and ordinal, as of the first one taken; streamed."""
        # Closed by name: PostgreSQL keeps a cursor open for a caller who stops halfway.
        with self._database.streaming() as connection, connection.execute(_CHUNKS) as rows:
            for row in rows:
                id_, locale, revision, ordinal, title, heading_path, anchor, start, end, spans = row
                yield Chunk(
                    key=ArticleKey(id_, locale),
                    revision=revision,
                    ordinal=ordinal,
                    title=title,
                    heading_path=codec.strings_from_json(heading_path),
                    anchor=anchor,
                    start=start,
                    end=end,
                    spans=codec.spans_from_json(spans),
                )

    def chunk_count(self) -> int:
        """Chunks of all published articles."""
        with self._database.reading() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(chunks)).scalar_one()

    def quarantined_count(self) -> int:
        """Files that could not be read, of all sources, also of those without an article."""
        query = sa.select(sa.func.count()).select_from(files).where(files.c.reason != "")
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one()

    def generation(self) -> Generation | None:
        """The index to serve; None before the first publish."""
        with self._database.reading() as connection:
            # Asked several times a second and with every message: text that needs no compiling.
            row = connection.exec_driver_sql(_GENERATION).first()
        return None if row is None else Generation(row[0], row[1])

    def publish(self, releases: Sequence[Release], generation: Generation, at: dt.datetime) -> None:
        """Commits all `releases` and the generation that serves them, or nothing."""
        planned = publishing.steps(releases, generation, at, self._database.insert)
        # Durable, because the index that answered before is deleted once this has returned.
        with self._database.writing(durable=True) as connection:
            for statement, rows in planned:
                connection.execute(statement, rows)

    def listing(self) -> Sequence[ArticleRecord]:
        """All that may answer now, by key."""
        with self._database.reading() as connection:
            return [_record(row) for row in connection.execute(_LISTING).mappings()]

    def record(self, key: ArticleKey, revision: str) -> ArticleRecord | None:
        """What is stored of a revision, also of one long replaced; None for one never seen."""
        of = {"id": key.id, "locale": key.locale, "revision": revision}
        with self._database.reading() as connection:
            row = connection.execute(_RECORD, of).mappings().first()
        return None if row is None else _record(row)


def _record(row: sa.RowMapping) -> ArticleRecord:
    return ArticleRecord(
        key=ArticleKey(row["article_id"], row["locale"]),
        revision=row["revision"],
        title=row["title"],
        audience=Audience(row["audience"]),
        url=row["url"],
        tags=codec.strings_from_json(row["tags"]),
        product=row["product"],
        category=row["category"],
        owner=row["owner"],
        last_reviewed=row["last_reviewed"],
        next_review=row["next_review"],
        first_published_at=row["first_published_at"],
        root=row["root"] or "",
        path=row["path"] or "",
    )
