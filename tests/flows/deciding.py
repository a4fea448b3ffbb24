"""Services whose confidence is what a test needs, so that no test depends on how the model was fitted."""

import dataclasses
import functools
from collections.abc import Iterator
from contextlib import contextmanager

from bot.answering.dialogue import Dialogue
from bot.composition import Services, real_chance
from bot.dialogue.confidence import ConfidenceModel
from bot.randomness import Chance
from bot.settings import load
from tests.index import small_centre
from tests.index.small_centre import Centre

#: Thresholds that make every searched question end one way.
ALWAYS_ANSWER = (1e-9, 0.0)
NEVER_ANSWER = (2.0, 2.0)
ASK_BACK = (2.0, 0.0)


@functools.cache
def _shipped() -> Dialogue:
    return Services(load()).dialogue


def dialogue(thresholds: tuple[float, float]) -> Dialogue:
    """The shipped rules and wording with a plain confidence model: late interaction as it is."""
    threshold, clarify_threshold = thresholds
    model = ConfidenceModel(
        names=("late",),
        means=(0.0,),
        scales=(1.0,),
        weights=(1.0,),
        bias=0.0,
        threshold=threshold,
        clarify_threshold=clarify_threshold,
        figures={},
    )
    return dataclasses.replace(_shipped(), confidence=model)


@contextmanager
def deciding(
    centre: Centre,
    thresholds: tuple[float, float] = ALWAYS_ANSWER,
    chance: Chance | None = None,
    **settings: object,
) -> Iterator[Services]:
    """The real services on real SQLite with the given thresholds."""
    opened = Services(
        load(data=centre.data, **settings),
        chance=chance or real_chance(),
        _encoder=small_centre.encoder(),
        _dialogue=dialogue(thresholds),
    )
    try:
        yield opened
    finally:
        opened.close()
