"""Sentences that stand for a reason in, the changes of the encoder that tell them at a second look out. Needs torch."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.dialogue.triggers.closer import Closer
from bot.dialogue.triggers.reading import Reading
from bot.dialogue.triggers.wordlists import digest
from evaluations.adapting import MOST_TOKENS, Progress, adapt
from evaluations.prototypes import Prototype
from index.compiled import CompiledEncoder
from index.errors import ModelMissing

_AT_ONCE = 256


def fitted(
    sentences: Sequence[Prototype], encoder: CompiledEncoder, source: Path, progress: Progress
) -> Closer:
    """The fitted second look; `source` is the folder of the encoder's own weights.

    Raises `ModelMissing` where the encoder does not tell what its lower layers make of a text.
    """
    labels = tuple(sorted({one.label for one in sentences}))
    adapted = adapt(
        source,
        list(_seen(sentences, encoder)),
        [labels.index(one.label) for one in sentences],
        len(labels),
        progress=progress,
    )
    return Closer(
        model=encoder.identity.split("-")[0],
        lists=digest(),
        labels=labels,
        changes=adapted.changes,
        vector=adapted.vector,
        look=adapted.look,
        look_bias=adapted.look_bias,
        looked=adapted.looked,
        bias=adapted.bias,
    )


def _seen(
    sentences: Sequence[Prototype], encoder: CompiledEncoder
) -> Iterator[npt.NDArray[np.floating[Any]]]:
    """What the lower layers make of each sentence, two bytes a number: all of them are kept at once."""
    reading = Reading.load()
    texts = [reading.of(one.text, one.language) for one in sentences]
    for first in range(0, len(texts), _AT_ONCE):
        for one in encoder.encode(texts[first : first + _AT_ONCE], lower=True):
            if one.lower is None:
                raise ModelMissing(
                    "A second look can only be fitted to a BERT: this model does not tell what its lower layers make "
                    "of a text."
                )
            yield one.lower[:MOST_TOKENS].astype(np.float16)
