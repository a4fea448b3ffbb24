"""A message as the encoder and the rules see it in, how likely each reason is out: for what no rule puts in words.

A multinomial logistic model over the encoder's vector (what a message means), its tokens (the point may hide in the
middle of a story), letter sequences (typos, and words that nobody translated), concepts (what is learned from one
language serves the others) and what the rules made of the message. The encoder knows English: of a message in another
language it sees the words of `reading.txt`. Fitted on `prototypes/` by `tierzero eval prototypes`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from bot.dialogue.reply import Reason
from bot.dialogue.triggers.concepts import Concepts
from bot.dialogue.triggers.features import Columns, concept_pairs, letter_sequences
from bot.dialogue.triggers.reading import Reading
from bot.dialogue.triggers.rules import TRIGGERED
from bot.dialogue.triggers.weights import FILE, Weights, probabilities, read
from bot.dialogue.words import blank_quotations, sentences
from index.products import product

Floats = npt.NDArray[np.float32]

#: Probability from which a reason brings in a person. Sets held out have a precision of .97 from .5 on already; higher,
#: because the bot's own everyday questions are many and incidents are few.
FLOOR: Final = 0.75
#: The same for single reasons. Everyday messages are hardly taken for the latter two: on trades held out it finds more
#: and costs little. For security what is faulty or refused is taken most easily.
_FLOORS: Final[Mapping[Reason, float]] = {Reason.SECURITY: 0.78, Reason.PRIVACY: 0.65, Reason.ABUSE: 0.65}
#: The same for a message that asks something: most of those have an article.
FLOOR_OF_QUESTIONS: Final = 0.9
#: The same for a reason that a rule was held back from, by a negation or a guard.
FLOOR_HELD_BACK: Final = 0.9
#: The same for a reason that a short message denies: of 170 labelled messages that deny a reason, and no rule of it
#: fires on them, 4 were of it. Danger is never explained away.
FLOOR_DENIED: Final = 0.999
#: Probability from which another label, or none, overrules a rule: fewer mentions are handed off then.
OVERRULED_FROM: Final = 0.9
#: The same for `none` over a rule that is only likely. At .5, .6, .7 and .9 the same incidents are found
#: of four labelled sets that nothing was learned from, and 19, 21, 22 and 29 of 918 mentions are handed off.
DOUBTED_FROM: Final = 0.5
#: Words of the longest message in which a rule may be overruled. In a story the whole means what most of it is about,
#: and the one sentence that a rule saw counts all the same.
MOST_WORDS_OVERRULED: Final = 30
#: How much each part weighs before it is learned from: found with the floors.
VECTOR_SCALE, CONCEPT_SCALE, SIGNAL_SCALE, TOKEN_SCALE = 1.5, 1.5, 0.5, 3.0
#: Tokens that are looked at.
MOST_TOKENS = 96
#: Place in the signals of “no rule fired”.
_QUIET = 2 * len(TRIGGERED)


class Seen(Protocol):
    """A text as the encoder sees it."""

    @property
    def vector(self) -> Floats:
        """Unit length, shape (dimension,)."""

    @property
    def tokens(self) -> Floats:
        """One unit vector a token, shape (tokens, dimension)."""

    @property
    def lower(self) -> Floats | None:
        """What the encoder's lower layers make of it, specials included, shape (tokens, dimension), where it tells."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What the rules made of a message."""

    fired: frozenset[Reason] = frozenset()
    held_back: frozenset[Reason] = frozenset()
    denied: frozenset[Reason] = frozenset()
    """Of those held back: by a negation."""

    @property
    def column(self) -> Floats:
        """One number a reason that fired, one a reason held back, one for neither, shape (2 · reasons + 1,)."""
        column = np.zeros(_QUIET + 1, dtype=np.float32)
        for place, reason in enumerate(TRIGGERED):
            column[place] = reason in self.fired
            column[len(TRIGGERED) + place] = reason in self.held_back
        column[_QUIET] = not self.fired
        return column


