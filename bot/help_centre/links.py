"""A link of an article in, the address that it leads readers to out: an article, a section, a picture, or nothing."""

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote as url_quote
from urllib.parse import unquote

from kb.article import ArticleKey, Link


@dataclass(frozen=True, slots=True)
class Resolver:
    """Turns links between articles into addresses that readers stay in their language at."""

    key: ArticleKey
    reader: str
    """Language of the pages that the reader is on; an article that it lacks is shown there in the default one."""
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
            for locale in (self.reader, self.key.locale, self.default_locale):
                found = ArticleKey(candidate, locale)
                if found in self.known:
                    shown = ArticleKey(candidate, self.reader) if locale == self.default_locale else found
                    return self.address(shown, anchor)
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
