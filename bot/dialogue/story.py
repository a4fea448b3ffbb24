"""A message that tells a story around one question in, the question and what is told around it out; pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.dialogue.choices import telling_words
from bot.dialogue.words import Sentence

#: With fewer sentences a message is no story: it is searched well as it is.
FEWEST_SENTENCES = 3
#: What is named by a code (H7, IZE0106E), by capitals (SPSS) or by a path is what the question is about, wherever it
#: stands. Without this, of IBM's support questions (techqa-480) 3 more were answered rightly and 3 more wrongly.
_CODE = re.compile(r"\b[^\W\d_]+\d\w*|\b[A-Z]{3,}\b|\w+[/_\\]\w+")


@dataclass(frozen=True, slots=True)
class Story:
    """A message of several sentences of which one asks."""

    asked: str
    """The sentence that asks, with its mark."""
    told: str
    """The others, in their order."""


def story(text: str, read: Sequence[Sentence], asking: Sentence, language: str) -> Story | None:
    """The message parted; None where the sentence that asks says nothing, or not all that the message names by code."""
    if any(one.mark == "." and len(one.words[-1].text) == 1 for one in read):
        # “E. E. Cummings”, “the U.S.”: where its sentences end is not sure.
        return None
    asked = _written(text, asking)
    told = ". ".join(_written(text, one) for one in read if one is not asking)
    if not telling_words(asked, language) or not _codes(told) <= _codes(asked):
        return None
    return Story(asked + asking.mark[:1], told)


def _codes(text: str) -> set[str]:
    return {found.group().casefold() for found in _CODE.finditer(text)}


def _written(text: str, sentence: Sentence) -> str:
    return text[sentence.words[0].start : sentence.words[-1].end]
