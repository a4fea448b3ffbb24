"""Sketches in lists bring what is near, say what they left out, and bring that too where it may be nearer."""

import json
from pathlib import Path

import numpy as np
import pytest

import index.builder
import index.sketches
import index.vectors
import index.writing
from index.aside import ALONE, Aside
from index.brought import Brought, Wider
from index.compiled import CompiledEncoder
from index.encoder import Floats
from index.errors import GenerationRefused
from index.generation import Generation
from index.hit import Filters
from index.lists import SketchLists, read_lists, write_lists
from index.searcher import Searcher
from index.sketches import Sketches
from index.vectors import Block, VectorIndex
from tests.index import small_centre
from tests.index.small_centre import Centre

ROWS, DIMENSION, TOPICS = 6000, 24, 40


@pytest.fixture(scope="module")
def vectors() -> Floats:
    """Rows around a few topics."""
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(TOPICS, DIMENSION))[rng.integers(TOPICS, size=ROWS)]
    rows += rng.normal(scale=0.4, size=rows.shape)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture(scope="module")
def lists(vectors: Floats, tmp_path_factory: pytest.TempPathFactory) -> SketchLists:
    folder = tmp_path_factory.mktemp("lists")
    write_lists(folder, vectors, DIMENSION // 3)
    found = read_lists(folder)
    assert found is not None
    return found


def test_the_first_look_compares_some_lists_and_says_what_the_others_may_hold(
    lists: SketchLists, vectors: Floats
) -> None:
    missed = compared = 0
    for question in vectors[::97]:
        found = lists.nearest(question, 100)
        assert 0 < found.lists < len(lists._sizes)
        assert len({*found.rows.tolist()}) == 100
        assert found.cosines.tolist() == sorted(found.cosines.tolist(), reverse=True)
        # Of the nearest rows, those that are nearer than it says have been brought.
        nearer = np.flatnonzero(
            vectors @ question > max(found.beyond, float(found.cosines[-1]) + lists.error)
        )
        missed += len({*nearer.tolist()} - {*found.rows.tolist()})
        compared += len(nearer)
    assert compared > 100
    assert missed <= 0.02 * compared


@pytest.mark.parametrize("aside", [ALONE, Aside(2)], ids=["alone", "aside"])
@pytest.mark.parametrize("least", [0.8, 0.5, 0.0, -2.0])
def test_a_wider_look_leaves_out_nothing_that_may_be_as_near_and_keeps_what_was_brought(
    lists: SketchLists, vectors: Floats, least: float, aside: Aside
) -> None:
    for question in vectors[::601]:
        first = lists.nearest(question, 50, aside)
        wider = lists.nearest(question, 50, aside, Wider(least, first))
        assert wider.beyond <= least
        assert wider.lists >= first.lists
        assert len({*wider.rows.tolist()}) == 50
        surely = first.cosines > wider.cosines[-1]
        assert {*first.rows[surely].tolist()} <= {*wider.rows.tolist()}
        if least == -2.0:
            assert wider.lists == len(lists._sizes)


class Remembering:
    """Lists that remember how many of them each look compared."""

    def __init__(self, lists: SketchLists) -> None:
        self._lists, self.rows, self.error = lists, lists.rows, lists.error
        self.looks: list[int] = []

    def nearest(
        self, vector: Floats, count: int, aside: Aside = ALONE, wider: Wider | None = None
    ) -> Brought:
        found = self._lists.nearest(vector, count, aside, wider)
        self.looks.append(found.lists)
        return found


@pytest.fixture
def few_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search sees few rows at first, so that few lists are enough for it."""
    for name, value in (("SEEN", 50), ("SEEN_EACH", 5), ("AHEAD", 100), ("FEW", 0)):
        monkeypatch.setattr(index.vectors, name, value)


@pytest.mark.usefixtures("few_seen")
@pytest.mark.parametrize("share", [1.0, 0.5, 0.05, 0.002])
def test_a_search_in_some_of_the_lists_finds_what_an_exact_one_finds(
    lists: SketchLists, vectors: Floats, share: float
) -> None:
    some = Remembering(lists)
    stored = VectorIndex([Block(0, np.arange(ROWS), vectors, some)], DIMENSION)
    mask = np.random.default_rng(5).random(ROWS) < share
    places = np.flatnonzero(mask)
    found = []
    for row in range(0, ROWS, 197):
        positions, _ = stored.search(vectors[row], 10, mask)
        exact = places[np.argsort(-(vectors[places] @ vectors[row]), kind="stable")[:10]]
        assert len(positions) == len(exact)
        found.append(len({*exact.tolist()} & {*positions.tolist()}) / len(exact))
    assert np.mean(found) >= 0.99
    if share == 1.0:
        assert min(some.looks) < len(lists._sizes)


@pytest.mark.usefixtures("few_seen")
def test_a_filter_that_leaves_out_the_whole_neighbourhood_has_further_lists_compared(
    lists: SketchLists, vectors: Floats
) -> None:
    question = vectors[17]
    mask = vectors @ question < 0.2
    some = Remembering(lists)
    stored = VectorIndex([Block(0, np.arange(ROWS), vectors, some)], DIMENSION)
    positions, _ = stored.search(question, 30, mask)
    places = np.flatnonzero(mask)
    exact = places[np.argsort(-(vectors[places] @ question), kind="stable")[:30]]
    assert positions.tolist() == exact.tolist()


@pytest.mark.usefixtures("few_seen")
def test_where_anything_may_be_missed_every_list_is_compared(lists: SketchLists, vectors: Floats) -> None:
    doubtful = Remembering(SketchLists(lists._index, lists.error, spread=4.0))
    stored = VectorIndex([Block(0, np.arange(ROWS), vectors, doubtful)], DIMENSION)
    for question in vectors[::997]:
        doubtful.looks.clear()
        stored.search(question, 10)
        assert doubtful.looks[0] < doubtful.looks[1] == len(lists._sizes)


@pytest.fixture
def low_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sketches from ten rows on."""
    for module in (index.writing, index.builder):
        monkeypatch.setattr(module, "SKETCH_ROWS", 10)
    monkeypatch.setattr(index.vectors, "FEW", 0)


def opened(centre: Centre) -> Generation:
    with centre.services() as services:
        published = services.shelf.generation()
        assert published is not None
        return Generation(services.settings.index_root, published.name)


@pytest.mark.usefixtures("low_bar")
def test_a_very_large_segment_of_before_there_were_lists_gets_them_with_the_next_edit(
    tmp_path: Path, encoder: CompiledEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre = small_centre.ingested(tmp_path)
    assert isinstance(opened(centre).segments[1].sketches, Sketches)
    monkeypatch.setattr(index.sketches, "LISTED_ROWS", 10)
    centre.write("en/extra.md", "An extra page about lamps.\n")
    centre.ingest()
    generation = opened(centre)
    assert isinstance(generation.segments[1].sketches, SketchLists)
    searcher = Searcher(encoder, generation)
    best = searcher.search(searcher.question("how do I cancel my order"), Filters(), 3).hits[0]
    assert best.chunk.key.id == "orders/cancel"


@pytest.mark.usefixtures("low_bar")
@pytest.mark.parametrize("damage", ["empty", "cut", "flat", "no figures", "other figures"])
def test_damaged_lists_are_refused_in_a_sentence(
    tmp_path: Path, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.sketches, "LISTED_ROWS", 10)
    centre = small_centre.ingested(tmp_path)
    segment = centre.data / "index/segments/1"
    path, figures = segment / "lists.faiss", segment / "lists.json"
    content = path.read_bytes()
    assert not (segment / "sketches.faiss").exists()
    if damage == "no figures":
        figures.unlink()
    elif damage == "other figures":
        figures.write_text(json.dumps({"error": "far"}), encoding="utf-8")
    else:
        path.unlink()
        path.write_bytes({"empty": b"", "cut": content[: len(content) // 2], "flat": b"[1]\n"}[damage])
    with pytest.raises(GenerationRefused, match="tierzero reindex"):
        opened(centre)
