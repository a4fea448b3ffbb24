"""A sentence in, the places where another question begins although nothing joins it to the one before out.

“where is my parcel how long does delivery take” asks twice. A clause that belongs to the question before it (“tell me
when my order arrives”) has its words in another order, or the question before it is not complete without it.
"""

from dataclasses import dataclass
from typing import Final

from bot.dialogue.datafile import MappingReader
from bot.dialogue.matching import Found, Line, Reader, begins_at
from bot.dialogue.phrases import Phrase, PhraseBook, PhraseInvalid
from bot.dialogue.words import Sentence

#: Words of the shortest question that another may follow: “where is it”.
_FEWEST_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class RunOn:
    """How questions begin in one language where no mark parts them."""

    whole: tuple[Phrase, ...]
    """What a question begins with whose order of words says that it is one."""
    anew: tuple[Phrase, ...]
    """The same, where it can be no part of what stands before it."""
    asking: frozenset[str]
    """Question words; they begin clauses too."""
    open: frozenset[str]
    """Words that a question does not end with: more of it must follow."""
    reader: Reader

    def read(self, sentence: Sentence) -> Line:
        """The sentence as `begins` is to see it."""
        return self.reader.read(sentence, typos=False)

    def begins(self, line: Line, start: int, place: int) -> bool:
        """Whether a question begins at a word, right after a whole one that began at `start`."""
        words = line.words
        # With a comma the second question is often a part of the first: “how do I complain, is there a form”.
        if words[start].clause != words[place].clause or words[place - 1].text in self.open:
            return False
        if place - start < _FEWEST_WORDS:
            return False
        if not any(begins_at(phrase, line, place) for phrase in self.anew):
            return False
        return any(self._is_whole(line, begins_at(phrase, line, start), place) for phrase in self.whole)

    def _is_whole(self, line: Line, found: Found | None, place: int) -> bool:
        """Whether what begins so goes on up to a word, and asks nothing else meanwhile (“and if so, what kinds”)."""
        if found is None or found.last >= place:
            return False
        return not any(word.text in self.asking for word in line.words[found.last : place])


def run_on(reader: MappingReader) -> RunOn:
    """What a language's part of `parts.yaml` says of it. Raises `bot.errors.SettingsInvalid`."""
    book = PhraseBook({name: reader.text(name) for name in ("subjects",)})
    try:
        whole, anew = (tuple(map(book.compile, reader.lines(name))) for name in ("whole", "anew"))
    except PhraseInvalid as exc:
        reader.refuse(str(exc))
    asking, last = (frozenset(reader.folded(name)) for name in ("asking", "open"))
    return RunOn((*whole, *anew), anew, asking, last, Reader(book))
