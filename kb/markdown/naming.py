"""A file's path in, what its name says out: locale, article id and a title in words."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

_SUFFIXES = (".md", ".markdown", ".mdx")


@dataclass(frozen=True, slots=True)
class PathName:
    """What a path says about its article."""

    id: str
    """Path without extension, locale suffix and locale folder."""
    locale: str
    """From the file name or a folder; empty when the path names none."""


def known_locale(tag: str, locales: frozenset[str]) -> str:
    """`tag` as the configured locales spell it, `es-MX` falling back to `es`; empty when none fits."""
    wanted = tag.replace("_", "-").casefold()
    spelled = {locale.casefold(): locale for locale in locales}
    return spelled.get(wanted) or spelled.get(wanted.partition("-")[0], "")


def read_path(path: str, locales: frozenset[str]) -> PathName:
    """Reads `help/page._es.md`, `help/page.es.md` and `es/help/page.md` as `help/page` in `es`."""
    # One file system spells é in two characters, another in one; an id must not depend on it.
    path = unicodedata.normalize("NFC", path)
    *folders, file = [part for part in path.split("/") if part not in ("", ".")] or [path]
    stem = file
    for suffix in _SUFFIXES:
        if stem.lower().endswith(suffix):
            stem = stem[: -len(suffix)]
            break
    locale = ""
    base, dot, last = stem.rpartition(".")
    if dot and base and (found := _exact(last.removeprefix("_"), locales)):
        stem, locale = base, found
    for index, folder in enumerate(folders):
        if found := _exact(folder, locales):
            locale = locale or found
            del folders[index]
            break
    return PathName("/".join([*folders, stem]), locale)


def _exact(name: str, locales: frozenset[str]) -> str:
    wanted = name.replace("_", "-").casefold()
    return next((locale for locale in locales if locale.casefold() == wanted), "")


def in_words(name: str) -> str:
    """`orders/track-your-order#refunds` as `track your order`; only the last segment speaks."""
    page, _, fragment = name.partition("#")
    segment = PurePosixPath(page.rstrip("/")).name or fragment
    for suffix in _SUFFIXES:
        segment = segment.removesuffix(suffix)
    return re.sub(r"[\s_-]+", " ", segment).strip()
