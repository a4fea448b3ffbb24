"""A text in, a `Reading` of it out: digits, dashes and spaces of all scripts as ASCII, invisible signs left out.

Customers, keyboards and mail programs write one number in many ways; so does somebody who tries to slip one through.
"""

import functools
import re
import unicodedata
from dataclasses import dataclass

#: Characters that need a look: all but ASCII, the letters of living scripts and common typography.
_ODD = re.compile(r"[^\x00-\x7f¡£¿À-ÖØ-öø-ɏͰ-ϿЀ-ԯא-תぁ-ヿ㐀-鿿가-힣‘’“”„«»…€]")
#: Invisible characters, and marks that are put onto the character before.
_DROPPED = frozenset({"Cf", "Mn", "Me"})
_DOTS = dict.fromkeys("·•‧∙⋅・｡。․", ".")
_SAME = 1


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the detectors see it."""

    text: str
    lower: str
    """The same in lower case, character by character."""
    _places: tuple[int, ...]
    """Where each character and the end stood in the text as it came; empty where all are where they were."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A span of the reading as a span of the text as it came, with the invisible signs behind each character."""
        if not self._places:
            return start, end
        return self._places[start], self._places[end]


def read(text: str) -> Reading:
    """How a text is read; takes time in proportion to its length."""
    if _ODD.search(text) is None:
        return Reading(text, _lower(text), ())
    written = _ODD.sub(lambda found: _plain(found[0]), text)
    if "\x00" not in written or "\x00" in text:
        return Reading(written, _lower(written), ())
    places = (*(place for place, char in enumerate(written) if char != "\x00"), len(text))
    kept = written.replace("\x00", "")
    return Reading(kept, _lower(kept), places)


@functools.lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    """One character for one; NUL for one that is to be left out."""
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(char)
    if category in _DROPPED:
        return "\x00"
    if category == "Pd" or char == "−":
        return "-"
    if category == "Zs":
        return " "
    if category in ("Zl", "Zp") or char == "\x85":
        return "\n"
    if char in _DOTS:
        return _DOTS[char]
    compatible = unicodedata.normalize("NFKC", char)
    return compatible if len(compatible) == _SAME and compatible.isascii() else char


def _lower(text: str) -> str:
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    # A few letters have lower forms of two characters; places must stay what they are.
    return "".join(low if len(low := char.lower()) == _SAME else char for char in text)
