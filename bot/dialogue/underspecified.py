"""A message in, whether it is too vague to answer out ("it doesn't work", "help", "???")."""

from pathlib import Path

from bot.dialogue.groups import Groups, load_groups
from bot.dialogue.spoken import Spoken
from bot.dialogue.words import ADDRESS, sentences

FILE = Path(__file__).with_name("underspecified.yaml")
#: The language whose vague messages are understood everywhere.
EVERYWHERE = "en"
_VAGUE = ("vague",)
_SILENT = ("filler",)
#: A longer message says something; looking for the phrase that covers it all would only take time.
_MOST_WORDS = 14


#: Letters and digits below which a message says nothing, unless it is a code (“H4”): "ab" is like some word of some
#: article.
_FEWEST_LETTERS = 3


class Underspecified:
    """Knows the messages that say that something is wrong, and not what."""

    def __init__(self, languages: Spoken[Groups]) -> None:
        self._languages = languages

    @classmethod
    def load(cls, file: Path = FILE, *, later: bool = False) -> "Underspecified":
        """Read the phrases. Raises `bot.errors.SettingsInvalid`. `later` as in `load_groups`."""
        return cls(load_groups(file, (*_VAGUE, *_SILENT), later=later))

    def prepare(self) -> None:
        """Reads every language now."""
        self._languages.prepare()

    def is_vague(self, text: str, language: str) -> bool:
        """Whether nothing in the message says what it is about: no words, a bare number, or only vague phrases."""
        parts = sentences(text)
        if all(word.text.isdecimal() or word.text == ADDRESS for part in parts for word in part.words):
            return True
        if sum(len(word.text) for part in parts for word in part.words) < _FEWEST_LETTERS:
            return not any(_is_code(word.text) for part in parts for word in part.words)
        if sum(len(part.words) for part in parts) > _MOST_WORDS:
            return False
        for name in dict.fromkeys((language, EVERYWHERE)):
            groups = self._languages.get(name)
            if groups is None:
                continue
            covered = [groups.cover((*_VAGUE, *_SILENT), groups.read(part)) for part in parts]
            if all(names is not None for names in covered) and any(
                "vague" in (names or ()) for names in covered
            ):
                return True
        return False


def _is_code(word: str) -> bool:
    """Whether a word has letters and digits, as what a display shows."""
    return any(sign.isdecimal() for sign in word) and any(sign.isalpha() for sign in word)
