"""A message in, the same said plainly out: without courtesies, and what cannot be remembered was forgotten."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.dialogue.courtesies import Courtesies
from bot.dialogue.datafile import MappingReader, read_yaml

FILE = Path(__file__).with_name("plainly.yaml")
#: A longer message tells a story, in which what is remembered is seldom the point.
_MOST_CHARS = 200


@dataclass(frozen=True, slots=True)
class _Saying:
    roundabout: re.Pattern[str]
    plain: str


class Plainly:
    """Knows what people say instead of the word that articles have."""

    def __init__(self, languages: Mapping[str, tuple[_Saying, ...]], courtesies: Courtesies) -> None:
        self._languages = languages
        self._courtesies = courtesies

    @classmethod
    def load(cls, file: Path = FILE, *, later: bool = False) -> "Plainly":
        """Reads the sayings and courtesies. Raises `bot.errors.SettingsInvalid` naming the file and the language.

        `later` as in `load_groups`, for the courtesies.
        """
        languages = {}
        for language, sayings in read_yaml(file).items():
            reader = MappingReader(file, f"language “{language}”", {"sayings": sayings})
            languages[language] = tuple(_saying(reader, one) for one in sayings)
        return cls(languages, Courtesies.load(later=later))

    def prepare(self) -> None:
        """Reads the courtesies of every language now."""
        self._courtesies.prepare()

    def said(self, text: str, language: str) -> str:
        """The message as it is looked up; unchanged where it has no courtesies and nothing is said roundabout."""
        text = self._courtesies.without(text, language)
        if len(text) > _MOST_CHARS:
            return text
        for saying in self._languages.get(language.split("-")[0], ()):
            if saying.roundabout.search(text):
                return saying.roundabout.sub(saying.plain, text, count=1)
        return text


def _saying(reader: MappingReader, fields: object) -> _Saying:
    if not isinstance(fields, dict) or set(fields) != {"from", "to"}:
        reader.refuse("each saying has “from” and “to”, and nothing else")
    try:
        return _Saying(re.compile(str(fields["from"]), re.IGNORECASE), str(fields["to"]))
    except re.error as exc:
        reader.refuse(f"“{fields['from']}” is no regular expression: {exc}")
