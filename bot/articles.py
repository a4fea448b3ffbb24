"""Public articles as pages: HTML of any revision of an article that customers may read today."""

import datetime as dt
import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote as url_quote
from urllib.parse import unquote

from bot.errors import NotFound
from bot.ports import ArticleRecord, Image, Shelf
from kb.article import ArticleKey, Audience, Link
from kb.errors import ArticleRejected
from kb.markdown import render

_MISSING = "There is no such article here. It may have been moved or withdrawn."


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """One revision of a public article, ready to be shown."""

    title: str
    html: str
    """Sanitised; headings carry ids, a cited passage the class `cited`."""
    locale: str
    revision: str
    current_revision: str
    last_reviewed: dt.date | None
    is_current: bool
    other_locales: tuple[tuple[str, str], ...]
    """(locale, address) of the article in other languages."""
    published_at: dt.datetime
    """When the text that is shown was first published."""


@dataclass(frozen=True, slots=True)
class Change:
    """A public article with the time its text was published."""

    key: ArticleKey
    title: str
    at: dt.datetime
    address: str
    """Of our page of it; begins with the public address, where there is one."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A public article as lists name it."""

    id: str
    title: str
    category: str
    """What the folder of the article is called in its language; empty where the writer names none."""


class ArticlePages:
    """Shows articles. What is for agents only is not found, whatever is asked of it."""

    def __init__(self, shelf: Shelf, *, public_url: str, default_locale: str) -> None:
        self._shelf = shelf
        self._public_url = public_url
        self._default_locale = default_locale

    def page(
        self, article_id: str, locale: str, revision: str = "", mark: tuple[int, int] | None = None
    ) -> ArticlePage:
        """A page of a published public article, of an older revision on request. Raises `NotFound`."""
        key = ArticleKey(article_id, locale)
        current = self._shelf.published([key]).get(key)
        if current is None or current.audience is not Audience.PUBLIC:
            raise NotFound(_MISSING)
        wanted = revision or current.revision
        record, source = self._shelf.record(key, wanted), self._shelf.source(key, wanted)
        # A revision written for agents stays with them, also when the article is public today.
        if record is None or source is None or record.audience is not Audience.PUBLIC:
            raise NotFound(_MISSING)
        file = self._shelf.record(key, current.revision)
        try:
            html = render(source, self._resolver(key, file), mark, file.path if file else "")
        except ArticleRejected as exc:
            raise NotFound(_MISSING) from exc
        return ArticlePage(
            title=record.title,
            html=html,
            locale=locale,
            revision=wanted,
            current_revision=current.revision,
            last_reviewed=record.last_reviewed,
            is_current=wanted == current.revision,
            other_locales=self._others(key),
            published_at=record.first_published_at,
        )

    def listing(self, locale: str) -> list[Listed]:
        """The public articles of a locale."""
        return [
            Listed(record.key.id, record.title, record.category)
            for record in self._public()
            if record.key.locale == locale
        ]

    def changes(self, locale: str, most: int) -> list[Change]:
        """The public articles of a locale, or of all if it is empty, the last changed first."""
        records = [record for record in self._public() if locale in ("", record.key.locale)]
        records.sort(key=lambda record: (record.first_published_at, record.key), reverse=True)
        return [
            Change(record.key, record.title, record.first_published_at, self._address(record.key))
            for record in records[:most]
        ]

    def image(self, digest: str) -> Image:
        """A picture that articles show. Raises `NotFound`."""
        found = self._shelf.image(digest)
        if found is None:
            raise NotFound("There is no such picture here.")
        return found

    def _public(self) -> list[ArticleRecord]:
        return [record for record in self._shelf.listing() if record.audience is Audience.PUBLIC]

    def _others(self, key: ArticleKey) -> tuple[tuple[str, str], ...]:
        return tuple(
            (record.key.locale, self._address(record.key))
            for record in self._public()
            if record.key.id == key.id and record.key.locale != key.locale
        )

    def _address(self, key: ArticleKey, anchor: str = "") -> str:
        address = f"{self._public_url}/help/{url_quote(key.locale)}/{url_quote(key.id)}"
        return f"{address}#{url_quote(anchor)}" if anchor else address

    def _resolver(self, key: ArticleKey, file: ArticleRecord | None) -> "Resolver":
        known = {record.key for record in self._public()}
        images = {image.path: image.digest for image in self._shelf.images(file.root)} if file else {}
        return Resolver(
            key,
            known,
            self._default_locale,
            self._address,
            file.path if file else "",
            {path: f"{self._public_url}/help/images/{digest}" for path, digest in images.items()},
        )


@dataclass(frozen=True, slots=True)
class Resolver:
    """Turns links between articles into addresses; in the reader's language first, then in the default one."""

    key: ArticleKey
    known: set[ArticleKey]
    default_locale: str
    address: Callable[[ArticleKey, str], str]
    path: str
    """File of the article in its source; pictures are named from there."""
    images: Mapping[str, str]
    """Address of each picture of the source, by its path."""

    def __call__(self, link: Link) -> str | None:
        """The address of a picture, a wiki or a relative link, or None when it leads to nothing that is public."""
        target, _, anchor = link.target.partition("#")
        if target and (picture := self._picture(target)):
            return picture
        if not target:
            return f"#{url_quote(anchor)}"
        for candidate in self._ids(target, link.wiki):
            for locale in (self.key.locale, self.default_locale):
                found = ArticleKey(candidate, locale)
                if found in self.known:
                    return self.address(found, anchor)
        return None

    def _picture(self, target: str) -> str | None:
        """A picture beside the article, or from the root of the source, as published sites write it."""
        plain = unquote(target.partition("?")[0])
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), plain))
        return self.images.get(beside) or self.images.get(plain.lstrip("/"))

    def _ids(self, target: str, wiki: bool) -> list[str]:
        plain = target.removesuffix(".md").strip("/")
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(self.key.id), plain))
        return [plain, beside] if wiki else [beside, plain]
