"""Which conversations figures are about."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Filter:
    """Of each, empty is all."""

    language: str = ""
    channel: str = ""
    product: str = ""
    tag: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it asks for all conversations."""
        return not (self.language or self.channel or self.product or self.tag)
