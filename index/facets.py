"""Articles of a generation in, which of them filters let through out; reads each article only when it is asked for."""

import hashlib
import json
import mmap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from index.hit import Filters
from kb.article import ArticleKey

_LIST, _ARRAYS = "articles.jsonl", "facets.npz"
#: Articles kept taken apart: customers ask about the same few.
_KEPT = 16_384


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """What filters and citations need of an article."""

    key: ArticleKey
    revision: str
    title: str
    audience: str
    url: str
    product: str
    tags: tuple[str, ...]


class Articles(Sequence[ArticleFacts]):
    """The articles of a generation by ordinal, from a mapped file; raises `ValueError` for a damaged line."""

    def __init__(self, folder: Path) -> None:
        with (folder / _LIST).open("rb") as file:
            size = file.seek(0, 2)
            # A file of no length cannot be mapped.
            self._text: bytes | mmap.mmap = (
                mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
            )
        ends = np.flatnonzero(np.frombuffer(self._text, dtype=np.uint8) == ord("\n"))
        if size and (not len(ends) or ends[-1] != size - 1):
            raise ValueError("the list of articles is cut off")
        self._starts = np.concatenate([[0], ends + 1]).astype(np.int64)
        self._read = lru_cache(maxsize=_KEPT)(_Lines(self._text, self._starts))

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, place: int) -> ArticleFacts: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[ArticleFacts, ...]: ...

    def __getitem__(self, place: int | slice) -> ArticleFacts | tuple[ArticleFacts, ...]:
        if isinstance(place, slice):
            return tuple(self._read(one) for one in range(*place.indices(len(self))))
        one = place + len(self) if place < 0 else place
        if not 0 <= one < len(self):
            raise IndexError(place)
        return self._read(one)

    def __iter__(self) -> Iterator[ArticleFacts]:
        return (self._read(place) for place in range(len(self)))


class _Lines:
    """Reads one line; a class of its own, so that its cache does not refer to the list that has it."""

    def __init__(self, text: bytes | mmap.mmap, starts: npt.NDArray[np.int64]) -> None:
        self._text, self._starts = text, starts

    def __call__(self, place: int) -> ArticleFacts:
        article_id, locale, revision, title, audience, url, product, tags = json.loads(
            self._text[self._starts[place] : self._starts[place + 1]]
        )
        return ArticleFacts(
            ArticleKey(article_id, locale), revision, title, audience, url, product, tuple(tags)
        )


def write_articles(folder: Path, articles: Sequence[ArticleFacts]) -> None:
    """Writes the list of articles, by ordinal, and what filters need of it."""
    with (folder / _LIST).open("w", encoding="utf-8") as file:
        for facts in articles:
            values = [facts.key.id, facts.key.locale, facts.revision, facts.title, facts.audience, facts.url]
            file.write(json.dumps([*values, facts.product, facts.tags], ensure_ascii=False) + "\n")
    Facets.of(articles).write(folder)


class Facets:
    """What filters ask of the articles, as arrays: a filter over 100,000 of them takes under a millisecond."""

    def __init__(self, names: dict[str, list[str]], arrays: dict[str, npt.NDArray[Any]]) -> None:
        """`names` has the values of each field; the arrays have their numbers for each article."""
        self._names, self._arrays = names, arrays
        self.locales = tuple(sorted(names["locale"]))

    @classmethod
    def of(cls, articles: Sequence[ArticleFacts]) -> "Facets":
        """Gathers the facets of articles."""
        audience, locale, product, tag = _Numbers(), _Numbers(), _Numbers(), _Numbers()
        tagged = [(owner, tag[name]) for owner, facts in enumerate(articles) for name in facts.tags]
        arrays: dict[str, npt.NDArray[Any]] = {
            "audience": np.asarray([audience[facts.audience] for facts in articles], dtype=np.int32),
            "locale": np.asarray([locale[facts.key.locale] for facts in articles], dtype=np.int32),
            "product": np.asarray([product[facts.product] for facts in articles], dtype=np.int32),
            "tagged": np.asarray(tagged, dtype=np.int32).reshape(-1, 2),
            "id": np.asarray([_name(facts.key.id) for facts in articles], dtype=np.uint64),
        }
        fields = {"audience": audience, "locale": locale, "product": product, "tag": tag}
        return cls({field: list(numbers) for field, numbers in fields.items()}, arrays)

    def write(self, folder: Path) -> None:
        """Writes them into a generation's folder."""
        arrays: dict[str, Any] = {
            **self._arrays,
            "names": np.frombuffer(json.dumps(self._names).encode(), np.uint8),
        }
        np.savez(folder / _ARRAYS, **arrays)

    @classmethod
    def read(cls, folder: Path, articles: Articles) -> "Facets":
        """Reads them; gathers them anew for an index of before there was such a file. Raises `ValueError`."""
        path = folder / _ARRAYS
        if not path.is_file():
            return cls.of(articles)
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        found = cls(json.loads(arrays.pop("names").tobytes()), arrays)
        if len(found._arrays["id"]) != len(articles):
            raise ValueError("its facets are of other articles")
        return found

    def passes(self, filters: Filters, articles: Sequence[ArticleFacts]) -> npt.NDArray[np.bool_]:
        """For each article whether the filters let it through."""
        found = np.ones(len(self._arrays["id"]), dtype=bool)
        if filters.audience != "agent":
            found &= self._is("audience", ("public",))
        if filters.locales:
            found &= self._is("locale", filters.locales)
        if filters.product:
            found &= self._is("product", (filters.product,))
        if filters.tags:
            owners, tags = self._arrays["tagged"].T
            wanted = np.zeros(len(found), dtype=bool)
            wanted[owners[np.isin(tags, self._numbers("tag", filters.tags))]] = True
            found &= wanted
        if filters.article_ids:
            named = np.isin(self._arrays["id"], np.asarray([*map(_name, filters.article_ids)], np.uint64))
            # Two ids may share a hash.
            for place in np.flatnonzero(named & found).tolist():
                named[place] = articles[place].key.id in filters.article_ids
            found &= named
        return found

    def _is(self, field: str, values: Sequence[str]) -> npt.NDArray[np.bool_]:
        return np.isin(self._arrays[field], self._numbers(field, values))

    def _numbers(self, field: str, values: Sequence[str]) -> list[int]:
        names = self._names[field]
        return [names.index(value) for value in values if value in names]


class _Numbers(dict[str, int]):
    """Gives each name a number, in the order of their first use."""

    def __missing__(self, name: str) -> int:
        self[name] = len(self)
        return self[name]


def _name(text: str) -> int:
    """A 64-bit number of a text, the same in every process."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())
