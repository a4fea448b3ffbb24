"""A message and its vector in, how likely each reason is by meaning and wording out: for what no rule puts in words.

A multinomial logistic model over the encoder's vector and over letter sequences. The vector tells what an English
message means; the sequences, of which every language has its own, carry the other languages, which the shipped
encoder hardly knows, and survive typos. Fitted on `prototypes/` by `tierzero eval prototypes`.
"""

import math
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from bot.dialogue.reply import Reason
from bot.dialogue.words import ADDRESS, LONGEST_WORD, QUOTE, Word, sentences
from bot.errors import SettingsInvalid

Floats = npt.NDArray[np.float32]

FILE = Path(__file__).with_name("meaning.npz")
#: Version of the file and of how letter sequences are counted; another one is refused.
FORMAT: Final = 1
#: The label of a message that brings in nobody.
NONE: Final = "none"
#: Letter sequences are folded into so many columns: twice as many rank no better, half as many lose two points.
BUCKETS: Final = 16384
#: Shortest and longest letter sequence. Two letters are in every language's words and only cost precision.
_SEQUENCES = (3, 4, 5)
#: Words that are looked at: what the encoder reads of a message, about.
_MOST_WORDS = 150
#: Probability from which a reason brings in a person. In cross-validation over the sentences it learns from, 2% of the
#: messages that look like an incident and are none reach it. The reasons left out, abuse and upset, are told by their
#: words or not at all: guessing them hurts more than missing them.
FLOORS: Final[Mapping[Reason, float]] = {
    Reason.DANGER: 0.8,
    Reason.SECURITY: 0.65,
    Reason.LEGAL: 0.7,
    Reason.PRIVACY: 0.6,
    Reason.PAYMENT_DISPUTE: 0.65,
    Reason.PERSON: 0.7,
}


@dataclass(frozen=True, slots=True)
class Leaning:
    """The likeliest reason of a message."""

    reason: Reason
    probability: float
    like: str
    """The sentence that stands for the reason and that the message is most like."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A fitted model."""

    model: str
    """The encoder's weights that its vectors must come from: the beginning of `Encoder.identity`."""
    labels: tuple[str, ...]
    vector: Floats
    """Shape (dimension, labels)."""
    letters: Floats
    """Shape (`BUCKETS`, labels)."""
    bias: Floats
    """Shape (labels,)."""
    examples: tuple[str, ...]
    """Sentences that stand for a reason, to explain with."""
    meant: tuple[str, ...]
    """The label of each example."""
    places: Floats
    """The vector of each example, shape (examples, dimension)."""


class Meaning:
    """Tells reasons by meaning. Holds no state between messages."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights

    @classmethod
    def load(cls, file: Path = FILE) -> "Meaning":
        """Read the fitted weights. Raises `bot.errors.SettingsInvalid` naming the file."""
        return cls(read(file))

    def fits(self, identity: str) -> bool:
        """Whether the vectors of an encoder with this identity are those the weights were fitted on."""
        return identity.startswith(self._weights.model)

    def leaning(self, text: str, vector: Floats) -> Leaning | None:
        """The likeliest reason, where it is likely enough; `vector` is the message's, of unit length."""
        weights = self._weights
        places, values = letter_sequences(text)
        logits = vector @ weights.vector + weights.bias
        if len(places):
            logits = logits + values @ weights.letters[places]
        chances = np.exp(logits - logits.max())
        best = int(chances.argmax())
        label, probability = weights.labels[best], float(chances[best] / chances.sum())
        if label == NONE or probability < FLOORS.get(Reason(label), math.inf):
            return None
        return Leaning(Reason(label), probability, self._like(label, vector))

    def _like(self, label: str, vector: Floats) -> str:
        """The example of a label that is nearest; empty where there is none."""
        weights = self._weights
        own = [place for place, meant in enumerate(weights.meant) if meant == label]
        if not own:
            return ""
        return weights.examples[own[int((weights.places[own] @ vector).argmax())]]


def letter_sequences(text: str) -> tuple[npt.NDArray[np.int64], Floats]:
    """The columns of a text's letter sequences and their values, of unit length together; none spans two words."""
    counts: Counter[int] = Counter()
    for word in _words(text):
        padded = f" {word.text} "
        for length in _SEQUENCES:
            for first in range(len(padded) - length + 1):
                counts[zlib.crc32(padded[first : first + length].encode()) % BUCKETS] += 1
    places = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
    values = 1.0 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))
    return places, (values / max(float(np.linalg.norm(values)), 1e-9)).astype(np.float32)


def _words(text: str) -> list[Word]:
    told = (word for sentence in sentences(text) for word in sentence.words)
    kept = [word for word in told if word.text not in (ADDRESS, QUOTE) and len(word.text) <= LONGEST_WORD]
    return kept[:_MOST_WORDS]


def read(file: Path) -> Weights:
    """A file of fitted weights. Raises `bot.errors.SettingsInvalid`."""
    advice = "Fit it anew with `tierzero eval prototypes --write FILE`."
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as stored:
            held: dict[str, npt.NDArray[Any]] = {name: stored[name] for name in stored.files}
        version = int(held["format"])
        if version != FORMAT:
            raise SettingsInvalid(f"{file} has format {version}, this release reads {FORMAT}. {advice}")
        letters = held["letters"].astype(np.float32) * held["scales"].astype(np.float32)
        weights = Weights(
            model=str(held["model"]),
            labels=tuple(str(label) for label in held["labels"]),
            vector=held["vector"].astype(np.float32),
            letters=letters,
            bias=held["bias"].astype(np.float32),
            examples=tuple(str(example) for example in held["examples"]),
            meant=tuple(str(label) for label in held["meant"]),
            places=held["places"].astype(np.float32) / 127.0,
        )
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as exc:
        raise SettingsInvalid(f"{file} holds no fitted weights: {exc}. {advice}") from exc
    known = {NONE, *(reason.value for reason in Reason)}
    labels, examples = len(weights.labels), len(weights.examples)
    right = (
        weights.letters.shape == (BUCKETS, labels)
        and weights.bias.shape == (labels,)
        and weights.vector.shape[1:] == (labels,)
        and weights.places.shape == (examples, len(weights.vector))
        and len(weights.meant) == examples
    )
    if not right or NONE not in weights.labels or not known.issuperset(weights.labels):
        raise SettingsInvalid(f"{file} was fitted for other reasons or letter sequences. {advice}")
    return weights


def write(file: Path, weights: Weights) -> None:
    """Keeps fitted weights; those of letter sequences in one byte each, a scale a label."""
    scales = np.maximum(np.abs(weights.letters).max(axis=0) / 127.0, 1e-9).astype(np.float32)
    np.savez_compressed(
        file,
        format=np.asarray(FORMAT),
        model=np.asarray(weights.model),
        labels=np.asarray(weights.labels),
        vector=weights.vector.astype(np.float16),
        letters=np.rint(weights.letters / scales).astype(np.int8),
        scales=scales,
        bias=weights.bias.astype(np.float32),
        examples=np.asarray(weights.examples),
        meant=np.asarray(weights.meant),
        places=np.rint(weights.places * 127.0).astype(np.int8),
    )
