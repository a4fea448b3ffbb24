"""What a look at sketches brings, whichever kind of sketches they are."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.aside import ALONE, Aside
from index.encoder import Floats

Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Brought:
    """The rows of a segment whose sketches are nearest to a question."""

    rows: Places
    """Nearest first."""
    cosines: Floats
    """By their sketches, in the order of the rows."""
    beyond: float = -np.inf
    """No row whose sketch was not compared is nearer than this, but for one in a hundred; a cosine."""
    lists: int = 0
    """How many lists of rows were compared."""


@dataclass(frozen=True, slots=True)
class Wider:
    """A look that did not reach far enough."""

    least: float
    """All rows that may be nearer than this are wanted; a cosine."""
    known: Brought
    """What it brought for the same question."""


class Sketched(Protocol):
    """The sketches of a segment's rows, in memory."""

    @property
    def rows(self) -> int:
        """How many there are."""

    @property
    def error(self) -> float:
        """How much nearer than its sketch says a row is, but for three in a hundred; a difference of cosines."""

    def nearest(
        self, vector: Floats, count: int, aside: Aside = ALONE, wider: "Wider | None" = None
    ) -> Brought:
        """The `count` rows whose sketches are nearest, of those that are likely to be near.

        `Brought.beyond` says what may be missed by that; `wider` asks for what is.
        """
