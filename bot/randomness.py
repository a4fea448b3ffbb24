"""Where the flows take time and chance from; tests give their own."""

import datetime as dt
import random
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chance:
    """The clock, ids and randomness."""

    now: Callable[[], dt.datetime]
    """Aware, UTC."""
    new_id: Callable[[], str]
    """Unguessable."""
    random: random.Random
    pause: Callable[[float], None] = time.sleep
    """Waits for some seconds."""
