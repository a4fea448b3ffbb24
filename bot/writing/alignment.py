"""A written sentence and the passages it may restate in, the passage that it does restate out, or none.

A sentence aligns with a run of at most two sentences of a passage when
1. nearly all of its telling words stand there, or in the passage's title and headings;
2. every number, address and name in it stands there too, and no word beside a number is new;
3. it negates just where the passage does, and speaks in the first person only where the passage does.
What a model adds, turns round or mixes together fails one of them. Word order and the choice of function words are not
looked at: a sentence that says something else with the very same words passes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import yaml

from bot.dialogue.words import fold
from bot.errors import SettingsInvalid
from bot.writing.addresses import addresses
from index.words import Analyzer
from kb.sentences import breaks

FILE = Path(__file__).with_name("words.yaml")
#: Share of a sentence's telling words that must stand in the passage. At .75 "within 5 business days" still passes for
#: "within 5 days" in a sentence of four; the rule about words beside numbers catches that one.
RECALL = 0.8
#: Words on either side of a number that qualify it.
_BESIDE = 2

_WORD = re.compile(r"[^\W_]+(?:['’.,:/-][^\W_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")


@dataclass(frozen=True, slots=True)
class Unit:
    """One or two sentences of a passage, with what a written sentence is compared with."""

    source: int
    """Which passage."""
    terms: frozenset[str]
    words: frozenset[str]
    """Folded, as they stand; title and headings too."""
    numbers: frozenset[str]
    addresses: frozenset[str]
    negates: bool
    personal: bool
    """Speaks in the first person."""


class Alignment:
    """Compares written sentences with the passages of one answer."""

    def __init__(
        self, analyzer: Analyzer, negation: dict[str, frozenset[str]], first_person: dict[str, frozenset[str]]
    ) -> None:
        self._analyzer = analyzer
        self._negation = negation
        self._first_person = first_person

    @classmethod
    def load(cls, file: Path = FILE) -> "Alignment":
        """With the shipped words. Raises `SettingsInvalid`."""
        try:
            raw = yaml.safe_load(file.read_text(encoding="utf-8"))
            negation, first_person = (
                {str(name): frozenset(map(str, words)) for name, words in raw[group].items()}
                for group in ("negation", "first_person")
            )
            return cls(Analyzer(), negation, first_person)
        except (OSError, yaml.YAMLError, AttributeError, KeyError, TypeError) as exc:
            raise SettingsInvalid(f"The words of {file} cannot be used: {exc}") from exc

    def units(self, passages: Sequence[tuple[str, str]], language: str) -> tuple[Unit, ...]:
        """What sentences are compared with; a passage is its title with headings, and its text."""
        found = []
        for number, (head, text) in enumerate(passages):
            pieces = [(piece, self._unit(number, head, piece, language)) for piece in split(text)]
            found += [unit for _, unit in pieces]
            # A sentence may join two, but never one that denies with one that does not.
            found += [
                self._unit(number, head, f"{one} {other}", language)
                for (one, first), (other, second) in pairwise(pieces)
                if first.negates == second.negates
            ]
        return tuple(found)

    def source_of(self, sentence: str, units: Sequence[Unit], language: str) -> int | None:
        """The passage that a sentence restates, or None."""
        said = self._unit(-1, "", sentence, language)
        if not said.terms:
            return None
        best: tuple[float, int] | None = None
        for unit in units:
            recall = len(said.terms & unit.terms) / len(said.terms)
            if recall >= RECALL and self._holds(sentence, said, unit, language):
                best = max(best or (0.0, 0), (recall, -unit.source))
        return None if best is None else -best[1]

    def _holds(self, sentence: str, said: Unit, unit: Unit, language: str) -> bool:
        if (
            said.negates != unit.negates
            or (said.personal and not unit.personal)
            or not said.numbers <= unit.numbers
            or not said.addresses <= unit.addresses
        ):
            return False
        words = _WORD.findall(sentence)
        # The first word has a capital in any case.
        names = (word for word in words[1:] if any(map(str.isupper, word)))
        if not all(self._stands(word, unit, language) for word in names):
            return False
        beside = (
            words[near]
            for place, word in enumerate(words)
            if any(map(str.isdigit, word))
            for near in range(max(0, place - _BESIDE), min(len(words), place + _BESIDE + 1))
        )
        return all(self._stands(word, unit, language) for word in beside)

    def _stands(self, word: str, unit: Unit, language: str) -> bool:
        """Whether a word stands in the passage in some form, or is a function word."""
        return fold(word) in unit.words or set(self._analyzer.terms(word, language)) <= unit.terms

    def _unit(self, source: int, head: str, text: str, language: str) -> Unit:
        whole = f"{head} {text}"
        words = frozenset(fold(word) for word in _WORD.findall(whole))
        own = {fold(word) for word in _WORD.findall(text)}
        primary = language.partition("-")[0]
        return Unit(
            source=source,
            terms=frozenset(self._analyzer.terms(whole, language)),
            words=words,
            numbers=frozenset(_NUMBER.findall(whole)),
            addresses=addresses(whole),
            negates=bool(own & self._negation.get(primary, frozenset())),
            personal=bool(own & self._first_person.get(primary, frozenset())),
        )


def split(text: str) -> list[str]:
    """The sentences and lines of a text, in order, none of them empty."""
    pieces = []
    for line in text.splitlines():
        at = 0
        for end, after in breaks(line):
            pieces.append(line[at:end])
            at = after
        pieces.append(line[at:])
    return [piece.strip() for piece in pieces if piece.strip()]
