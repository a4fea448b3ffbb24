"""A sentence in, the same as typed in haste out: small letters, no marks, no accents, slips of the finger."""

import unicodedata
from typing import Final

import numpy as np

#: How often each of these happens to a sentence that is typed again.
_SMALL, _CAPITALS, _UNMARKED, _PLAIN, _SLIPPED = 0.5, 0.06, 0.45, 0.4, 0.6
#: Words that a slip of the finger changes, of all of a sentence that has some.
_SLIPS: Final = 0.12
#: Shorter words are left as they are.
_SHORTEST: Final = 4
_MARKS: Final = str.maketrans("", "", ".,;:!?¿¡\"'")
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
#: Keys that lie side by side.
_BESIDE: Final = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wqewrtyuiosapdfghjkxzcvbnn", strict=True))


def retyped(text: str, language: str, chance: np.random.Generator) -> str:
    """The text with what the chances bring; the same chances bring the same."""
    letters = chance.random()
    if letters < _SMALL:
        text = text.lower()
    elif letters < _SMALL + _CAPITALS:
        text = text.upper()
    if chance.random() < _UNMARKED:
        text = text.translate(_MARKS)
    if chance.random() < _PLAIN:
        text = _without_accents(text, language)
    if chance.random() < _SLIPPED:
        words = text.split(" ")
        for place in chance.choice(len(words), max(1, round(len(words) * _SLIPS)), replace=False):
            words[place] = _slipped(words[place], chance)
        text = " ".join(words)
    return text


def _without_accents(text: str, language: str) -> str:
    if language == "de":
        return text.translate(_UMLAUTS)
    if language == "en":
        return text
    return "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))


def _slipped(word: str, chance: np.random.Generator) -> str:
    """A word with two letters changed round, one left out, one twice, or one of the key beside; its ends stay."""
    if len(word) < _SHORTEST:
        return word
    place = int(chance.integers(1, len(word) - 1))
    before, letter, after = word[:place], word[place], word[place + 1 :]
    kind = chance.random()
    if kind < 0.35:
        return before + after[0] + letter + after[1:]
    if kind < 0.65:
        return before + after
    if kind < 0.8:
        return before + letter + letter + after
    return before + _BESIDE.get(letter.lower(), letter) + after
