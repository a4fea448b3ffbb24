"""The chunks of an article in, the section around one of them out, across the chunks it was cut into."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.segment import NO_SPAN, Bytes, SignedBytes
from kb.article import Chunk, Span

_Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the tokens of a chunk stand; worked out once, since customers ask about the same few sections."""

    tokens: SignedBytes
    """All of them, compressed."""
    head: _Places
    """Those of title and headings."""
    inside: _Places
    """Those that stand in a span, in the order of the text, so that those of one span are neighbours."""
    starts: _Places
    """The first token of each span that has one, as a place in `inside`."""
    spans: _Places
    """Which spans of the chunk those are, ascending."""

    @property
    def count(self) -> int:
        """Spans up to the last one that has a token: one beyond the encoder's limit has none."""
        return int(self.spans[-1]) + 1 if len(self.spans) else 0


@dataclass(frozen=True, slots=True)
class Section:
    """The section of an article that a chunk stands in."""

    positions: tuple[int, ...]
    """Of its chunks, in the order of the text."""
    counts: tuple[int, ...]
    """Spans of each chunk."""
    layouts: tuple[Layout, ...]
    """Of each chunk."""
    spans: tuple[Span, ...]


def layout_of(tokens: SignedBytes, spans: Bytes) -> Layout:
    """The layout of a chunk from its tokens and the span of each."""
    inside = (spans != NO_SPAN).nonzero()[0]
    present = spans[inside]
    starts = np.flatnonzero(np.diff(present, prepend=NO_SPAN))
    return Layout(tokens, (spans == NO_SPAN).nonzero()[0], inside, starts, present[starts].astype(np.int64))


def section_of(
    own: Chunk,
    article: Iterable[int],
    chunk_at: Callable[[int], Chunk],
    tokens_at: Callable[[int], tuple[SignedBytes, Bytes]],
) -> Section:
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
        tuple(layout_of(*tokens_at(position)) for _, position, _ in around),
        tuple(span for *_, chunk in around for span in chunk.spans),
    )
