"""A key and a language in, the sentence the customer reads out; the sentences are files in `wording/`."""

import datetime as dt
import math
import string
from collections.abc import Mapping
from pathlib import Path

from bot.dialogue.datafile import MappingReader, read_yaml
from bot.dialogue.language_names import own_name, primary
from bot.errors import SettingsInvalid

FOLDER = Path(__file__).with_name("wording")
#: One sentence in languages that the bot does not otherwise speak.
ELSEWHERE = "elsewhere.yaml"
UNSUPPORTED = "unsupported_language"
#: From here on a time is told in days: "within 48 hours" reads as a promise, "within 3 days" as a time.
_HOURS_TOLD = 48


class Wording:
    """Every sentence the bot says, in each language it speaks."""

    def __init__(
        self, sentences: Mapping[str, Mapping[str, str]], elsewhere: Mapping[str, str], default: str
    ) -> None:
        self._sentences = sentences
        self._elsewhere = elsewhere
        self._default = default

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages with every sentence."""
        return tuple(self._sentences)

    @classmethod
    def load(cls, folder: Path = FOLDER, default: str = "en") -> "Wording":
        """Read `<language>.yaml` for every language, and check that they say the same things.

        Raises `bot.errors.SettingsInvalid` naming the file, and the sentence that is missing or differs.
        """
        sentences = {
            file.stem: _read(file) for file in sorted(folder.glob("*.yaml")) if file.name != ELSEWHERE
        }
        if default not in sentences:
            known = ", ".join(sentences) or "none"
            raise SettingsInvalid(f"{folder} has no {default}.yaml, the default language; there are: {known}")
        for language, said in sentences.items():
            _check(folder / f"{language}.yaml", said, sentences[default])
        elsewhere = _read(folder / ELSEWHERE) if (folder / ELSEWHERE).exists() else {}
        return cls(sentences, elsewhere, default)

    def say(self, key: str, language: str, **values: str) -> str:
        """The sentence in the language, or in the default one; values it has no place for are left out.

        Raises `KeyError` for an unknown key or a missing value: both are mistakes in the code.
        """
        if key == UNSUPPORTED and language not in self._sentences and language in self._elsewhere:
            return self._elsewhere[language]
        return self._sentences.get(language, self._sentences[self._default])[key].format_map(values)

    def language_name(self, named: str, language: str) -> str:
        """What a language is called in another one; in its own words where no sentence names it."""
        said = self._sentences.get(language, self._sentences[self._default])
        return said.get(f"language_{primary(named)}") or own_name(named)

    def within(self, left: dt.timedelta, language: str) -> str:
        """How long something takes at most, such as "within 4 hours"; rounded up, so that it holds."""
        minutes = math.ceil(left.total_seconds() / 60)
        if minutes <= 60:
            return self.say("within_an_hour", language)
        hours = math.ceil(minutes / 60)
        if hours <= _HOURS_TOLD:
            return self.say("within_hours", language, count=str(hours))
        return self.say("within_days", language, count=str(math.ceil(hours / 24)))


def placeholders(sentence: str) -> frozenset[str]:
    """The names in curly brackets. Raises `ValueError` where a bracket is not closed."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None)


def _read(file: Path) -> dict[str, str]:
    content = read_yaml(file)
    return MappingReader(file, "the file", {"sentences": content}).texts("sentences")


def _check(file: Path, said: Mapping[str, str], reference: Mapping[str, str]) -> None:
    reader = MappingReader(file, "the file", said)
    for key in sorted(said.keys() ^ reference.keys()):
        reader.refuse(f"“{key}” is {'missing' if key in reference else 'not known'}")
    for key, sentence in said.items():
        try:
            names, expected = placeholders(sentence), placeholders(reference[key])
        except ValueError as exc:
            reader.refuse(f"“{key}”: {exc}")
        if names != expected:
            reader.refuse(f"“{key}” must have the places {sorted(expected)}, not {sorted(names)}")
