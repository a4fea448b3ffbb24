"""A small change of one linear map of a model."""

from dataclasses import dataclass

from index.encoder import Floats


@dataclass(frozen=True, slots=True)
class Change:
    """What is added to one linear map."""

    down: Floats
    """Shape (inputs, rank)."""
    up: Floats
    """Shape (rank, outputs)."""
