"""What several threads search is what one finds; errors reach who asked, and a crowd never waits for itself."""

import gc
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

import faiss
import numpy as np
import pytest

import index.candidates
import index.vectors
import index.writing
from index.aside import ALONE, Aside
from index.brought import Brought, Wider
from index.encoder import Floats
from index.generation import Generation
from index.hit import Filters
from index.lists import SketchLists, write_lists
from index.searcher import Question, Searcher
from tests.index import small_centre

ROWS, DIMENSION = 3010, 24
#: By how much a cosine of a sketch may differ between two looks.
TABLES = 0.01


@pytest.fixture(scope="module")
def vectors() -> Floats:
    rows = np.random.default_rng(3).normal(size=(ROWS, DIMENSION))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture(scope="module")
def folder(vectors: Floats, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sketches")
    write_lists(folder, vectors, DIMENSION // 3)
    return folder


def in_parts(folder: Path, rows: int) -> SketchLists:
    read = faiss.read_index(str(folder / "lists.faiss"))
    return SketchLists(read, 0.0, 0.0, part_rows=rows)


#: All lists are asked for.
EVERYTHING = Wider(-2.0, Brought(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)))


@pytest.mark.parametrize("rows", [1600, 1000, 700, 50])
@pytest.mark.parametrize("aside", [ALONE, Aside(2)], ids=["alone", "aside"])
def test_sketches_in_parts_bring_what_they_bring_as_a_whole(
    folder: Path, vectors: Floats, rows: int, aside: Aside
) -> None:
    whole, parts = in_parts(folder, ROWS), in_parts(folder, rows)
    assert parts.rows == whole.rows == ROWS
    for question in vectors[::301]:
        for count in (1, 37, 1500, ROWS, 2 * ROWS):
            found = whole.nearest(question, count, wider=EVERYTHING)
            by_parts = parts.nearest(question, count, aside, EVERYTHING)
            # Of a part, FAISS keeps fewer digits than of all: its tables have room for the lists that are asked for.
            np.testing.assert_allclose(by_parts.cosines, found.cosines, atol=TABLES, rtol=0)
            assert found.lists == by_parts.lists
            # Of equals at the end any will do.
            surely = found.cosines > found.cosines[-1] + 2 * TABLES
            assert {*found.rows[surely].tolist()} <= {*by_parts.rows.tolist()}
            assert len({*by_parts.rows.tolist()}) == len(by_parts.rows) == min(count, ROWS)


def test_work_is_done_once_and_its_result_given() -> None:
    done: list[int] = []

    def work(number: int) -> int:
        done.append(number)
        return number * 2

    for aside in (ALONE, Aside(2)):
        done.clear()
        results = [aside.start(lambda number=number: work(number)) for number in range(50)]  # type: ignore[misc]
        assert [result() for result in results] == [number * 2 for number in range(50)]
        assert sorted(done) == [*range(50)]


def failing(*_: object, **__: object) -> NoReturn:
    raise ValueError("this part is broken")


@pytest.mark.parametrize("aside", [ALONE, Aside(1)], ids=["alone", "aside"])
def test_an_error_reaches_who_asked(aside: Aside) -> None:
    result = aside.start(failing)
    with pytest.raises(ValueError, match="this part is broken"):
        result()
    assert aside.start(lambda: 1)() == 1


def test_what_nobody_has_begun_is_done_by_who_asks() -> None:
    aside, stop = Aside(1), threading.Event()
    busy = aside.start(stop.wait)
    own: list[str] = []
    # The only thread is taken, and yet there is a result.
    assert aside.start(lambda: own.append(threading.current_thread().name) or 7)() == 7  # type: ignore[func-returns-value]
    assert own == [threading.current_thread().name]
    stop.set()
    assert busy()


def test_threads_end_with_what_they_belong_to() -> None:
    aside = Aside(1)
    thread = aside.start(threading.current_thread)()
    while thread is threading.current_thread():
        thread = aside.start(threading.current_thread)()
    assert thread.is_alive()
    del aside
    gc.collect()
    thread.join(20)
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    """A small knowledge base with sketches."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index.writing, "SKETCH_ROWS", 10)
        centre = small_centre.ingested(tmp_path_factory.mktemp("aside"))
    with centre.services() as services:
        published = services.shelf.generation()
        assert published is not None
        return Generation(services.settings.index_root, published.name)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """The smallest knowledge base counts as a large one."""
    monkeypatch.setattr(index.candidates, "ASIDE_ROWS", 0)
    monkeypatch.setattr(index.vectors, "FEW", 0)


QUESTIONS = ("how do I cancel my order", "E-17", "delivery to Norway", "contraseña", "zzz", "", "lamp")
FILTERS = (
    Filters(),
    Filters(audience="agent"),
    Filters(locales=("es",)),
    Filters(tags=("orders",)),
    Filters(tags=("none",)),
)


def answers(searcher: Searcher, questions: Sequence[Question]) -> list[object]:
    return [searcher.search(question, filters, 5).hits for question in questions for filters in FILTERS]


def searcher_of(generation: Generation, aside: Aside) -> Searcher:
    searcher = Searcher(small_centre.encoder(), generation)
    searcher._aside = aside
    return searcher


@pytest.mark.usefixtures("large")
def test_threads_beside_change_no_hit_and_no_score(generation: Generation) -> None:
    searcher = searcher_of(generation, Aside(2))
    # Encoded once: a vector is not the same to its last bit when questions share a run of the encoder.
    questions = [searcher.question(text) for text in QUESTIONS]
    alone = answers(searcher_of(generation, ALONE), questions)
    assert answers(searcher, questions) == alone
    with ThreadPoolExecutor(8) as crowd:
        assert [*crowd.map(answers, [searcher] * 8, [questions] * 8)] == [alone] * 8


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("broken", ["words", "vectors"])
def test_a_search_one_half_of_which_breaks_raises_it_and_the_next_one_answers(
    generation: Generation, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    searcher = searcher_of(generation, Aside(2))
    question = searcher.question("how do I cancel my order")
    with monkeypatch.context() as patch:
        part = generation.lexical if broken == "words" else generation.vectors
        patch.setattr(part, "search", failing)
        with pytest.raises(ValueError, match="this part is broken"):
            searcher.search(question, Filters(), 5)
    assert searcher.search(question, Filters(), 5).hits[0].chunk.key.id == "orders/cancel"


def test_a_small_knowledge_base_wakes_no_thread(generation: Generation) -> None:
    searcher = searcher_of(generation, Aside(2))
    started: list[Callable[[], object]] = []
    searcher._aside.start = started.append  # type: ignore[method-assign,assignment]
    assert searcher.search(searcher.question("cancel my order"), Filters(), 5).hits
    assert not started
