"""Text in, sentences of folded words out: what every rule about a message looks at.

Folding (case, accents, apostrophes, drawn-out letters) is done word by word, so that each word still knows where it
stands in the message as it was typed.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

#: Placeholders for things that are no words: rules never match them, and they still count as something said.
ADDRESS = "@"
QUOTE = '"'

_WORD = re.compile(
    r"(?P<address>https?://\S+|www\.\S+|(?<![^\s@])[^\s@]{1,64}@[^\s@]{1,255}(?=\s|$))"
    # A word may hide letters behind stars (f***ing) and contain apostrophes (don't, l'agent).
    r"|(?P<word>[^\W_](?:[^\W_]|[*'’`´](?=[^\W_]|\*))*\**)"
    r"|(?P<stop>[.!?…;]+(?=\s|$)|[。！？；]|\n)"
    r"|(?P<pause>[,:()–—]|\s-\s)"
)
_ELISION = re.compile(r"(l|d|j|m|t|s|c|n|qu|quelqu|lorsqu|puisqu|jusqu)['’`´](?=\w)", re.IGNORECASE)
_APOSTROPHES = str.maketrans("", "", "'’`´")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_MARKS = re.compile(r"[\u0300-\u036f]+")
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "ı": "i"})
#: Longer runs without a space are no words; looking them up for typos would only cost time.
LONGEST_WORD = 40
#: One turn reads its message five times and folds the same words and titles again and again.
_READ = 64
_FOLDED = 4096

_QUOTED = re.compile(
    r'"[^"\n]*"|“[^”\n]*”|„[^“”\n]*[“”]|«[^»\n]*»|‹[^›\n]*›'
    # Single quotes only where they cannot be apostrophes.
    r"|(?<!\w)'[^'\n]+'(?!\w)|(?<!\w)‘[^’\n]+’(?!\w)"
)
_REPLIED = re.compile(r"^[ \t]*>.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a message."""

    text: str
    """Folded: lower case, no accents, no apostrophes; `@` for an address, `"` for a quotation."""
    start: int
    """First character in the message."""
    end: int
    """One past the last character in the message."""
    clause: int
    """Ordinal of the clause in its sentence: commas, colons, brackets and dashes begin a new one."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words up to a full stop, question mark, exclamation mark, semicolon or line end."""

    words: tuple[Word, ...]
    mark: str
    """The mark that ended it, such as `?` or `!!!`; empty where there was none."""


@lru_cache(maxsize=_FOLDED)
def fold(word: str) -> str:
    """Lower case, without accents and apostrophes; three or more of a letter become one."""
    if word.isascii():
        folded = word.lower()
    else:
        decomposed = unicodedata.normalize("NFKD", word.casefold().translate(_LETTERS))
        folded = unicodedata.normalize("NFC", _MARKS.sub("", decomposed))
    if not folded.isalnum():
        folded = folded.translate(_APOSTROPHES)
    return _DRAWN_OUT.sub(r"\1", folded) if _DRAWN_OUT.search(folded) else folded


@lru_cache(maxsize=_READ)
def blank_quotations(text: str) -> str:
    """The text with quotations of two or more words replaced by a placeholder of the same length.

    Somebody else's words are not the customer's: a quoted button or mail asks for nothing. One quoted word is
    emphasis, and a message that is nothing but a quotation is meant.
    """

    def blank(found: re.Match[str]) -> str:
        length = found.end() - found.start()
        if len(found.group().split()) < 2:
            return found.group()
        return f"{QUOTE:<{length}}"

    outside = _QUOTED.sub(blank, _REPLIED.sub(lambda found: " " * len(found.group()), text))
    return outside if any(letter.isalnum() for letter in outside) else text


@lru_cache(maxsize=_READ)
def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a message, without those that have no word. Offsets count in `text`."""
    done: list[Sentence] = []
    words: list[Word] = []
    clause = 0
    for found in _WORD.finditer(text):
        kind = found.lastgroup
        if kind == "stop":
            _close(done, words, found.group().strip())
            words, clause = [], 0
        elif kind == "pause":
            clause += 1
        elif kind == "address":
            words.append(Word(ADDRESS, found.start(), found.end(), clause))
        else:
            words += _split(found.group(), found.start(), clause)
    _close(done, words, "")
    return tuple(done)


def _close(done: list[Sentence], words: list[Word], mark: str) -> None:
    if words:
        done.append(Sentence(tuple(words), mark))
    elif done and mark:
        # A mark that stands apart, as in "why ???", belongs to the sentence before it.
        done[-1] = Sentence(done[-1].words, done[-1].mark + mark)


def _split(token: str, start: int, clause: int) -> list[Word]:
    """The token as one word, or as two where French joins them (l'agent)."""
    elided = _ELISION.match(token)
    if elided is None:
        return [Word(fold(token), start, start + len(token), clause)]
    cut = elided.end()
    return [
        Word(fold(token[:cut]), start, start + cut, clause),
        Word(fold(token[cut:]), start + cut, start + len(token), clause),
    ]
