"""Titles and products of a knowledge base in, the names that stand against each other out: which of two machines."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from bot.dialogue.choices import telling, telling_words
from bot.dialogue.words import fold

_WORD = re.compile(r"\w+")
_PRODUCTS = re.compile(r"\s*[,;/|]\s*")
#: Two words stand against each other when titles part them in this many ways: “Descale the …” and “… lights”.
_FRAMES = 2
#: Titles in sentence case show which words are names; where fewer than this share of them are, nothing is read off.
_SENTENCE_CASE = 0.5
#: Languages that write every noun with a capital letter.
_CAPITAL_NOUNS = frozenset({"de"})
#: Titles and headings whose names are remembered: the same ones are met in every search.
_REMEMBERED = 4096

Name = tuple[str, ...]
"""The folded words of a name, in order."""


@dataclass(frozen=True, slots=True)
class Titled:
    """What names are read off: an article's title and the products it is about."""

    title: str
    locale: str
    product: str
    """One product, or several with commas between; empty where the article is about none."""


class Names:
    """Names of things of one kind, of which a customer means one: an answer about another is the wrong answer."""

    def __init__(self, groups: Iterable[Iterable[Name]]) -> None:
        """Take groups of names; within a group each stands against the others."""
        self._rivals: dict[Name, set[Name]] = defaultdict(set)
        for group in groups:
            names = sorted(set(group))
            for name in names:
                # “Heron Duo” is a Heron too, for all that a title tells.
                self._rivals[name].update(other for other in names if not set(name) & set(other))
        self._by_first: dict[str, list[Name]] = defaultdict(list)
        for name in self._rivals:
            self._by_first[name[0]].append(name)
        #: The names in a title or another short text.
        self.said = lru_cache(maxsize=_REMEMBERED)(self._said)

    @classmethod
    def read(cls, articles: Iterable[Titled]) -> "Names":
        """The names of a knowledge base: its products, and what its titles tell apart."""
        known = list(articles)
        products = {_name(part) for one in known for part in _PRODUCTS.split(one.product)}
        return cls([{name for name in products if name}, *_told_apart(known)])

    def _said(self, text: str) -> frozenset[Name]:
        words = _WORD.findall(fold(text))
        return frozenset(
            name
            for place, word in enumerate(words)
            for name in self._by_first.get(word, ())
            if tuple(words[place : place + len(name)]) == name
        )

    def instead(self, message: str, earlier: str, language: str, answered: str = "") -> str:
        """The earlier message about what this one names; empty where this one says more, or names no rival of it.

        “And the Wren?” after “how do I descale the Heron” asks how to descale the Wren. So does “the Wren” after “how
        do I descale” that was `answered` by an article with the title “Descale the Heron”.
        """
        said = self.said(message)
        if len(said) != 1:
            return ""
        (name,) = said
        if telling_words(message, language) - set(name):
            return ""
        before = self.said(earlier)
        if not before and self.said(answered) & self._rivals[name] and name not in self.said(answered):
            return f"{earlier} {' '.join(name)}"
        if len(before) != 1 or not before <= self._rivals[name]:
            return ""
        (other,) = before
        written = re.compile(r"\b" + r"\W+".join(map(re.escape, other)) + r"\b", re.IGNORECASE)
        changed, count = written.subn(" ".join(name), earlier)
        return changed if count else ""

    def rules_out(self, meant: frozenset[Name], head: str, text: str) -> bool:
        """Whether a passage is about a rival of what is meant.

        `head` is its product, title and headings, which name a rival and nothing that is meant; `text` is the
        passage, which does not name it either.
        """
        if not meant:
            return False
        about = self.said(head)
        rivals = {rival for name in meant for rival in self._rivals[name]}
        return bool(about & rivals) and not about & meant and not self._said(text) & meant

    def differ(self, first: str, other: str) -> bool:
        """Whether two heads name rivals: one is about the Heron, the other about the Wren."""
        one, two = self.said(first), self.said(other)
        return not one & two and any(rival in two for name in one for rival in self._rivals[name])


def _name(text: str) -> Name:
    return tuple(_WORD.findall(fold(text)))


def _told_apart(articles: Iterable[Titled]) -> list[set[Name]]:
    """Pairs of names that titles of one locale part in at least `_FRAMES` ways."""
    titles: dict[str, set[str]] = defaultdict(set)
    for one in articles:
        titles[one.locale].add(one.title)
    pairs: list[set[Name]] = []
    for locale, those in titles.items():
        language = locale.split("-")[0]
        written = {title: _WORD.findall(title) for title in those}
        if language in _CAPITAL_NOUNS or not _in_sentence_case(written.values(), language):
            continue
        small = {word for words in written.values() for word in words if word[:1].islower()}
        frames: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for words in written.values():
            for place, word in enumerate(words):
                if place and word[:1].isupper() and word.lower() not in small:
                    frames[(*words[:place], "", *words[place + 1 :])].add(fold(word))
        parted: dict[frozenset[str], int] = defaultdict(int)
        for beside in frames.values():
            for first in beside:
                for other in beside:
                    if first < other:
                        parted[frozenset((first, other))] += 1
        pairs += [{(word,) for word in pair} for pair, count in parted.items() if count >= _FRAMES]
    return pairs


def _in_sentence_case(titles: Iterable[list[str]], language: str) -> bool:
    """Whether most titles of three words and more have a telling word in small letters after the first."""
    long = [words for words in titles if len(words) > 2]
    plain = sum(any(word[:1].islower() and telling(word, language) for word in words[1:]) for words in long)
    return bool(long) and plain >= _SENTENCE_CASE * len(long)
