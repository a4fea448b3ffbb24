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
from evaluations.retyped import retyped
from index.compiled import CompiledEncoder
from index.errors import ModelMissing

_AT_ONCE = 256
#: Sentences that are learned from as typed in haste too: customers' messages are, and most sentences are not.
_RETYPED = 0.6
_SEED = 7


def fitted(
    sentences: Sequence[Prototype], encoder: CompiledEncoder, source: Path, progress: Progress
) -> Closer:
    """The fitted second look; `source` is the folder of the encoder's own weights.

    Raises `ModelMissing` where the encoder does not tell what its lower layers make of a text.
    """
    labels = tuple(sorted({one.label for one in sentences}))
    chance = np.random.default_rng(_SEED)
    again = [place for place in range(len(sentences)) if chance.random() < _RETYPED]
    texts = [(one.text, one.language) for one in sentences]
    typed = [(retyped(*texts[place], chance), texts[place][1]) for place in again]
    adapted = adapt(
        source,
        list(_seen(texts, encoder)),
        [labels.index(one.label) for one in sentences],
        len(labels),
        other_forms=dict(zip(again, _seen(typed, encoder), strict=True)),
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
    texts: Sequence[tuple[str, str]], encoder: CompiledEncoder
) -> Iterator[npt.NDArray[np.floating[Any]]]:
    """What the lower layers make of texts with their languages, two bytes a number: all of them are kept at once."""
    reading = Reading.load()
    for first in range(0, len(texts), _AT_ONCE):
        read = [reading.of(*one) for one in texts[first : first + _AT_ONCE]]
        for one in encoder.encode(read, lower=True):
            if one.lower is None:
                raise ModelMissing(
                    "A second look can only be fitted to a BERT: this model does not tell what its lower layers make "
                    "of a text."
                )
            yield one.lower[:MOST_TOKENS].astype(np.float16)
