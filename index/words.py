"""Text in, search terms out: the same analysis for articles and questions, in the language of the article."""

import re
import threading
import unicodedata
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import Stemmer

#: Snowball algorithm by ISO 639-1 language; other languages are matched word for word.
_ALGORITHMS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "ne": "nepali", "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

#: A word, or several joined by signs that people write or leave out: wi-fi, e-17, v2.1, user_id, don't.
_WORD = re.compile(r"[^\W_]+(?:[-_./'’][^\W_]+)*")
_PARTS = re.compile(r"[-_./'’]")
#: Scripts written without spaces, searched by pairs of characters.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
#: Function words by language, one file each: they say nothing of the matter, in questions least of all.
_STOPWORDS = Path(__file__).with_name("stopwords")
#: Longer "words" are noise such as keys and hashes; tantivy drops them too.
_LONGEST = 60


@cache
def stopwords(language: str) -> frozenset[str]:
    """The function words of a language; none where we have no list."""
    path = _STOPWORDS / f"{language}.txt"
    if not language.isalpha() or not path.is_file():
        return frozenset()
    return frozenset(path.read_text(encoding="utf-8").split())


class Analyzer:
    """Makes search terms, without function words. One a process: stemmers keep state, so each thread has its own."""

    def __init__(self) -> None:
        self._local = threading.local()

    def terms(self, text: str, language: str) -> list[str]:
        """Stemmed terms of a text, in order, with repeats.

        A joined word gives its parts and the whole without the signs, so `wi-fi` is found as `wifi`.
        """
        primary = language.split("-")[0].lower()
        stem, stop = self._stemmer(primary), stopwords(primary)
        folded = unicodedata.normalize("NFKC", text).casefold()
        return [stem(word) for word in _words(folded) if word not in stop]

    def stem(self, word: str, language: str) -> str:
        """The stem of a single word in small letters, as `terms` has it."""
        return str(self._stemmer(language.split("-")[0].lower())(word))

    def _stemmer(self, language: str) -> Any:
        known: dict[str, Any] | None = getattr(self._local, "stemmers", None)
        if known is None:
            known = self._local.stemmers = {}
        if language not in known:
            algorithm = _ALGORITHMS.get(language)
            # The stemmer's own cache of words makes repeated terms nearly free.
            known[language] = Stemmer.Stemmer(algorithm).stemWord if algorithm else str
        return known[language]


def _words(text: str) -> Iterator[str]:
    for match in _WORD.finditer(text):
        word = match.group()
        if _UNSPACED.search(word):
            yield from _pairs(word)
            continue
        if len(word) > _LONGEST:
            continue
        parts = _PARTS.split(word)
        if len(parts) == 1:
            yield word
            continue
        # An elided article or ending ("l'abonnement", "don't") is no word of its own.
        yield from (part for part in parts if len(part) > 1 or part.isdigit())
        yield "".join(parts)


def _pairs(word: str) -> Iterator[str]:
    position = 0
    for match in _UNSPACED.finditer(word):
        if match.start() > position:
            yield word[position : match.start()]
        run = match.group()
        yield from (run[i : i + 2] for i in range(max(1, len(run) - 1)))
        position = match.end()
    if position < len(word):
        yield word[position:]


def term_code(term: str) -> int:
    """A 32-bit code of a term, the same in every process (CRC-32), for the compact term lists of a segment."""
    return zlib.crc32(term.encode("utf-8", "surrogatepass"))


def idf(documents: int, frequencies: npt.ArrayLike) -> npt.NDArray[np.float32]:
    """Inverse document frequency, never negative: ln(1 + (N - n + 0.5) / (n + 0.5)), as Lucene has it."""
    n = np.asarray(frequencies, dtype=np.float32)
    return np.asarray(np.log1p((documents - n + 0.5) / (n + 0.5)), dtype=np.float32)
