"""Public articles of two languages in, the categories that readers find them by out; pure."""

import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

#: Folder names are made words; anything else is words already.
_FOLDER: Final = re.compile(r"[\w.-]+")


@dataclass(frozen=True, slots=True)
class Listed:
    """A public article as lists name it."""

    id: str
    title: str
    category: str
    """What the folder of the article is called in its language; empty where the writer names none."""
    locale: str
    """Of its text."""


@dataclass(frozen=True, slots=True)
class Category:
    """The articles of one folder."""

    path: str
    """The part of their ids before the last slash; empty for articles without."""
    above: str
    """Names of the categories it is in, the outermost first; those that hold everything are left out."""
    name: str
    """Empty for articles without a category."""
    locale: str
    """Of the name."""
    articles: tuple[Listed, ...]
    """Those in the reader's language first, then by title."""


def shelved(own: Sequence[Listed], others: Sequence[Listed]) -> tuple[Category, ...]:
    """Categories in the order of their folders, those with articles of `own` first.

    Of `others`, the default language's, come those that `own` lacks.
    """
    found = {one.id: one for one in (*others, *own)}
    first = {one.id for one in own}
    grouped: dict[str, list[Listed]] = {}
    for one in sorted(found.values(), key=lambda one: (one.id not in first, one.title.casefold(), one.id)):
        grouped.setdefault(one.id.rpartition("/")[0], []).append(one)
    paths = sorted(grouped, key=lambda path: (grouped[path][0].id not in first, not path, path))
    held = _held_by_all(paths)
    return tuple(_category(path, grouped[path], held) for path in paths)


def below(known: Iterable[Category], path: str) -> tuple[Category, ...]:
    """A category and those in it; nothing where there is no such category."""
    return tuple(one for one in known if one.path == path or one.path.startswith(f"{path}/"))


def trail(known: Iterable[Category], article_id: str) -> tuple[tuple[str, str], ...]:
    """(path, name) of each category that an article or, with a slash at its end, a category is in, outermost first."""
    names = {one.path: one.name for one in known}
    held = _held_by_all(names)
    parts = article_id.split("/")[:-1]
    paths = ["/".join(parts[: count + 1]) for count in range(held, len(parts))]
    return tuple((path, names.get(path) or named(path.rpartition("/")[2])) for path in paths)


def named(folder: str) -> str:
    """Words for a folder: `how-to_pay` -> `How to pay`."""
    words = " ".join(folder.replace("-", " ").replace("_", " ").split()) or folder
    return words[:1].upper() + words[1:]


def _category(path: str, articles: list[Listed], held: int) -> Category:
    of = next((one for one in articles if one.category), articles[0])
    name = of.category
    if not name or (_FOLDER.fullmatch(name) and name.islower()):
        name = named(name or path.rpartition("/")[2])
    above = " › ".join(named(part) for part in path.split("/")[held:-1])
    return Category(path, above, name, of.locale, tuple(articles))


def _held_by_all(paths: Iterable[str]) -> int:
    """How many folders all articles are in, which tells a reader nothing; the last part of a path always tells."""
    known = [path for path in paths if path]
    shared = posixpath.commonpath(known) if known else ""
    return min(len(shared.split("/")), *(path.count("/") for path in known)) if shared else 0
