"""A language in, the categories that its readers find public articles by out; what it lacks is in the default one."""

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import Request

from bot.articles import Listed
from bot.web.services import services_of

#: Folder names are made words; anything else is one already.
_FOLDER = re.compile(r"[\w.-]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One article of a list."""

    id: str
    title: str
    locale: str
    """Of its text; may differ from that of the page."""
    url: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """The articles of one category."""

    path: str
    """The part of their ids before the last slash; empty for articles without."""
    above: str
    """Names of the categories it is in, the outermost first; those that hold everything are left out."""
    name: str
    """Empty for articles without a category."""
    locale: str
    """Of the name."""
    entries: tuple[Entry, ...]
    """Those in the reader's language first, then by title."""


def shelves(request: Request, locale: str) -> tuple[Shelf, ...]:
    """Categories in the order of their folders, of all articles that a reader of the language can open."""
    services = services_of(request)
    found: dict[str, tuple[Listed, str]] = {}
    for tried in dict.fromkeys((locale, services.settings.default_locale)):
        for one in services.articles.listing(tried):
            found.setdefault(one.id, (one, tried))
    grouped: dict[str, list[tuple[Listed, str]]] = {}
    for one, of in sorted(found.values(), key=lambda pair: (pair[1] != locale, *_by_title(pair[0]))):
        grouped.setdefault(one.id.rpartition("/")[0], []).append((one, of))
    paths = sorted(grouped, key=lambda path: (not path, path))
    held = _held_by_all(paths)
    return tuple(_shelf(locale, path, grouped[path], held) for path in paths)


def below(known: Iterable[Shelf], path: str) -> tuple[Shelf, ...]:
    """A category and those in it; nothing where there is no such category."""
    return tuple(shelf for shelf in known if shelf.path == path or shelf.path.startswith(f"{path}/"))


def trail(known: Iterable[Shelf], article_id: str) -> tuple[tuple[str, str], ...]:
    """(path, name) of each category that an article or a category is in, the outermost first."""
    names = {shelf.path: shelf.name for shelf in known}
    held = _held_by_all(names)
    parts = article_id.split("/")[:-1]
    paths = ["/".join(parts[: count + 1]) for count in range(held, len(parts))]
    return tuple((path, names.get(path) or named(path.rpartition("/")[2])) for path in paths)


def named(folder: str) -> str:
    """Words for a folder: `how-to_pay` -> `How to pay`."""
    words = " ".join(folder.replace("-", " ").replace("_", " ").split()) or folder
    return words[:1].upper() + words[1:]


def article_url(locale: str, article_id: str) -> str:
    """Address of the built-in page of an article."""
    return f"/help/{locale}/{article_id}"


def _shelf(locale: str, path: str, some: list[tuple[Listed, str]], held: int) -> Shelf:
    stated, of = next(((one.category, of) for one, of in some if one.category), ("", some[0][1]))
    if not stated or (_FOLDER.fullmatch(stated) and stated.islower()):
        stated = named(stated or path.rpartition("/")[2])
    entries = tuple(Entry(one.id, one.title, of, article_url(locale, one.id)) for one, of in some)
    above = " › ".join(named(part) for part in path.split("/")[held:-1])
    return Shelf(path, above, stated, of, entries)


def _held_by_all(paths: Iterable[str]) -> int:
    """How many folders all articles are in, which tells a reader nothing; the last part of a path always tells."""
    known = [path for path in paths if path]
    shared = posixpath.commonpath(known) if known else ""
    return min(len(shared.split("/")), *(path.count("/") for path in known)) if shared else 0


def _by_title(listed: Listed) -> tuple[str, str]:
    return listed.title.casefold(), listed.id
