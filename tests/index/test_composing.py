"""Rows of new chunks: made in their order while the next batch is already encoded."""

import threading
from collections.abc import Sequence

import pytest

from index import composing
from index.compiled import CompiledEncoder
from index.composing import Composer
from index.encoder import Encoded
from index.words import Analyzer
from kb.chunking import chunk
from kb.markdown import parse

#: Long enough for any machine; a test that needs it has failed.
PATIENCE = 30.0


class Watched:
    """The real encoder, which says what it is given."""

    def __init__(self, encoder: CompiledEncoder) -> None:
        self._encoder = encoder
        self.given: list[int] = []
        self.begun = threading.Semaphore(0)
        self.fails_at = -1

    @property
    def projection(self) -> object:
        return self._encoder.projection

    @property
    def dimension(self) -> int:
        return self._encoder.dimension

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        self.given.append(len(texts))
        self.begun.release()
        if len(self.given) == self.fails_at:
            raise RuntimeError("the model is gone")
        return self._encoder.encode(texts)


@pytest.fixture
def watched(encoder: CompiledEncoder, monkeypatch: pytest.MonkeyPatch) -> Watched:
    monkeypatch.setattr(composing, "ENCODE_AT_ONCE", 2)
    return Watched(encoder)


def composer(watched: Watched) -> Composer:
    """Of five chunks without titles, so that nothing but them is encoded."""
    chunks = []
    for number in range(5):
        article = parse(
            f"Lamp {number} burns for {number} hours.\n",
            f"lamp-{number}.md",
            default_locale="en",
            locales=frozenset(),
        )
        chunks += [(number, one) for one in chunk(article, lambda text: len(text.split()))]
    return Composer(watched, Analyzer(), None, chunks)  # type: ignore[arg-type]


def test_rows_come_in_their_order_and_each_chunk_is_encoded_once(watched: Watched) -> None:
    made = composer(watched)
    told: list[tuple[int, int]] = []
    watched.given.clear()
    rows = list(made.rows(lambda done, total: told.append((done, total))))
    assert [row.owner for row in rows] == [0, 1, 2, 3, 4]
    assert watched.given == [2, 2, 1]
    assert told == [(0, 5), (2, 5), (4, 5), (5, 5)]
    for row in rows:
        (alone,) = watched.encode(["\n".join(span.text for span in row.chunk.spans)])
        assert len(row.row.pieces) >= len(alone.ids)


def test_the_next_batch_is_encoded_while_rows_are_written(watched: Watched) -> None:
    made = composer(watched)
    watched.begun = threading.Semaphore(0)
    rows = made.rows(lambda done, total: None)
    next(rows)
    # The first row is not written yet, and the second batch is with the encoder.
    assert watched.begun.acquire(timeout=PATIENCE)
    assert watched.begun.acquire(timeout=PATIENCE)
    assert len(list(rows)) == 4


def test_what_the_encoder_raises_reaches_whoever_writes(watched: Watched) -> None:
    made = composer(watched)
    watched.given.clear()
    watched.fails_at = 2
    rows = made.rows(lambda done, total: None)
    with pytest.raises(RuntimeError, match="the model is gone"):
        list(rows)
