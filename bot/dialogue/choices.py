"""Titles of articles that fit about equally in, what to offer the customer to choose from out."""

import re
from collections.abc import Sequence
from functools import cache

from bot.dialogue.words import fold
from index.words import stopwords

_WORD = re.compile(r"\w+")


def differ_in_a_name(question: str, first: str, second: str, language: str) -> bool:
    """Whether two titles are about the same matter and differ in one word each that the customer did not say.

    "Descale the Heron" and "Descale the Wren" do, unless the question names one of the two machines. Titles that
    differ in nothing are copies, and titles that differ in more are other matters: neither is worth asking about.
    """
    one, other = _words(first, language), _words(second, language)
    only_one, only_other = one - other, other - one
    if not one & other or len(only_one) != 1 or len(only_other) != 1:
        return False
    return not _words(question, language) & (only_one | only_other)


def undecided(question: str, titles: Sequence[str], language: str) -> tuple[str, ...]:
    """The first title and those that differ from it in an unsaid name; empty where there are none."""
    rivals = [title for title in titles[1:] if differ_in_a_name(question, titles[0], title, language)]
    return (titles[0], *rivals) if rivals else ()


def _words(text: str, language: str) -> set[str]:
    """The telling words of a text."""
    return set(_WORD.findall(fold(text))) - _silent(language)


@cache
def _silent(language: str) -> frozenset[str]:
    return frozenset(fold(word) for word in stopwords(language))
