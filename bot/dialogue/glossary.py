"""A message in one language in, its telling words in another out: enough to look an article up, not to be read.

The encoder knows one language well. Where an article exists only in that one, a customer's question in another is
looked up by the words that `glossary.txt` has for it; names, codes and numbers stay as they are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.dialogue.spoken import Spoken
from bot.dialogue.words import Word, fold, sentences
from bot.errors import SettingsInvalid
from index.words import Analyzer, stopwords

FILE = Path(__file__).with_name("glossary.txt")
#: Languages of the columns, in order.
LANGUAGES = ("en", "de", "es", "fr")
#: A word with a typo is read as the nearest known one from this length on, one edit away, first letter kept.
_LONG = 6
#: Parts of a compound, as in “Kündigungsfrist”, have this many letters at least.
_PART = 4
#: What German puts between the parts of a compound.
_JOINTS = ("", "s", "n", "en", "es", "e")
_COMPOUNDING = frozenset({"de"})
#: German without its dots, as typed on other keyboards.
_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))

#: What stands for a form that is rendered as nothing.
NOTHING = "-"

_Key = tuple[str, ...]
"""The stems of a form's words."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in the words of another language."""

    text: str
    read: int
    """Telling words that the glossary knows."""
    kept: tuple[str, ...]
    """Telling words that it does not know, as written: names and codes, and what it lacks."""


@dataclass(frozen=True, slots=True)
class _Column:
    """The forms of one language."""

    exact: Mapping[_Key, int]
    """Rows by the folded words of their forms."""
    rows: Mapping[_Key, int]
    """The same by the words' stems."""
    first: tuple[str, ...]
    """The form that is rendered, a row each."""
    longest: int
    """Words of the longest form."""
    words: Mapping[str, tuple[str, ...]]
    """Folded words of forms of one word, by their first letter."""


