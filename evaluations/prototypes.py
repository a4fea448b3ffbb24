"""Sentences that stand for a reason in, the fitted weights that tell reasons by meaning out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.dialogue.datafile import MappingReader, read_yaml
from bot.dialogue.triggers import Triggers
from bot.dialogue.triggers.concepts import Concepts
from bot.dialogue.triggers.features import (
    CONCEPT_BUCKETS,
    LETTER_BUCKETS,
    Columns,
    concept_pairs,
    letter_sequences,
)
from bot.dialogue.triggers.meaning import CONCEPT_SCALE, MOST_TOKENS, SIGNAL_SCALE, VECTOR_SCALE
from bot.dialogue.triggers.reading import Reading
from bot.dialogue.triggers.weights import NONE, Weights
from bot.dialogue.triggers.wordlists import digest
from evaluations.labelled import Message
from evaluations.learner import Part, Rows, Tokens, fit_parts, logits
from evaluations.triggers import LABELS
from index.encoder import Encoded, Encoder

PROTOTYPES = Path(__file__).parents[1] / "bot" / "dialogue" / "triggers" / "prototypes"
_BATCH = 32
#: Examples kept a label to explain with: the file would grow with every sentence otherwise.
_MOST_EXAMPLES = 150


@dataclass(frozen=True, slots=True)
class Prototype:
    """One sentence with the reason it stands for, or `none`."""

    text: str
    label: str
    language: str
    trade: str
    """Whose customers might have written it: the end of the file's name. A trade is held out as one."""


def prototypes(folder: Path = PROTOTYPES) -> tuple[Prototype, ...]:
    """The sentences of every `LANGUAGE.yaml` and `LANGUAGE-TRADE.yaml`. Raises `bot.errors.SettingsInvalid`."""
    found = []
    for file in sorted(folder.glob("*.yaml")):
        language, _, trade = file.stem.partition("-")
        reader = MappingReader(file, "the file", read_yaml(file))
        reader.only(*LABELS)
        found += [Prototype(line, label, language, trade) for label in LABELS for line in reader.lines(label)]
    return tuple(found)


def of(messages: Sequence[Message]) -> tuple[Prototype, ...]:
    """Labelled messages as prototypes."""
    return tuple(Prototype(message.text, message.label, message.language, "") for message in messages)


def encoded(encoder: Encoder, sentences: Sequence[Prototype], reading: Reading) -> list[Encoded]:
    """The sentences as the encoder sees them when they are told by their meaning."""
    texts = [reading.of(one.text, one.language) for one in sentences]
    return [
        one for first in range(0, len(texts), _BATCH) for one in encoder.encode(texts[first : first + _BATCH])
    ]


def rows(
    sentences: Sequence[Prototype], seen: Sequence[Encoded], triggers: Triggers, concepts: Concepts
) -> Rows:
    """Everything that a message is told by, one row a sentence."""
    return Rows(
        vector=np.stack([one.vector for one in seen]).astype(np.float32) * VECTOR_SCALE,
        letters=_sparse(sentences, letter_sequences, LETTER_BUCKETS),
        concepts=_sparse(sentences, lambda text: concept_pairs(text, concepts), CONCEPT_BUCKETS)
        * CONCEPT_SCALE,
        signals=np.stack([triggers.signals(one.text, one.language).column for one in sentences])
        * SIGNAL_SCALE,
        tokens=Tokens.of([one.tokens[:MOST_TOKENS] for one in seen]),
    )


def fit(
    sentences: Sequence[Prototype], seen: Sequence[Encoded], rows: Rows, *, model: str, rules: frozenset[str]
) -> Weights:
    """The fitted weights; `rules` are the names of those behind the signals, `model` names the encoder's weights."""
    labels = tuple(sorted({one.label for one in sentences}))
    fitted = fit_parts(rows, np.asarray([labels.index(one.label) for one in sentences]), len(labels))
    kept = _examples(sentences)
    return Weights(
        model=model,
        labels=labels,
        vector=fitted[Part.VECTOR],
        letters=fitted[Part.LETTERS],
        concepts=fitted[Part.CONCEPTS],
        signals=fitted[Part.SIGNALS],
        look=fitted[Part.LOOK],
        look_bias=fitted[Part.LOOK_BIAS],
        looked=fitted[Part.LOOKED],
        bias=fitted[Part.BIAS],
        examples=tuple(sentences[place].text for place in kept),
        meant=tuple(sentences[place].label for place in kept),
        rules=rules,
        lists=digest(),
        places=np.stack([seen[place].vector for place in kept]).astype(np.float32),
    )


def held_out(sentences: Sequence[Prototype], rows: Rows) -> list[tuple[Prototype, str]]:
    """Each sentence of a trade with the likeliest label by weights that saw none of that trade."""
    labels = tuple(sorted({one.label for one in sentences}))
    wanted = np.asarray([labels.index(one.label) for one in sentences])
    trades = np.asarray([one.trade for one in sentences])
    told = []
    for trade in sorted(set(trades) - {""}):
        others, own = np.flatnonzero(trades != trade), np.flatnonzero(trades == trade)
        guessed = logits(fit_parts(rows.only(others), wanted[others], len(labels)), rows.only(own))
        told += [
            (sentences[place], labels[best])
            for place, best in zip(own.tolist(), guessed.argmax(axis=1), strict=True)
        ]
    return told


def _examples(sentences: Sequence[Prototype]) -> list[int]:
    """English sentences first, the shortest: they explain best."""
    kept = []
    for label in LABELS:
        own = [place for place, one in enumerate(sentences) if one.label == label != NONE]
        own.sort(key=lambda place: (sentences[place].language != "en", len(sentences[place].text), place))
        kept += own[:_MOST_EXAMPLES]
    return kept


def _sparse(sentences: Sequence[Prototype], counted: Callable[[str], Columns], buckets: int) -> Any:
    from scipy.sparse import csr_matrix

    found = [counted(one.text) for one in sentences]
    starts = np.cumsum([0, *(len(columns.places) for columns in found)])
    places = np.concatenate([columns.places for columns in found])
    values = np.concatenate([columns.values for columns in found])
    return csr_matrix((values, places, starts), shape=(len(sentences), buckets))
