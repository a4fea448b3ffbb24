"""A question with typos in, the same question in the words of the knowledge base out; only unknown words change."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

#: Words of letters alone: codes, versions and names with digits are never guessed at.
_WORD = re.compile(r"(?<![\w.@/-])[^\W\d_]+(?![\w@/]|[.-]\w)")
#: Shorter words are left alone: almost any is one edit away from another.
_SHORTEST = 4
#: Words of a message that are looked at: a longer one says enough without its tail, and costs no more.
MOST_WORDS = 200
#: From this length on two edits are forgiven instead of one.
_LONG = 9


@dataclass(frozen=True, slots=True)
class Correction:
    """One word that was read as another."""

    written: str
    read: str


def unaccented(word: str) -> str:
    """The word as typed on a keyboard without accents: “cuanto” for “cuánto”."""
    if word.isascii():
        return word
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter)
    )


def words_of(texts: Iterable[str]) -> Counter[str]:
    """Words of texts with their counts, lower case, as a `Speller` wants them."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(match.group().lower() for match in _WORD.finditer(text))
    return counts


class Speller:
    """Knows the words of a knowledge base in one language, and what other words exist."""

    def __init__(self, vocabulary: Mapping[str, int], dictionary: frozenset[str]) -> None:
        """`vocabulary` are the knowledge base's words with their counts; a word of `dictionary` is no typo."""
        self._vocabulary = vocabulary
        self._dictionary = dictionary
        # A typo seldom hits the first letter, and looking only there keeps "nespresso" from becoming "espresso".
        self._by_start: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in vocabulary:
            if len(word) >= _SHORTEST:
                self._by_start[word[0], len(word)].append(word)

    def correct(self, text: str) -> tuple[str, tuple[Correction, ...]]:
        """The text with each unknown word replaced by the nearest known one, if one is near enough."""
        made: list[Correction] = []
        looked_up = 0

        def replaced(match: re.Match[str]) -> str:
            nonlocal looked_up
            written = match.group()
            looked_up += 1
            read = self._nearest(written) if looked_up <= MOST_WORDS else None
            if read is None:
                return written
            made.append(Correction(written, read))
            return read

        return _WORD.sub(replaced, text), tuple(made)

    def _nearest(self, written: str) -> str | None:
        word = written.lower()
        # Capitals throughout are a name or an abbreviation, unless the customer shouts a long word.
        if len(word) < _SHORTEST or (written.isupper() and len(word) < _LONG):
            return None
        if word in self._vocabulary or word in self._dictionary:
            return None
        plain = unaccented(word)
        edits = 2 if len(word) >= _LONG else 1
        best: tuple[int, int, str] | None = None
        for length in range(len(word) - edits, len(word) + edits + 1):
            known = self._by_start.get((word[0], length), ())
            # Optimal string alignment: a swap of neighbours counts as one edit, as typing does it.
            near = process.extract(word, known, scorer=OSA.distance, score_cutoff=edits, limit=None)
            for one, distance, _ in near:
                # Left-out accents are no other letters: “cuanto” is “cuánto” however often “cuando” stands.
                apart = int(distance) if unaccented(one) != plain else 0
                best = min(best or (99, 0, ""), (apart, -self._vocabulary[one], one))
        return best[2] if best else None
