"""A search looks at what its filter lets through now, whatever it has remembered of filters before."""

import numpy as np
import pytest

from index.encoder import Floats
from index.segment import unit
from index.vectors import SELECTIONS, Block, VectorIndex

ROWS, DIMENSION = 200, 16


@pytest.fixture(scope="module")
def vectors() -> Floats:
    return unit(np.random.default_rng(3).standard_normal((ROWS, DIMENSION)).astype(np.float32))


@pytest.fixture
def stored(vectors: Floats) -> VectorIndex:
    return VectorIndex([Block(0, np.arange(ROWS), vectors)], DIMENSION)


def test_each_of_many_kept_filters_lets_its_own_rows_through(stored: VectorIndex, vectors: Floats) -> None:
    masks = [np.arange(ROWS) % (2 + place) == 0 for place in range(SELECTIONS + 10)]
    for mask in masks:
        mask.flags.writeable = False
    for mask in (*masks, *masks):
        positions, _ = stored.search(vectors[7], ROWS, mask)
        assert sorted(positions.tolist()) == np.flatnonzero(mask).tolist()


def test_filters_that_come_and_go_are_not_taken_for_each_other(stored: VectorIndex, vectors: Floats) -> None:
    for place in range(ROWS):
        mask = np.arange(ROWS) == place
        mask.flags.writeable = False
        assert stored.search(vectors[7], 5, mask)[0].tolist() == [place]


def test_a_filter_that_is_changed_is_looked_at_again(stored: VectorIndex, vectors: Floats) -> None:
    mask = np.arange(ROWS) < 10
    assert max(stored.search(vectors[7], 5, mask)[0]) < 10
    mask[:] = np.arange(ROWS) >= 190
    assert min(stored.search(vectors[7], 5, mask)[0]) >= 190
