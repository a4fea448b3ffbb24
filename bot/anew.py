"""A step that is decided again where somebody else's came first."""

from collections.abc import Callable
from typing import Final, TypeVar

from bot.randomness import Chance

#: How often a step is decided in all.
TRIES: Final = 14
#: Seconds waited before the second try, at most; twice as long before each further one, so that writers who keep
#: meeting part, up to `LONGEST_PAUSE`. All together they are three seconds and a half at most.
FIRST_PAUSE: Final = 0.01
LONGEST_PAUSE: Final = 0.4

_T = TypeVar("_T")


def anew(chance: Chance, step: Callable[[], _T], moved: type[Exception]) -> _T:
    """What `step` gives, which reads, decides and stores; it is made again where it raises `moved`.

    Raises the last `moved` when others were first every time.
    """
    for attempt in range(TRIES - 1):
        try:
            return step()
        except moved:
            chance.pause(chance.random.uniform(0.5, 1.0) * min(LONGEST_PAUSE, FIRST_PAUSE * 2**attempt))
    return step()
