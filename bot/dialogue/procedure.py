"""A message in, whether it asks for steps to follow out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.dialogue.datafile import MappingReader, read_yaml
from bot.dialogue.words import fold

FILE = Path(__file__).with_name("procedure.yaml")
#: A message that begins with a verb and has at most this many words is an order: "cancel my order".
_ORDER_WORDS = 7
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Signs:
    asks: tuple[str, ...]
    """Padded with spaces, so that only whole words match."""
    begins: frozenset[str]
    others: tuple[str, ...]
    """Padded like `asks`; what a message that begins with a verb asks instead."""


class Procedure:
    """Knows how people ask for steps in each language."""

    def __init__(self, languages: Mapping[str, _Signs]) -> None:
        self._languages = languages

    @classmethod
    def load(cls, file: Path = FILE) -> "Procedure":
        """Read the signs. Raises `bot.errors.SettingsInvalid` naming the file and the language."""
        languages = {}
        for language, fields in read_yaml(file).items():
            reader = MappingReader(file, f"language “{language}”", fields)
            reader.only("asks", "begins", "others")
            asks, others = (
                tuple(f" {_plain(line)} " for line in reader.lines(name)) for name in ("asks", "others")
            )
            languages[language] = _Signs(asks, frozenset(_plain(reader.text("begins")).split()), others)
        return cls(languages)

    def asked(self, text: str, language: str) -> bool:
        """Whether the message asks how something is done."""
        signs = self._languages.get(language)
        if signs is None:
            return False
        words = f" {_plain(text)} "
        if any(phrase in words for phrase in signs.asks):
            return True
        if any(phrase in words for phrase in signs.others):
            return False
        parts = words.split()
        return 0 < len(parts) <= _ORDER_WORDS and parts[0] in signs.begins


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(fold(text)))
