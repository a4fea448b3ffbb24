"""What must be true of a day, as one line with its figures."""

from dataclasses import dataclass
from typing import Final

#: Faults of one kind that a line names.
_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Line:
    """Something that must be true of the day."""

    title: str
    of: int
    """How many things it was looked at for."""
    faults: tuple[str, ...]
    """Those for which it is not true."""

    @property
    def holds(self) -> bool:
        """Whether it is true of all of them, and there are any."""
        return not self.faults and self.of > 0

    @property
    def told(self) -> str:
        """As it is printed."""
        named = "; ".join(self.faults[:_NAMED])
        return f"{'holds' if self.holds else 'BROKEN'}  {self.title}: {self.of}" + (
            f", {len(self.faults)} not: {named}" if self.faults else ""
        )
