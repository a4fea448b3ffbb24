"""A question and the text it is answered from in, whether the text has the question's numbers and names out.

A passage about another model, version, year or product is much like the right one to every ranker, and is the usual way
to be wrong with confidence; what the question names exactly and the text does not have speaks against it.
"""

import re
from collections.abc import Sequence, Set
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:[-_./'’][^\W_]+)*")
_PARTS = re.compile(r"[-_./'’]")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
#: Languages in which every noun has a capital, so that a capital tells nothing.
_CAPITAL_NOUNS = frozenset({"de", "lb"})
#: Questions whose names are remembered: each passage that may be quoted is held against them.
_REMEMBERED = 64
#: After these a capital only begins a sentence.
_SENTENCE_ENDS = (".", "?", "!", ":", ";")


def numbers(question: str, text: str) -> float:
    """1 where the text has all numbers of the question, -1 where it has none of them, 0 for some, or none to have."""
    wanted = set(_NUMBER.findall(question))
    if not wanted:
        return 0.0
    found = wanted & set(_NUMBER.findall(text))
    return float(bool(found)) - float(found != wanted)


def names(question: str, texts: Sequence[str], locale: str) -> float:
    """-1 where a name in the question is nowhere in the texts, else 0."""
    wanted = named(question, locale)
    if not wanted:
        return 0.0
    plain = [text.casefold() for text in texts]
    return -float(not all(_is_said(_with_parts(name.casefold()), plain) for name in wanted))


def _is_said(name: Set[str], texts: Sequence[str]) -> bool:
    """Whether a word of the texts is the name or a part of it."""
    for text in texts:
        # Only a text that has the letters can have the word, and few have: the others need not be taken apart.
        if any(part in text for part in name) and any(
            not name.isdisjoint(_with_parts(word)) for word in _WORD.findall(text)
        ):
            return True
    return False


@lru_cache(maxsize=_REMEMBERED)
def named(question: str, locale: str) -> tuple[str, ...]:
    """Words written as names: with a capital inside a sentence, with a digit, or with two capitals.

    A question without small letters is shouted, and has names only by their digits.
    """
    shouted = not any(map(str.islower, question))
    capitals_tell = not shouted and locale.split("-")[0].lower() not in _CAPITAL_NOUNS
    found = []
    end = 0
    for match in _WORD.finditer(question):
        word = match.group()
        capitals = sum(map(str.isupper, word))
        between = question[end : match.start()]
        begins = not end or "\n" in between or between.rstrip()[-1:] in _SENTENCE_ENDS
        end = match.end()
        if (
            any(map(str.isdigit, word))
            or (capitals >= 2 and not shouted)
            or (capitals_tell and word[0].isupper() and not begins and _PARTS.split(word)[0] != "I")
        ):
            found.append(word)
    return tuple(dict.fromkeys(found))


def _with_parts(word: str) -> set[str]:
    return {word, *(part for part in _PARTS.split(word) if part)}
