"""Sketches bring what an exact search brings, whatever rows are dead or filtered out, and as many results as exist."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import index.builder
import index.reuse
import index.sketches
import index.vectors
import index.writing
from index.aside import Aside
from index.brought import Brought, Sketched, Wider
from index.compiled import CompiledEncoder
from index.encoder import Floats
from index.errors import GenerationRefused
from index.generation import ArticleFacts, Generation
from index.hit import Filters
from index.lists import SketchLists
from index.searcher import Searcher
from index.sketches import Sketches, read_sketches, write_sketches
from index.vectors import Block, Mask, VectorIndex
from tests.index import small_centre
from tests.index.small_centre import Centre

ROWS, DIMENSION = 5000, 24


@pytest.fixture(scope="module")
def vectors() -> Floats:
    """Clusters of clusters, as articles of a help centre are."""
    rng = np.random.default_rng(3)
    topics = rng.normal(size=(40, DIMENSION))
    articles = topics[rng.integers(40, size=500)] + rng.normal(scale=0.5, size=(500, DIMENSION))
    rows = articles[rng.integers(500, size=ROWS)] + rng.normal(scale=0.3, size=(ROWS, DIMENSION))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture(scope="module", params=["one list", "lists"])
def sketches(
    request: pytest.FixtureRequest, vectors: Floats, tmp_path_factory: pytest.TempPathFactory
) -> Sketched:
    """Both kinds of sketches."""
    folder = tmp_path_factory.mktemp("sketches")
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "lists":
            patch.setattr(index.sketches, "LISTED_ROWS", ROWS)
        write_sketches(folder, vectors)
    found = read_sketches(folder)
    assert isinstance(found, SketchLists if request.param == "lists" else Sketches)
    return found


def best(vectors: Floats, vector: Floats, live: Sequence[int], limit: int) -> list[int]:
    """Places in `live`, by an exact search."""
    return np.argsort(-(vectors[live] @ vector), kind="stable")[:limit].tolist()


def agreement(stored: VectorIndex, vectors: Floats, live: list[int], mask: Mask | None, limit: int) -> float:
    """Share of the exact search's results that are found, over many questions; their number must be the same."""
    rng = np.random.default_rng(5)
    places = np.arange(len(live)) if mask is None else np.flatnonzero(mask)
    shares = []
    for row in rng.integers(len(vectors), size=25).tolist():
        question = vectors[row] + rng.normal(scale=0.05, size=DIMENSION)
        question = (question / np.linalg.norm(question)).astype(np.float32)
        positions, cosines = stored.search(question, limit, mask)
        assert len(positions) == len(set(positions.tolist())) == min(limit, len(places))
        assert set(positions.tolist()) <= set(places.tolist())
        assert cosines.tolist() == sorted(cosines.tolist(), reverse=True)
        exact = places[best(vectors, question, np.asarray(live)[places], limit)]
        np.testing.assert_allclose(
            cosines, vectors[np.asarray(live)[positions]] @ question, atol=1e-5, rtol=0
        )
        shares.append(len({*exact.tolist()} & {*positions.tolist()}) / len(exact) if len(exact) else 1.0)
    return float(np.mean(shares))


def test_sketches_find_what_an_exact_search_finds(sketches: Sketched, vectors: Floats) -> None:
    live = list(range(ROWS))
    stored = VectorIndex([Block(0, np.arange(ROWS), vectors, sketches)], DIMENSION)
    assert agreement(stored, vectors, live, None, 10) >= 0.99


class Doubtful:
    """Sketches that say of themselves that they tell nothing, and remember what they were asked for."""

    def __init__(self, sketches: Sketched) -> None:
        self._sketches = sketches
        self.rows, self.error = sketches.rows, 2.0
        self.asked: list[int] = []

    def nearest(self, vector: Floats, count: int, aside: Aside, wider: Wider | None) -> Brought:
        found = self._sketches.nearest(vector, count, aside, wider)
        if not self.asked or self.asked[-1] != count:
            self.asked.append(count)
        return found


def test_who_has_to_see_more_looks_at_every_row_and_scans_twice(sketches: Sketched, vectors: Floats) -> None:
    doubtful: Any = Doubtful(sketches)
    stored = VectorIndex([Block(0, np.arange(ROWS), vectors, doubtful)], DIMENSION)
    assert agreement(stored, vectors, list(range(ROWS)), None, 10) == 1.0
    # 500 and 2,000 rows by the first scan, all of them by the second.
    assert doubtful.asked == [2000, 8000] * 25


def test_dead_rows_never_come_back_from_sketches(sketches: Sketched, vectors: Floats) -> None:
    live = [row for row in range(ROWS) if row % 3]
    stored = VectorIndex([Block(0, np.asarray(live), vectors, sketches)], DIMENSION)
    assert agreement(stored, vectors, live, None, 10) >= 0.99
    for dead in range(0, 60, 3):
        positions, _ = stored.search(vectors[dead], 5)
        assert dead not in {live[position] for position in positions.tolist()}


