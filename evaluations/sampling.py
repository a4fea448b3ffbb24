"""Queries in, the same random few of them out every time."""

import random
from collections.abc import Sequence
from typing import TypeVar

_SEED = 7
Item = TypeVar("Item")


def drawn(items: Sequence[Item], most: int | None) -> tuple[Item, ...]:
    """At most `most` of the items, drawn without replacement and left in their order; all for None."""
    if most is None or most >= len(items):
        return tuple(items)
    # Chance for a sample, not for a secret.
    places = random.Random(_SEED).sample(range(len(items)), most)  # noqa: S311
    return tuple(items[place] for place in sorted(places))
