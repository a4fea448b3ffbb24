"""A message in another language in, its words in English out: what an encoder of English can tell its meaning by.

Not to be read by people: words stand in the order they were written in, and what no glossary has stays as it is.
"""

from pathlib import Path
from typing import Final

from bot.dialogue import glossary
from bot.dialogue.glossary import Glossary
from bot.dialogue.words import blank_quotations

FILE = Path(__file__).with_name("reading.txt")
#: The language that the shipped encoder knows, and most of the sentences that were learned from are in.
KNOWN: Final = "en"


class Reading:
    """Puts messages in the words that meaning was learned in. One a process; safe for several threads."""

    def __init__(self, words: Glossary) -> None:
        self._words = words

    @classmethod
    def load(cls, *, later: bool = False) -> "Reading":
        """Reads `reading.txt`, then the glossary of the search; raises `bot.errors.SettingsInvalid` naming the line.

        `later`, each language is read when it is first spoken.
        """
        return cls(Glossary.load(FILE, glossary.FILE, later=later))

    def prepare(self) -> None:
        """Reads every language now."""
        self._words.prepare()

    def of(self, text: str, language: str) -> str:
        """The text as the encoder is to see it, without what it quotes: somebody else's words are not its meaning.

        As it is where its language is English, unknown or not in the files.
        """
        text = blank_quotations(text)
        if not self._words.renders(language, KNOWN):
            return text
        words = self._words.render(text, language, KNOWN).text
        # A question mark tells a mention from an incident, and is no word.
        return f"{words}{'?' if '?' in text else ''}" if words else text
