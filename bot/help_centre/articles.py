"""Public articles as pages: HTML of any revision of an article that customers may read today."""

import datetime as dt
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote as url_quote

from bot.errors import NotFound
from bot.experiments.trial import Tried
from bot.help_centre.catalogue import Catalogue
from bot.help_centre.links import Resolver
from bot.help_centre.shelves import Category
from bot.ports import ArticleRecord, Image, Shelf
from kb.article import ArticleKey, Audience
from kb.errors import ArticleRejected
from kb.markdown import Step, parse, render, steps

#: Characters of what feeds show of an article.
BEGINNING_CHARS: Final = 280
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
    """When the text that is shown was first published, or began to be tried."""
    on_trial: bool = False
    """Whether an experiment answers some customers from it now."""


@dataclass(frozen=True, slots=True)
class Change:
    """A public article with the time its text was published."""

    key: ArticleKey
    title: str
    at: dt.datetime
    address: str
    """Of our page of it; begins with the public address, where there is one."""


@dataclass(frozen=True, slots=True)
class _Text:
    """What a page shows, and since when it is there."""

    title: str
    source: str
    at: dt.datetime
    reviewed: dt.date | None = None
    on_trial: bool = False


class ArticlePages:
    """Shows articles. What is for agents only is not found, whatever is asked of it."""

    def __init__(
        self,
        shelf: Shelf,
        *,
        public_url: str,
        default_locale: str,
        tried: Callable[[ArticleKey, str], Tried | None] = lambda key, revision: None,
    ) -> None:
        """`tried` knows the texts of experiments, which are shown to who has the address of one, and listed nowhere."""
        self._shelf = shelf
        self._tried = tried
        self._public_url = public_url
        self._default_locale = default_locale
        self._held: Catalogue | None = None

    def page(
        self,
        article_id: str,
        locale: str,
        revision: str = "",
        mark: tuple[int, int] | None = None,
        *,
        reader: str = "",
    ) -> ArticlePage:
        """A page of a published public article, of an older revision on request. Raises `NotFound`.

        Its links lead on in the language of the `reader`, where that is not the article's own.
        """
        key = ArticleKey(article_id, locale)
        current = self._shelf.published([key]).get(key)
        if current is None or current.audience is not Audience.PUBLIC:
            raise NotFound(_MISSING)
        wanted = revision or current.revision
        shown = self._text(key, wanted)
        file = self._shelf.record(key, current.revision)
        try:
            resolver = self._resolver(key, file, reader or locale)
            html = render(shown.source, resolver, mark, file.path if file else "")
        except ArticleRejected as exc:
            raise NotFound(_MISSING) from exc
        return ArticlePage(
            title=shown.title,
            html=html,
            locale=locale,
            revision=wanted,
            current_revision=current.revision,
            last_reviewed=shown.reviewed,
            is_current=wanted == current.revision,
            other_locales=self._others(key),
            published_at=shown.at,
            on_trial=shown.on_trial,
        )

    def _text(self, key: ArticleKey, revision: str) -> _Text:
        """A text of a public article: one that is or was published, or that is or was tried. Raises `NotFound`."""
        record, source = self._shelf.record(key, revision), self._shelf.source(key, revision)
        if record is not None and source is not None:
            # A revision written for agents stays with them, also when the article is public today.
            if record.audience is not Audience.PUBLIC:
                raise NotFound(_MISSING)
            return _Text(record.title, source, record.first_published_at, record.last_reviewed)
        tried = self._tried(key, revision)
        if tried is None:
            raise NotFound(_MISSING)
        return _Text(tried.title, tried.source, tried.since, on_trial=tried.runs)

    def steps(self, article_id: str, locale: str) -> tuple[Step, ...]:
        """The steps of a published public article; empty where it has none. Raises `NotFound`."""
        key = ArticleKey(article_id, locale)
        current = self._shelf.published([key]).get(key)
        source = self._shelf.source(key, current.revision) if current else None
        if current is None or source is None or current.audience is not Audience.PUBLIC:
            raise NotFound(_MISSING)
        try:
            return steps(source)
        except ArticleRejected:
            return ()

    def beginning(self, key: ArticleKey) -> str:
        """The first words of a published public article; empty where there is none."""
        known = self._catalogue().beginnings
        if key not in known:
            current = self._shelf.published([key]).get(key)
            shown = current is not None and current.audience is Audience.PUBLIC
            source = self._shelf.source(key, current.revision) if shown and current else None
            known[key] = _beginning(source or "")
        return known[key]

    def categories(self, locale: str) -> tuple[Category, ...]:
        """The public articles that readers of a language find; what it lacks in the default one."""
        return self._catalogue().categories(locale, self._default_locale)

    def changes(self, locale: str, most: int) -> list[Change]:
        """The public articles of a locale, or of all if it is empty, the last changed first."""
        changed = (one for one in self._catalogue().changed() if locale in ("", one.key.locale))
        return [
            Change(one.key, one.title, one.first_published_at, self._address(one.key))
            for one in itertools.islice(changed, most)
        ]

    def image(self, digest: str) -> Image:
        """A picture that articles show. Raises `NotFound`."""
        found = self._shelf.image(digest)
        if found is None:
            raise NotFound("There is no such picture here.")
        return found

    def _catalogue(self) -> Catalogue:
        """Read anew whenever something was published; the row that names the index changes in the same transaction."""
        current, held = self._shelf.generation(), self._held
        if held is None or current is None or held.generation != current:
            # Two requests may both read it; each reads what is true.
            held = self._held = Catalogue(current, self._shelf.listing())
        return held

    def _others(self, key: ArticleKey) -> tuple[tuple[str, str], ...]:
        languages = self._catalogue().languages.get(key.id, ())
        return tuple((one.locale, self._address(one)) for one in languages if one != key)

    def _address(self, key: ArticleKey, anchor: str = "") -> str:
        address = f"{self._public_url}/help/{url_quote(key.locale)}/{url_quote(key.id)}"
        return f"{address}#{url_quote(anchor)}" if anchor else address

    def _resolver(self, key: ArticleKey, file: ArticleRecord | None, reader: str) -> Resolver:
        images = {image.path: image.digest for image in self._shelf.images(file.root)} if file else {}
        return Resolver(
            key,
            reader,
            self._catalogue().known,
            self._default_locale,
            self._address,
            file.path if file else "",
            {path: f"{self._public_url}/help/images/{digest}" for path, digest in images.items()},
        )


def _beginning(source: str) -> str:
    """The first words of a file, cut at a word."""
    try:
        article = parse(source, "article.md", locales=frozenset())
    except ArticleRejected:
        return ""
    words = " ".join(" ".join(span.text.split()) for section in article.sections for span in section.spans)
    return words if len(words) <= BEGINNING_CHARS else f"{words[:BEGINNING_CHARS].rsplit(' ', 1)[0]} …"
