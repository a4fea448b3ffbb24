"""A generation in, what was read from it out: read once, and kept until another generation is asked about."""

from collections.abc import Callable
from typing import Generic, TypeVar

from index.generation import Generation

Value = TypeVar("Value")


class OncePerGeneration(Generic[Value]):
    """Remembers what the last generation said. Two threads that ask at once may both read it; both get the same."""

    def __init__(self, read: Callable[[Generation], Value]) -> None:
        self._read = read
        self._known: tuple[Generation, Value] | None = None

    def of(self, generation: Generation) -> Value:
        """What `read` makes of the generation. What it raises is raised, and the next one who asks tries again."""
        known = self._known
        if known is None or known[0] is not generation:
            known = self._known = (generation, self._read(generation))
        return known[1]
