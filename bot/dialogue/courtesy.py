"""A piece of a message in, how likely it is mere courtesy out: for politeness that no list of phrases has.

A logistic model over letter sequences, words and pairs of words, so that “thnaks in advanse” is told as well as “thanks
in advance”, and words that no courtesy has speak against one. Fitted by `tierzero eval courtesies`.
"""

import math
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from bot.dialogue.words import LONGEST_WORD, Word
from bot.errors import SettingsInvalid

FILE = Path(__file__).with_name("courtesy.npz")
#: Letter sequences, words and pairs of words are folded into so many columns.
BUCKETS: Final = 16384
#: What a piece is like beside its words; columns after the buckets.
TRAITS: Final = ("asks", "digits", "one", "two", "few", "many", "strange", "no_strange", "strange_share")
#: Shortest and longest letter sequence.
_SEQUENCES: Final = (3, 4, 5)
#: Words up to which a piece has a few.
_FEW: Final = 6
_REMEMBERED = 1024


@dataclass(frozen=True, slots=True, eq=False)
class CourtesyModel:
    """What each column adds to the logit."""

    weights: npt.NDArray[np.float32]
    """Shape (`BUCKETS` + traits,)."""
    bias: float
    known: frozenset[int]
    """Digests of the words that courtesies are made of."""

    def probability(self, words: Sequence[Word], *, asks: bool) -> float:
        """How likely a piece with these words is courtesy, 0..1; `asks` says whether a question mark ends it."""
        total = self.bias
        for column, value in columns([word.text for word in words], asks, self.known).items():
            total += float(self.weights[column]) * value
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def columns(words: Sequence[str], asks: bool, known: frozenset[int]) -> Mapping[int, float]:
    """The columns of a piece: sequences and words of unit length together, then its traits."""
    counts: Counter[int] = Counter()
    for word in words:
        counts.update(_of_word(word))
    counts.update(_digest(f"{one} {other}") % BUCKETS for one, other in pairwise(words))
    length = math.sqrt(sum(count * count for count in counts.values())) or 1.0
    row = {column: count / length for column, count in counts.items()}
    strange = sum(_digest(word) not in known for word in words)
    traits = {
        "asks": asks,
        "digits": any(map(str.isdecimal, "".join(words))),
        "one": len(words) == 1,
        "two": len(words) == 2,
        "few": 2 < len(words) <= _FEW,
        "many": len(words) > _FEW,
        "strange": min(strange, 4) / 4,
        "no_strange": not strange,
        "strange_share": strange / max(len(words), 1),
    }
    for place, name in enumerate(TRAITS):
        if traits[name]:
            row[BUCKETS + place] = float(traits[name])
    return row


def vocabulary(words: Sequence[str]) -> frozenset[int]:
    """Digests of words."""
    return frozenset(map(_digest, words))


def read(file: Path = FILE) -> CourtesyModel:
    """The model that was written; raises `SettingsInvalid` where it is damaged."""
    try:
        with np.load(file, allow_pickle=False) as raw:
            weights = raw["weights"].astype(np.float32)
            bias, known = float(raw["bias"]), frozenset(raw["known"].tolist())
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as exc:
        raise SettingsInvalid(f"The model of courtesies {file} cannot be read: {exc}") from exc
    if weights.shape != (BUCKETS + len(TRAITS),) or not (np.isfinite(weights).all() and math.isfinite(bias)):
        raise SettingsInvalid(f"The model of courtesies {file} is of another version, or damaged.")
    return CourtesyModel(weights, bias, known)


def write(file: Path, model: CourtesyModel) -> None:
    """Writes a model that `read` reads."""
    known = np.asarray(sorted(model.known), dtype=np.uint32)
    np.savez_compressed(
        file, weights=model.weights.astype(np.float16), bias=np.float64(model.bias), known=known
    )


@lru_cache(maxsize=_REMEMBERED)
def _of_word(word: str) -> tuple[int, ...]:
    """The columns of a word and its letter sequences, with repeats."""
    held = word[:LONGEST_WORD]
    padded = f" {held} "
    sequences = [
        padded[first : first + length] for length in _SEQUENCES for first in range(len(padded) - length + 1)
    ]
    return tuple(_digest(one) % BUCKETS for one in (f"={held}", *sequences))


@lru_cache(maxsize=_REMEMBERED)
def _digest(text: str) -> int:
    return zlib.crc32(text.encode())
