"""An article's links in, those that lead nowhere out; addresses of other sites are never fetched, so never judged."""

import posixpath
import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from urllib.parse import unquote

from kb.article import Article, ArticleKey, Link

_ELSEWHERE = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
_TEMPLATE = re.compile(r"\{\{|\{%|<%|\$\{")
_SUFFIX = re.compile(r"\.(?:md|markdown|mdx)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Broken:
    """A link that leads nowhere."""

    target: str
    """As written."""
    label: str
    why: str


def broken(
    article: Article,
    path: str,
    known: Mapping[ArticleKey, Set[str]],
    permalinks: Set[str],
    pictures: Set[str],
    default_locale: str,
) -> tuple[Broken, ...]:
    """Links of an article that no article, permalink or picture answers to.

    `path` is the article's file, `known` the anchors of every article by its key, `pictures` the paths of its source.
    """
    found = []
    for link in article.links:
        why = _why(link, article.key, path, known, permalinks, pictures, default_locale)
        if why:
            found.append(Broken(link.target, link.label, why))
    return tuple(found)


def _why(
    link: Link,
    own: ArticleKey,
    path: str,
    known: Mapping[ArticleKey, Set[str]],
    permalinks: Set[str],
    pictures: Set[str],
    default_locale: str,
) -> str:
    """Why a link leads nowhere, or empty."""
    if not link.target or _ELSEWHERE.match(link.target) or _TEMPLATE.search(link.target):
        return ""
    page, _, anchor = link.target.partition("#")
    page, anchor = unquote(page.partition("?")[0]), unquote(anchor)
    if not page:
        return "" if not anchor or anchor in known[own] else f"this article has no section “{anchor}”"
    folder = posixpath.dirname(path)
    beside = posixpath.normpath(posixpath.join(folder, page))
    if beside in pictures or page.lstrip("/") in pictures:
        return ""
    if page.rstrip("/") in permalinks or f"/{page.strip('/')}" in permalinks:
        return ""
    if page.startswith("/") and not any(one.startswith(f"/{page.split('/')[1]}/") for one in permalinks):
        return ""  # another part of the site, which is not ours to know
    plain = _SUFFIX.sub("", page).strip("/")
    near = posixpath.normpath(posixpath.join(posixpath.dirname(own.id), plain))
    for name in (plain, near) if link.wiki else (near, plain):
        for locale in (own.locale, default_locale):
            anchors = known.get(ArticleKey(name, locale))
            if anchors is not None:
                return "" if not anchor or anchor in anchors else f"“{name}” has no section “{anchor}”"
    return "no article and no picture has this name"
