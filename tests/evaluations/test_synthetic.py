"""A synthetic knowledge base has the size asked for, opens like a real one and keeps what is told apart apart."""

from pathlib import Path

import numpy as np
import pytest

import evaluations.scale_bases
from evaluations.scale_bases import Bases
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
def real(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    folder = tmp_path_factory.mktemp("pool")
    small_centre.ingested(folder)
    return Generation(folder / "data" / "index", "1")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, encoder: CompiledEncoder, real: Generation) -> Generation:
    target = tmp_path_factory.mktemp("synthetic")
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


def test_a_base_is_built_once_and_found_again(
    tmp_path: Path, encoder: CompiledEncoder, real: Generation
) -> None:
    first = Bases(tmp_path / "bases", encoder, real, 5).base(24)
    written = (first.folder / "generations" / first.name / "manifest.json").stat().st_mtime_ns
    again = Bases(tmp_path / "bases", encoder, real, 5).base(24)
    assert again == first
    assert (again.folder / "generations" / again.name / "manifest.json").stat().st_mtime_ns == written
    assert len(Generation(again.folder, again.name).rows) == 24


def test_a_base_of_another_recipe_is_neither_measured_nor_removed(
    tmp_path: Path, encoder: CompiledEncoder, real: Generation
) -> None:
    base = Bases(tmp_path, encoder, real, 5).base(24)
    with pytest.raises(SystemExit, match="24 holds no base of this recipe"):
        Bases(tmp_path, encoder, real, 4).base(24)
    assert len(Generation(base.folder, base.name).rows) == 24
    (tmp_path / "8").mkdir()
    (tmp_path / "8" / "letter.txt").write_text("mine")
    with pytest.raises(SystemExit, match="8 holds no base"):
        Bases(tmp_path, encoder, real, 5).base(8)
    assert (tmp_path / "8" / "letter.txt").read_text() == "mine"


def test_a_base_whose_building_broke_off_leaves_nothing(
    tmp_path: Path, encoder: CompiledEncoder, real: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(root: Path, *_: object) -> str:
        (root / "half").write_text("…")
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(evaluations.scale_bases, "build", broken)
        with pytest.raises(OSError, match="the disk is full"):
            Bases(tmp_path, encoder, real, 5).base(24)
    assert not [*tmp_path.iterdir()]
    assert Bases(tmp_path, encoder, real, 5).base(24).name == "1"