class Glossary:
    """Words side by side in several languages. One a process; safe for several threads."""

    def __init__(self, columns: Spoken[_Column], analyzer: Analyzer) -> None:
        self._columns = columns
        self._analyzer = analyzer

    @classmethod
    def load(cls, *paths: Path, later: bool = False) -> "Glossary":
        """Reads glossaries, the product's own where none is named; of a form that stands twice, the first counts.

        Raises `SettingsInvalid` naming the line that cannot be read. `later`, columns are read when their languages
        are first spoken, for files that were read before.
        """
        analyzer = Analyzer()

        @cache
        def lines() -> list[Sequence[Sequence[str]]]:
            return [cells for path in paths or (FILE,) for cells in _lines(path)]

        def column(language: str, place: int) -> _Column:
            return _column([_forms(cells, place) for cells in lines()], language, analyzer)

        columns = Spoken(
            {language: partial(column, language, place) for place, language in enumerate(LANGUAGES)}
        )
        if not later:
            columns.prepare()
        return cls(columns, analyzer)

    def prepare(self) -> None:
        """Reads every column now."""
        self._columns.prepare()

    def renders(self, language: str, other: str) -> bool:
        """Whether messages in one language can be read in the other."""
        return language != other and language in self._columns and other in self._columns

    def render(self, text: str, language: str, other: str) -> Rendered:
        """The telling words of a message in another language, in their order; raises `KeyError` for unknown ones."""
        own, target = self._columns[language], self._columns[other]
        words = [word for sentence in sentences(text) for word in sentence.words]
        said: list[str] = []
        kept: list[str] = []
        read, end = 0, -1
        for row, word in self._read(words, own, language):
            if row >= 0:
                end = -1
                if (rendered := target.first[row]) != NOTHING:
                    said.append(rendered)
                    read += 1
            elif word.text not in _silent(language):
                written = text[word.start : word.end]
                if word.start == end + 1 and said and not text[end].isspace():
                    # E-17, v2.1: one word still.
                    said[-1] += text[end] + written
                    kept[-1] = said[-1]
                else:
                    said.append(written)
                    kept.append(written)
                end = word.end
        return Rendered(" ".join(said), read, tuple(kept))

    def _read(self, words: Sequence[Word], own: _Column, language: str) -> Iterator[tuple[int, Word]]:
        """The rows that a message says, with their first word; -1 for a word that is in none."""
        at = 0
        stems = [self._stem(word.text, language) for word in words]
        while at < len(words):
            for size in range(min(own.longest, len(words) - at), 0, -1):
                row = own.exact.get(tuple(word.text for word in words[at : at + size]))
                if row is None:
                    row = own.rows.get(tuple(stems[at : at + size]))
                if row is not None:
                    yield row, words[at]
                    break
            else:
                size = 1
                rows = self._single(words[at].text, own, language)
                yield from ((row, words[at]) for row in rows or [-1])
            at += size

    def _single(self, word: str, own: _Column, language: str) -> list[int]:
        """The rows of a word that stands in none as it is: a compound, other spelling, or a typo; empty if unknown."""
        if word in _silent(language) or not word.isalpha():
            return []
        plain = word
        if language in _COMPOUNDING:
            for typed, meant in _UMLAUTS:
                plain = plain.replace(typed, meant)
            if parts := self._compound(word, own, language) or self._compound(plain, own, language):
                return parts
        if len(word) < _LONG:
            return []
        near = process.extractOne(
            word, own.words.get(word[0], ()), scorer=OSA.distance, score_cutoff=1
        ) or process.extractOne(plain, own.words.get(plain[0], ()), scorer=OSA.distance, score_cutoff=0)
        return [own.rows[(self._stem(near[0], language),)]] if near else []

    def _compound(self, word: str, own: _Column, language: str) -> list[int]:
        whole = own.rows.get((self._stem(word, language),))
        if whole is not None:
            return [whole]
        for cut in range(len(word) - _PART, _PART - 1, -1):
            head = own.rows.get((self._stem(word[:cut], language),))
            if head is None:
                continue
            for joint in _JOINTS:
                rest = word[cut + len(joint) :]
                if not word[cut:].startswith(joint) or len(rest) < _PART:
                    continue
                if tail := self._compound(rest, own, language):
                    return [head, *tail]
        return []

    def _stem(self, word: str, language: str) -> str:
        return fold(self._analyzer.stem(word, language))


def _lines(path: Path) -> Sequence[Sequence[Sequence[str]]]:
    """The forms of each row by language."""
    lines: list[list[list[str]]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [[form.strip() for form in cell.split(",")] for cell in line.split("|")]
        if len(cells) != len(LANGUAGES) or not all(form for cell in cells for form in cell):
            raise SettingsInvalid(
                f"{path}, line {number}: {len(LANGUAGES)} columns are needed, with a bar between them and a "
                "word in each."
            )
        lines.append(cells)
    return lines


def _forms(cells: Sequence[Sequence[str]], place: int) -> Sequence[str]:
    """A language's forms, the rendered one first; what says nothing in one language says nothing in all."""
    return (NOTHING, *cells[place]) if NOTHING in cells[0] else cells[place]


def _column(rows: Sequence[Sequence[str]], language: str, analyzer: Analyzer) -> _Column:
    exact: dict[_Key, int] = {}
    known: dict[_Key, int] = {}
    single: dict[str, list[str]] = {}
    for number, forms in enumerate(rows):
        for form in forms:
            words = [word.text for sentence in sentences(form) for word in sentence.words]
            if not words:
                continue
            exact.setdefault(tuple(words), number)
            known.setdefault(tuple(fold(analyzer.stem(word, language)) for word in words), number)
            if len(words) == 1:
                single.setdefault(words[0][0], []).append(words[0])
    first = tuple(forms[0] for forms in rows)
    longest = max((len(key) for key in known), default=0)
    return _Column(exact, known, first, longest, {start: tuple(words) for start, words in single.items()})


@cache
def _silent(language: str) -> frozenset[str]:
    return frozenset(map(fold, stopwords(language)))
