"""A text in, the columns of its letter sequences and of its concepts out, as the fitted weights count them."""

import zlib
from collections import Counter
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from bot.dialogue.triggers.concepts import Concepts
from bot.dialogue.words import ADDRESS, LONGEST_WORD, QUOTE, Sentence, blank_quotations, sentences

#: Letter sequences are folded into so many columns: twice as many rank no better, half as many lose two points.
LETTER_BUCKETS: Final = 16384
#: Concepts, and two of them together, are folded into so many columns.
CONCEPT_BUCKETS: Final = 8192
#: Shortest and longest letter sequence. Two letters are in every language's words and only cost precision.
_SEQUENCES = (3, 4, 5)
#: Words whose columns are remembered: most of a message is the frequent words of its language.
_REMEMBERED = 1024
#: Words that are looked at: what the encoder reads of a message, about.
_MOST_WORDS = 150


class Columns(NamedTuple):
    """A sparse row of unit length."""

    places: npt.NDArray[np.int64]
    values: npt.NDArray[np.float32]


def letter_sequences(text: str) -> Columns:
    """The letter sequences of a text; none spans two words."""
    counts: Counter[int] = Counter()
    for part in _looked_at(text):
        for word in part.words:
            counts.update(_of_word(word.text))
    places = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
    values = 1.0 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))
    return Columns(places, (values / max(float(np.linalg.norm(values)), 1e-9)).astype(np.float32))


@lru_cache(maxsize=_REMEMBERED)
def _of_word(word: str) -> tuple[int, ...]:
    """The columns of a word's letter sequences, with repeats."""
    if word in (ADDRESS, QUOTE) or len(word) > LONGEST_WORD:
        return ()
    padded = f" {word} "
    return tuple(
        zlib.crc32(padded[first : first + length].encode()) % LETTER_BUCKETS
        for length in _SEQUENCES
        for first in range(len(padded) - length + 1)
    )


def concept_pairs(text: str, concepts: Concepts) -> Columns:
    """What a text is about, alone and two and two."""
    found = {zlib.crc32(one.encode()) % CONCEPT_BUCKETS for one in concepts.features(_looked_at(text))}
    places = np.fromiter(sorted(found), dtype=np.int64, count=len(found))
    return Columns(places, np.full(len(found), 1.0 / np.sqrt(max(len(found), 1)), dtype=np.float32))


def _looked_at(text: str) -> list[Sentence]:
    """The sentences up to the most words, without what they quote."""
    kept, left = [], _MOST_WORDS
    for part in sentences(blank_quotations(text)):
        if left <= 0:
            break
        kept.append(Sentence(part.words[:left], part.mark))
        left -= len(part.words)
    return kept
