"""Sentences that stand for a reason in, the changes of the encoder that tell them at a second look out. Needs torch."""

from collections.abc import Sequence
from pathlib import Path

from bot.dialogue.triggers.closer import Closer
from bot.dialogue.triggers.reading import Reading
from bot.dialogue.triggers.wordlists import digest
from evaluations.adapting import MOST_TOKENS, Progress, adapt
from evaluations.prototypes import Prototype


def fitted(sentences: Sequence[Prototype], source: Path, model: str, progress: Progress) -> Closer:
    """The fitted second look; `source` is the folder of the encoder's own weights, `model` names them."""
    reading = Reading.load()
    labels = tuple(sorted({one.label for one in sentences}))
    adapted = adapt(
        source,
        [reading.of(one.text, one.language) for one in sentences],
        [labels.index(one.label) for one in sentences],
        len(labels),
        progress=progress,
    )
    return Closer(
        model=model,
        lists=digest(),
        labels=labels,
        most_tokens=MOST_TOKENS,
        changes=adapted.changes,
        vector=adapted.vector,
        look=adapted.look,
        look_bias=adapted.look_bias,
        looked=adapted.looked,
        bias=adapted.bias,
    )