@pytest.mark.parametrize("share", [0.9, 0.5, 0.2, 0.05, 0.005, 0.0004, 0.0])
@pytest.mark.parametrize("few", [0, index.vectors.FEW])
def test_a_filter_costs_no_recall_however_few_pass(
    sketches: Sketched, vectors: Floats, share: float, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.vectors, "FEW", few)
    mask = np.random.default_rng(9).random(ROWS) < share
    stored = VectorIndex([Block(0, np.arange(ROWS), vectors, sketches)], DIMENSION)
    assert agreement(stored, vectors, list(range(ROWS)), mask, 30) >= 0.99


def test_a_filter_that_leaves_out_the_whole_neighbourhood_costs_no_recall(
    sketches: Sketched, vectors: Floats, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As a question in one language does that asks for articles in another.
    monkeypatch.setattr(index.vectors, "FEW", 0)
    question = vectors[17]
    mask = vectors @ question < 0.2
    stored = VectorIndex([Block(0, np.arange(ROWS), vectors, sketches)], DIMENSION)
    positions, _ = stored.search(question, 30, mask)
    places = np.flatnonzero(mask)
    assert positions.tolist() == places[best(vectors, question, places.tolist(), 30)].tolist()


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_large_and_small_segments_give_one_order(
    sketches: Sketched, vectors: Floats, data: st.DataObject
) -> None:
    seed = data.draw(st.integers(0, 10_000))
    limit = data.draw(st.sampled_from([1, 7, 30, 400, 10**9]))
    keep = data.draw(st.sampled_from([1.0, 0.6, 0.01, 0.0]))
    rng = np.random.default_rng(seed)
    small = rng.normal(size=(int(rng.integers(0, 50)), DIMENSION)).astype(np.float32)
    small /= np.linalg.norm(small, axis=1, keepdims=True)
    live = np.flatnonzero(rng.random(ROWS) < 0.8)
    blocks = [Block(0, live, vectors, sketches), Block(len(live), np.arange(len(small)), small)]
    if rng.random() < 0.5:
        blocks = [
            Block(0, np.arange(len(small)), small),
            Block(len(small), live, vectors, sketches),
        ]
    every = np.concatenate([block.vectors[block.rows] for block in blocks])
    mask = rng.random(len(every)) < keep
    stored = VectorIndex(blocks, DIMENSION)
    question = every[int(rng.integers(len(every)))]
    positions, cosines = stored.search(question, limit, mask)
    assert len(positions) == min(limit, int(mask.sum()))
    assert mask[positions].all()
    np.testing.assert_allclose(cosines, every[positions] @ question, atol=1e-5, rtol=0)
    np.testing.assert_allclose(stored.cosines(question, positions), cosines, atol=1e-6, rtol=0)


def test_an_index_without_rows_finds_nothing() -> None:
    nothing = np.empty((0, 8), dtype=np.float32)
    for blocks in ([], [Block(0, np.empty(0, dtype=np.int64), nothing)]):
        positions, cosines = VectorIndex(blocks, 8).search(np.ones(8, dtype=np.float32), 5)
        assert (positions.tolist(), cosines.tolist()) == ([], [])


@pytest.fixture
def low_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sketchess from ten rows on, and used for as few."""
    for module in (index.writing, index.reuse, index.builder):
        monkeypatch.setattr(module, "SKETCH_ROWS", 10)
    monkeypatch.setattr(index.vectors, "FEW", 0)


def opened(centre: Centre) -> Generation:
    with centre.services() as services:
        published = services.shelf.generation()
        assert published is not None
        return Generation(services.settings.index_root, published.name)


def answers(generation: Generation, filters: Filters, encoder: CompiledEncoder) -> list[list[object]]:
    searcher = Searcher(encoder, generation)
    return [
        [hit.chunk for hit in searcher.search(searcher.question(words), filters, 5).hits]
        for words in ("how do I cancel my order", "E-17", "delivery to Norway", "contraseña", "zzz")
    ]


@pytest.mark.usefixtures("low_bar")
def test_edits_of_a_large_base_keep_its_sketches_and_are_found(
    tmp_path: Path, encoder: CompiledEncoder
) -> None:
    centre = small_centre.ingested(tmp_path)
    first = opened(centre)
    assert [segment.sketches is not None for segment in first.segments.values()] == [True]
    centre.edit("en/returns/send-back.md", "five working days", "eight working days")
    (centre.source / "en/billing/cards.md").unlink()
    centre.ingest()
    second = opened(centre)
    assert [segment.sketches is not None for segment in second.segments.values()] == [True, False]
    everything = {
        hit.chunk.key.id
        for words in ("ways to pay gift card", "money back")
        for hit in _all(second, words, encoder)
    }
    assert "billing/cards" not in everything
    assert "eight working days" in _all(second, "when do I get my money back", encoder)[0].chunk.spans[0].text
    filters = (Filters(), Filters(audience="agent"), Filters(locales=("es",)), Filters(tags=("orders",)))
    edited = [answers(second, one, encoder) for one in filters]
    with centre.services() as services:
        services.ingestion.reindex()
    assert [answers(opened(centre), one, encoder) for one in filters] == edited


def _all(generation: Generation, words: str, encoder: CompiledEncoder) -> Sequence[index.hit.Hit]:
    searcher = Searcher(encoder, generation)
    return searcher.search(searcher.question(words), Filters(audience="agent"), 100).hits


def test_a_large_segment_of_before_there_were_sketches_gets_them_with_the_next_edit(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert opened(centre).segments[1].sketches is None
    monkeypatch.setattr(index.builder, "SKETCH_ROWS", 10)
    centre.write("en/extra.md", "An extra page about lamps.\n")
    centre.ingest()
    assert opened(centre).segments[1].sketches is not None


@pytest.mark.usefixtures("low_bar")
def test_small_segments_are_joined_into_one_with_sketches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.reuse, "MOST_PLAIN", 10)
    centre = small_centre.ingested(tmp_path)
    for turn, pages in enumerate((6, 6, 1, 1)):
        for page in range(pages):
            centre.write(
                f"en/{turn}/{page}.md", f"---\ntitle: {turn}-{page}\n---\nLamp {turn}-{page} glows.\n"
            )
        centre.ingest()
    segments = opened(centre).segments
    assert {number: (one.rows, one.sketches is not None) for number, one in segments.items()} == {
        1: (18, True),
        4: (13, True),
        5: (1, False),
    }


@pytest.mark.usefixtures("low_bar")
@pytest.mark.parametrize("damage", ["empty", "cut", "other"])
def test_damaged_sketches_are_refused_in_a_sentence(tmp_path: Path, damage: str) -> None:
    centre = small_centre.ingested(tmp_path)
    path = centre.data / "index/segments/1/sketches.faiss"
    content = path.read_bytes()
    path.unlink()
    path.write_bytes({"empty": b"", "cut": content[: len(content) // 2], "other": b"[1]\n"}[damage])
    with pytest.raises(GenerationRefused, match="tierzero reindex"):
        opened(centre)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    """A segment with sketches and dead rows, and a small one beside it; sketches are used for any few rows."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (index.writing, index.reuse, index.builder):
            patch.setattr(module, "SKETCH_ROWS", 10)
        patch.setattr(index.vectors, "FEW", 0)
        patch.setattr(index.vectors, "SEEN", 4)
        centre = small_centre.ingested(tmp_path_factory.mktemp("mixed"))
        centre.edit("en/returns/send-back.md", "five working days", "eight working days")
        (centre.source / "en/billing/cards.md").unlink()
        centre.ingest()
        yield opened(centre)


def passes(facts: ArticleFacts, filters: Filters) -> bool:
    """What a filter means, said once more and simply."""
    return (
        filters.audience in ("agent", facts.audience)
        and facts.key.locale in (filters.locales or (facts.key.locale,))
        and facts.product == (filters.product or facts.product)
        and facts.key.id in (filters.article_ids or (facts.key.id,))
        and (not filters.tags or bool(set(filters.tags) & set(facts.tags)))
    )


@settings(max_examples=60, deadline=None)
@given(
    filters=st.builds(
        Filters,
        audience=st.sampled_from(["public", "agent"]),
        locales=st.lists(st.sampled_from(["en", "es", "EN", "xx"]), max_size=2).map(tuple),
        tags=st.lists(st.sampled_from(["orders", "devices", "internal", "none", ""]), max_size=2).map(tuple),
        product=st.sampled_from(["", "", "Brewer One", "Brewer"]),
        article_ids=st.lists(
            st.sampled_from(["orders/cancel", "account/password", "agents/goodwill", "gone"]), max_size=2
        ).map(tuple),
    ),
    words=st.sampled_from(["cancel my order", "zzz", "contraseña", "goodwill voucher", "lamp E-17", "the"]),
    limit=st.sampled_from([1, 3, 20, 1000]),
)
def test_a_filtered_search_returns_as_many_results_as_exist(
    mixed: Generation, encoder: CompiledEncoder, filters: Filters, words: str, limit: int
) -> None:
    searcher = Searcher(encoder, mixed)
    rows = [at for at in range(len(mixed.rows)) if passes(mixed.facts(at), filters)]
    found = searcher.search(searcher.question(words), filters, limit)
    assert len(found.hits) == min(limit, len(rows))
    assert set(found.positions) <= set(rows)
    assert len(set(found.positions)) == len(found.positions)