class Meaning:
    """Tells reasons by meaning. Holds no state between messages."""

    def __init__(self, weights: Weights, concepts: Concepts, reading: Reading | None = None) -> None:
        """Without a `reading`, messages of every language are seen as they are."""
        self._weights = weights
        self._concepts = concepts
        self._reading = reading

    @classmethod
    def load(cls, file: Path = FILE, *, later: bool = False) -> "Meaning":
        """Read the fitted weights, the concepts and the words of other languages, these `later` on wish.

        Raises `bot.errors.SettingsInvalid` naming the file.
        """
        return cls(read(file), Concepts.load(), Reading.load(later=later))

    def prepare(self) -> None:
        """Reads the words of every language now."""
        if self._reading:
            self._reading.prepare()

    def reads(self, text: str, language: str) -> str:
        """The text that the encoder is to see in place of a message: its words in the language that it knows."""
        return self._reading.of(text, language) if self._reading else text

    def fits(self, identity: str) -> bool:
        """Whether the vectors of an encoder with this identity are those the weights were fitted on."""
        return identity.startswith(self._weights.model)

    def chances(self, text: str, seen: Seen, signals: Signals) -> Mapping[str, float]:
        """The probability of each label, `none` among them; `seen` is what the encoder sees of `reads(text)`."""
        weights = self._weights
        logits = weights.bias + VECTOR_SCALE * (seen.vector @ weights.vector)
        logits = logits + _sum(letter_sequences(text), weights.letters)
        logits = logits + CONCEPT_SCALE * _sum(concept_pairs(text, self._concepts), weights.concepts)
        logits = logits + SIGNAL_SCALE * (signals.column @ weights.signals)
        logits = logits + strongest(seen.tokens, weights.look, weights.look_bias) @ weights.looked
        return probabilities(weights.labels, logits)

    def knows(self, rule: str) -> bool:
        """Whether the weights were fitted with a rule of this name, so that they know what its firing is worth."""
        return rule in self._weights.rules

    def floor(self, text: str, reason: Reason, signals: Signals) -> float:
        """The probability from which this reason brings in a person for this message."""
        if reason in signals.denied and reason is not Reason.DANGER and _is_short(text):
            return FLOOR_DENIED
        if reason in signals.held_back:
            return FLOOR_HELD_BACK
        if self._concepts.asks(sentences(blank_quotations(text))):
            return FLOOR_OF_QUESTIONS
        return _FLOORS.get(reason, FLOOR)

    def like(self, label: str, vector: Floats) -> str:
        """The example of a label that is nearest to a vector; empty where there is none."""
        weights = self._weights
        own = [place for place, meant in enumerate(weights.meant) if meant == label]
        if not own:
            return ""
        return weights.examples[own[int((weights.places[own] @ vector).argmax())]]


def _is_short(text: str) -> bool:
    """Whether a message is no story, in which one clause may deny what another says."""
    return len(text.split()) <= MOST_WORDS_OVERRULED


def likeliest(chances: Mapping[str, float]) -> tuple[str, float]:
    """The likeliest label, `none` among them, and its probability."""
    label = max(chances, key=lambda one: chances[one])
    return label, chances[label]


def strongest(tokens: Floats, look: Floats, bias: Floats) -> Floats:
    """How strongly the most telling token shows each thing that is looked for; not below 0, shape (things,)."""
    if not len(tokens):
        return np.zeros(len(bias), dtype=np.float32)
    shown: Floats = np.maximum((TOKEN_SCALE * product(tokens[:MOST_TOKENS], look) + bias).max(axis=0), 0.0)
    return shown


def _sum(columns: Columns, weights: Floats) -> Floats:
    if not len(columns.places):
        return np.zeros(weights.shape[1], dtype=np.float32)
    summed: Floats = columns.values @ weights[columns.places]
    return summed
