"""A synthetic knowledge base has the size asked for, opens like a real one and keeps what is told apart apart."""

import numpy as np
import pytest

from evaluations.synthetic import PER_ARTICLE, TAG, build
from index.compiled import CompiledEncoder
from index.generation import Generation
from index.hit import Filters
from index.searcher import Searcher
from tests.index import small_centre


@pytest.fixture(scope="module")
def encoder() -> CompiledEncoder:
    return small_centre.encoder()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, encoder: CompiledEncoder) -> Generation:
    folder = tmp_path_factory.mktemp("pool")
    small_centre.ingested(folder)
    real = Generation(folder / "data" / "index", "1")
    target = folder / "synthetic"
    return Generation(target, build(target, encoder, real, 100, 5))


def test_a_synthetic_base_has_the_chunks_and_articles_asked_for(made: Generation) -> None:
    assert len(made.rows) == made.lexical.documents == 100
    assert len(made.articles) == -(-100 // PER_ARTICLE)
    assert len({facts.key.id for facts in made.articles}) == len(made.articles)
    (segment,) = made.segments.values()
    np.testing.assert_allclose(np.linalg.norm(segment.vectors, axis=1), 1.0, atol=1e-5)
    assert all(len(segment.tokens(row)[0]) <= 5 for row in range(100))


def test_a_synthetic_base_is_searched_like_a_real_one(made: Generation, encoder: CompiledEncoder) -> None:
    searcher = Searcher(encoder, made)
    tagged = searcher.search(searcher.question("reset my password"), Filters(tags=(TAG,)), 100)
    assert len(tagged.hits) == sum(TAG in made.facts(row).tags for row in range(100)) == 2 * PER_ARTICLE
    name = made.articles[3].key.id.removeprefix("synthetic/")
    found = searcher.search(searcher.question(name), Filters(), 100)
    assert {hit.chunk.key for hit in found.hits if hit.scores.coverage > 0.9} == {made.articles[3].key}
