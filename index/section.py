"""The chunks of an article in, the section around one of them out, across the chunks it was cut into."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kb.article import Chunk, Span


@dataclass(frozen=True, slots=True)
class Section:
    """The section of an article that a chunk stands in."""

    positions: tuple[int, ...]
    """Of its chunks, in the order of the text."""
    counts: tuple[int, ...]
    """Spans of each chunk."""
    spans: tuple[Span, ...]


def section_of(own: Chunk, article: Iterable[int], chunk_at: Callable[[int], Chunk]) -> Section:
    """The section of `own`; `article` has the positions of all chunks of its article."""
    around = []
    for position in article:
        chunk = chunk_at(position)
        if chunk.anchor == own.anchor and chunk.heading_path == own.heading_path:
            around.append((chunk.ordinal, position, chunk))
    around.sort(key=lambda one: one[0])
    return Section(
        tuple(position for _, position, _ in around),
        tuple(len(chunk.spans) for *_, chunk in around),
        tuple(span for *_, chunk in around for span in chunk.spans),
    )
