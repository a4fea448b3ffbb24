"""Releases in, the statements that publish them out, in the order they must run inside one transaction."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from bot.ports import Generation, Image, KnownFile, Release
from bot.storage import codec
from bot.storage.tables import articles, chunks, files, generation, image_files, images, revisions
from kb.article import Article, ArticleKey, Chunk

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

Row = Mapping[str, Any]
#: A statement and the rows it runs for, never none.
Step = tuple[sa.Executable, Sequence[Row]]
#: Both databases have `ON CONFLICT`, each dialect its own way to say it.
Insert = Callable[[sa.Table], "sqlite.Insert | postgresql.Insert"]

_READINGS: Final = ("title", "audience", "url", "tags", "product", "owner", "last_reviewed", "next_review")
"""What the parser read in a revision's source, as against the source itself."""

_FORGET_FILES = sa.delete(files).where(files.c.root == sa.bindparam("of_root"))
_FORGET_IMAGES = sa.delete(image_files).where(image_files.c.root == sa.bindparam("of_root"))
#: Bytes that no source names any more.
_DROP_IMAGES = sa.delete(images).where(images.c.digest.not_in(sa.select(image_files.c.digest)))
_OF_KEY = (articles.c.article_id == sa.bindparam("of_id"), articles.c.locale == sa.bindparam("of_locale"))
#: Takes the chunks along.
_REPLACE = sa.delete(articles).where(*_OF_KEY)
#: An article that meanwhile comes from another source stays.
_REMOVE = _REPLACE.where(articles.c.root == sa.bindparam("of_root"))


def steps(releases: Sequence[Release], served_by: Generation, at: dt.datetime, insert: Insert) -> list[Step]:
    """The whole plan; its rows are made here, before the transaction, so that it is short."""
    # The generation comes first: its row makes a second publisher wait, so two never mix.
    planned = [_serve(served_by, at, insert)]
    for release in releases:
        planned += _source(release)
        planned += _images(release, insert)
        planned += _articles(release, at, insert)
    planned.append((_DROP_IMAGES, [{}]))
    return [(statement, rows) for statement, rows in planned if rows]


def _serve(served_by: Generation, at: dt.datetime, insert: Insert) -> Step:
    upsert = insert(generation)
    upsert = upsert.on_conflict_do_update(
        index_elements=["id"],
        set_={name: upsert.excluded[name] for name in ("name", "corpus", "published_at")},
    )
    return upsert, [{"id": 1, "name": served_by.name, "corpus": served_by.corpus, "published_at": at}]


def _source(release: Release) -> Iterator[Step]:
    yield _FORGET_FILES, [{"of_root": release.root}]
    yield sa.insert(files), [_file(release.root, file) for file in release.files]
    yield _REMOVE, [{**_of(key), "of_root": release.root} for key in release.removed]


def _images(release: Release, insert: Insert) -> Iterator[Step]:
    yield _FORGET_IMAGES, [{"of_root": release.root}]
    fresh = {image.digest: image for image in release.images if image.content is not None}
    keep = insert(images).on_conflict_do_nothing(index_elements=["digest"])
    yield keep, [_image(image) for image in fresh.values()]
    yield (
        sa.insert(image_files),
        [{"root": release.root, "path": image.path, "digest": image.digest} for image in release.images],
    )


def _articles(release: Release, at: dt.datetime, insert: Insert) -> Iterator[Step]:
    append = insert(revisions)
    append = append.on_conflict_do_update(
        index_elements=["article_id", "locale", "revision"],
        set_={name: append.excluded[name] for name in _READINGS},
    )
    yield append, [_revision(article, at) for article in release.articles]
    yield _REPLACE, [_of(article.key) for article in release.articles]
    yield sa.insert(articles), [_article(article, release.root) for article in release.articles]
    yield sa.insert(chunks), [_chunk(chunk) for chunk in release.chunks]


def _of(key: ArticleKey) -> Row:
    return {"of_id": key.id, "of_locale": key.locale}


def _file(root: str, file: KnownFile) -> Row:
    return {
        "root": root,
        "path": file.path,
        "digest": file.digest,
        "article_id": file.key.id if file.key else None,
        "locale": file.key.locale if file.key else None,
        "reason": file.reason,
    }


def _image(image: Image) -> Row:
    return {"digest": image.digest, "media_type": image.media_type, "content": image.content}


def _revision(article: Article, at: dt.datetime) -> Row:
    return {
        "article_id": article.key.id,
        "locale": article.key.locale,
        "revision": article.revision,
        "source": article.source,
        "title": article.title,
        "audience": article.audience.value,
        "url": article.url,
        "tags": codec.strings_to_json(article.tags),
        "product": article.product,
        "category": article.category,
        "owner": article.owner,
        "last_reviewed": article.last_reviewed,
        "next_review": article.next_review,
        "first_published_at": at,
    }


def _article(article: Article, root: str) -> Row:
    return {
        "article_id": article.key.id,
        "locale": article.key.locale,
        "revision": article.revision,
        "title": article.title,
        "audience": article.audience.value,
        "url": article.url,
        "root": root,
    }


def _chunk(chunk: Chunk) -> Row:
    return {
        "article_id": chunk.key.id,
        "locale": chunk.key.locale,
        "ordinal": chunk.ordinal,
        "revision": chunk.revision,
        "title": chunk.title,
        "heading_path": codec.strings_to_json(chunk.heading_path),
        "anchor": chunk.anchor,
        "start_char": chunk.start,
        "end_char": chunk.end,
        "spans": codec.spans_to_json(chunk.spans),
    }
