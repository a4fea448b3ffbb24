"""Words as typed in, the words of a rule file they may stand for out: typos, stems, masked letters."""

import re
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.dialogue.words import LONGEST_WORD

#: Typos allowed by the length of the intended word. Three letters or fewer differ by one from too many real words.
_TYPOS = {4: 1, 5: 1, 6: 1, 7: 1}
_TYPOS_LONG = 2
_SHORTEST_WITH_TYPOS = 4
#: Readings remembered, so that the frequent words of a language are looked up once.
_REMEMBERED = 8192
#: The reading of any number.
NUMBER = "#"
_NONE: frozenset[str] = frozenset()


class Vocabulary:
    """The words that one set of phrases knows, and how near a typed word must be to be taken for one of them.

    A reading is a key that phrases are made of: `agent` (the word, perhaps mistyped), `=agent` (exactly this) or
    `hack*` (any word that begins so).
    """

    def __init__(self, keys: Iterable[str], known: Iterable[str] = (), masked: Iterable[str] = ()) -> None:
        """Take the keys of all phrases, `known` words never to be taken for a typo, and words often `masked` (f***)."""
        keys = set(keys)
        self._stems = tuple(key[:-1] for key in keys if key.endswith("*"))
        self._words = {key.removeprefix("=") for key in keys if not key.endswith("*")}
        fuzzy = {key for key in keys if not key.endswith("*") and not key.startswith("=")}
        self._known = frozenset(known) | self._words
        self._maskable = frozenset(masked) & self._words
        self._by_initial: dict[str, list[str]] = {}
        for word in sorted(fuzzy):
            if len(word) >= _SHORTEST_WITH_TYPOS:
                self._by_initial.setdefault(word[0], []).append(word)
        self.readings = lru_cache(maxsize=_REMEMBERED)(self._readings)

    def exact(self, word: str) -> frozenset[str]:
        """The readings of a word that need no typo."""
        if word in self._words or "*" in word or word.isdecimal():
            return self.readings(word)
        return frozenset(stem + "*" for stem in self._stems if word.startswith(stem))

    def _readings(self, word: str) -> frozenset[str]:
        if len(word) > LONGEST_WORD:
            return _NONE
        if word.isdecimal():
            return frozenset((NUMBER, word, "=" + word))
        found = {stem + "*" for stem in self._stems if word.startswith(stem)}
        if word in self._words:
            found |= {word, "=" + word}
        elif "*" in word:
            found |= self._masked(word)
        elif word not in self._known and len(word) >= _SHORTEST_WITH_TYPOS:
            found |= self._near(word)
        return frozenset(found)

    def _near(self, word: str) -> set[str]:
        """Words within the allowed typos that begin with the same letter, or with the first two exchanged."""
        near: set[str] = set()
        for initial in {word[0], word[1]}:
            bucket = self._by_initial.get(initial)
            if not bucket:
                continue
            for candidate, distance, _ in process.extract(
                word, bucket, scorer=OSA.distance, score_cutoff=_TYPOS_LONG, limit=None
            ):
                exchanged = initial != word[0]
                if exchanged and candidate[:2] != word[1::-1]:
                    continue
                if distance <= _allowed(word, candidate):
                    near.add(candidate)
        return near

    def _masked(self, word: str) -> set[str]:
        """Words that fit a masked one such as `f***ing`; each star hides one letter."""
        shape = re.compile("".join("." if letter == "*" else re.escape(letter) for letter in word))
        hidden = word.count("*")
        if hidden == len(word):
            return set()
        fitting = {known for known in self._maskable if len(known) == len(word) and shape.fullmatch(known)}
        return fitting | {"=" + known for known in fitting}


def same_word(one: str, other: str) -> bool:
    """Whether two words are the same up to a typo; short ones must be the same letter by letter."""
    if one == other:
        return True
    shorter = min(len(one), len(other))
    if shorter <= _SHORTEST_WITH_TYPOS or max(len(one), len(other)) > LONGEST_WORD:
        return False
    return OSA.distance(one, other, score_cutoff=_TYPOS_LONG) <= _TYPOS.get(shorter, _TYPOS_LONG)


def _allowed(word: str, candidate: str) -> int:
    if len(candidate) == _SHORTEST_WITH_TYPOS:
        # Four letters: only exchanged ones (tlak), since dropping or changing one makes another real word.
        return 1 if sorted(word) == sorted(candidate) else 0
    return _TYPOS.get(len(candidate), _TYPOS_LONG)
