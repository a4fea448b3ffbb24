"""Sentences that stand for a reason in, the fitted weights that tell reasons by meaning out."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.dialogue.datafile import MappingReader, read_yaml
from bot.dialogue.triggers.meaning import BUCKETS, NONE, Weights, letter_sequences
from evaluations.labelled import Message
from evaluations.triggers import LABELS
from index.encoder import Encoder, Floats

PROTOTYPES = Path(__file__).parents[1] / "bot" / "dialogue" / "triggers" / "prototypes"
#: Inverse strength of the ridge. Of 3, 5, 10 and 30, fitted on the prototypes alone, this one finds most of the
#: other labelled messages at one false alarm in a hundred public ones.
INVERSE_RIDGE = 5.0
_BATCH = 32


@dataclass(frozen=True, slots=True)
class Prototype:
    """One sentence with the reason it stands for, or `none`."""

    text: str
    label: str


def prototypes(folder: Path = PROTOTYPES) -> tuple[Prototype, ...]:
    """The sentences of every `*.yaml` in a folder. Raises `bot.errors.SettingsInvalid`."""
    found = []
    for file in sorted(folder.glob("*.yaml")):
        reader = MappingReader(file, "the file", read_yaml(file))
        reader.only(*LABELS)
        found += [Prototype(line, label) for label in LABELS for line in reader.lines(label)]
    return tuple(found)


def of(messages: Sequence[Message]) -> tuple[Prototype, ...]:
    """Labelled messages as prototypes."""
    return tuple(Prototype(message.text, message.label) for message in messages)


def vectors(encoder: Encoder, texts: Sequence[str]) -> Floats:
    """The unit vectors of texts, shape (texts, dimension)."""
    rows = [
        encoded.vector
        for first in range(0, len(texts), _BATCH)
        for encoded in encoder.encode(texts[first : first + _BATCH])
    ]
    return np.asarray(rows, dtype=np.float32)


def fit(sentences: Sequence[Prototype], encoded: Floats, model: str) -> Weights:
    """A multinomial logistic model over vectors and letter sequences; `encoded` are the sentences' vectors.

    Sentences that stand for a reason are kept as its examples.
    """
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    counted = [letter_sequences(one.text) for one in sentences]
    places = np.concatenate([places for places, _ in counted])
    values = np.concatenate([values for _, values in counted])
    starts = np.cumsum([0, *(len(places) for places, _ in counted)])
    letters = csr_matrix((values, places, starts), shape=(len(sentences), BUCKETS))
    model_fitted = LogisticRegression(C=INVERSE_RIDGE, max_iter=2000)
    model_fitted.fit(hstack([csr_matrix(encoded), letters]).tocsr(), [one.label for one in sentences])
    weights = model_fitted.coef_.T.astype(np.float32)
    dimension = encoded.shape[1]
    kept = [place for place, one in enumerate(sentences) if one.label != NONE]
    return Weights(
        model=model,
        labels=tuple(str(label) for label in model_fitted.classes_),
        vector=weights[:dimension],
        letters=weights[dimension:],
        bias=model_fitted.intercept_.astype(np.float32),
        examples=tuple(sentences[place].text for place in kept),
        meant=tuple(sentences[place].label for place in kept),
        places=encoded[kept],
    )
