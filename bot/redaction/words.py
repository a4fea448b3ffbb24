"""Announcing words in, the places where they stand in a text out; found by plain search, so that cost stays low."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from bot.redaction.reading import Reading


class Words:
    """A list of words and phrases, with and without their accents."""

    def __init__(self, words: Iterable[str]) -> None:
        forms = {form for word in words for form in (word.lower(), _bare(word.lower()))}
        # The longest first, so that “access token” is not taken for “token”.
        self._forms = tuple(sorted(forms, key=lambda form: (-len(form), form)))
        self._set = frozenset(forms)
        self._by_needle = _needles(self._forms)

    def __contains__(self, word: str) -> bool:
        """Whether a word, in lower case, is in the list."""
        return word in self._set

    def spans(self, reading: Reading) -> Iterator[tuple[int, int]]:
        """Where each announcement begins and ends; a word inside another one is none."""
        lower = reading.lower
        seen: set[int] = set()
        present = (form for needle, some in self._by_needle if needle in lower for form in some)
        for form in sorted(present, key=len, reverse=True):
            end = 0
            while (start := lower.find(form, end)) >= 0:
                end = start + len(form)
                if _begins(lower, start) and _stops(lower, end) and end not in seen:
                    seen.add(end)
                    yield start, end

    def precede(self, reading: Reading, place: int) -> bool:
        """Whether one of the words stands right before a place, but for signs and little words between."""
        before = reading.lower[max(0, place - _BEHIND) : place]
        words = _BETWEEN.sub("", before)
        return any(words.endswith(form) and _begins(words, len(words) - len(form)) for form in self._forms)


def _needles(forms: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """A few texts, each with the forms that hold it: where a text is absent, its forms need not be looked for."""
    words = {word for form in forms for word in form.split()}
    held = {word: sum(word in form for form in forms) for word in sorted(words)}
    chosen: dict[str, list[str]] = {}
    for form in forms:
        needle = max((word for word in held if word in form), key=lambda word: held[word])
        chosen.setdefault(needle, []).append(form)
    return tuple((needle, tuple(some)) for needle, some in chosen.items())


def linked(words: Iterable[str]) -> re.Pattern[str]:
    """What may stand between an announcement and the thing itself: signs, and up to four of these words."""
    either = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return re.compile(
        rf"(?:\s{{0,3}}(?:[:=>#]{{1,3}}|(?<=\s)[-–]{{1,2}}>?(?=\s)|n[°º]|no\.|(?<=\s)no(?=\s?[\d:#])|(?<!\w)(?:{either})(?!\w))){{0,4}}\s{{0,3}}"
    )


#: Characters that are looked at before a number.
_BEHIND = 48
#: What may stand between an announcement and its number.
_BETWEEN = re.compile(
    r"(?:[\s:#=.\-–(\[\"'“„«]|(?<!\w)(?:is|was|no|nr|num|id|number|ist|lautet|es|est|n°|nº|the|el|la|le|the)(?!\w)){1,24}\Z"
)


def _begins(text: str, place: int) -> bool:
    return place == 0 or not text[place - 1].isalnum()


def _stops(text: str, place: int) -> bool:
    return place == len(text) or not text[place].isalnum()


def _bare(word: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))
