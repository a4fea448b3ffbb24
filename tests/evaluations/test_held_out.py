import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from evaluations.beir import read
from evaluations.corpus_index import open_index
from evaluations.held_out.__main__ import main
from evaluations.held_out.choosing import held_out
from evaluations.held_out.plain import BY_RANK, BY_SCORE, DENSE, PLAIN, WORDS, rankings
from evaluations.held_out.signals import Signals, Weighable, signals_of, weighable
from evaluations.held_out.weighing import GRID, SHIPPED, Weights, ndcg
from evaluations.metrics import measure
from evaluations.retrieval import Asking
from index.compiled import CompiledEncoder
from index.hit import Filters
from index.searcher import Searcher
from tests.evaluations.conftest import CORPUS, write_set


def candidates(rows: Sequence[tuple[str, float, float, float, float]], wanted: dict[str, int]) -> Weighable:
    """A row a passage: its document, cosine, title, words, late interaction."""
    signals = np.asarray([row[1:] for row in rows], dtype=np.float32)
    return weighable(signals, [row[0] for row in rows], wanted)


def a_set(name: str, *queries: Weighable, corpus: str = "") -> Signals:
    plain = {way: np.full(len(queries), 0.5, dtype=np.float32) for way in PLAIN}
    return Signals(name, corpus or name, queries, plain)


#: The wanted document is first by its title, and by nothing else.
BY_TITLE = candidates([("wanted", 0.1, 0.9, 0.0, 0.1), ("other", 0.5, 0.1, 0.0, 0.5)], {"wanted": 1})
#: It is first by late interaction, and by nothing else.
BY_LATE = candidates([("wanted", 0.1, 0.1, 0.0, 0.9), ("other", 0.5, 0.5, 0.0, 0.1)], {"wanted": 1})
TITLE, LATE = Weights(5.0, 0.0, 0.0), Weights(0.0, 5.0, 0.0)
SECOND = pytest.approx(1.0 / np.log2(3.0))


def test_the_shipped_weights_are_among_those_to_choose_from() -> None:
    assert SHIPPED in GRID


def test_each_query_is_rated_under_each_of_the_weights() -> None:
    assert ndcg([BY_TITLE, BY_LATE], [TITLE, LATE]).tolist() == [[1.0, SECOND], [SECOND, 1.0]]


def test_a_document_stands_where_its_best_passage_stands() -> None:
    rows = [("a", 0.9, 0, 0, 0), ("a", 0.8, 0, 0, 0), ("b", 0.7, 0, 0, 0), ("a", 0.6, 0, 0, 0)]
    assert ndcg([candidates(rows, {"b": 1})], [TITLE]).item() == SECOND


def test_late_interaction_moves_only_what_it_looks_at() -> None:
    rows = [(f"d{place}", 1.0 - place / 100, 0.0, 0.0, 0.0) for place in range(40)]
    rows[35] = ("late", 0.5, 0.0, 0.0, 0.9)
    # The 36th by the other signals: not among the 30 that are looked at, however well it would do.
    assert ndcg([candidates(rows, {"late": 1})], [LATE]).item() == 0.0
    assert ndcg([candidates(rows[20:], {"late": 1})], [LATE]).item() == 1.0


def test_grades_and_what_was_never_found_count_as_the_kept_library_counts_them() -> None:
    rows = [(name, score, 0.0, 0.0, 0.0) for name, score in (("a", 0.9), ("b", 0.8), ("c", 0.7), ("d", 0.6))]
    wanted = {"d": 3, "b": 1, "never": 2}
    ours = ndcg([candidates(rows, wanted)], [TITLE]).item()
    theirs = measure({"q": ["a", "b", "c", "d"]}, {"q": wanted})["q"]["ndcg@10"]
    assert ours == pytest.approx(theirs, abs=1e-6)


def test_a_query_without_candidates_is_worth_nothing() -> None:
    assert ndcg([candidates([], {"a": 1})], GRID).max() == 0.0


def test_weights_are_chosen_on_the_other_sets_alone() -> None:
    found = held_out([a_set("titles", BY_TITLE), a_set("lates", BY_LATE)], [TITLE, LATE])
    assert [(one.name, one.chosen) for one in found] == [("titles", LATE), ("lates", TITLE)]
    assert [one.reached for one in found] == [SECOND, SECOND]
    assert [one.best for one in found] == [1.0, 1.0]
    assert found[0].plain == dict.fromkeys(PLAIN, 0.5)


def test_sets_over_the_same_documents_are_left_out_together() -> None:
    twins = [a_set("one", BY_TITLE, corpus="same"), a_set("two", BY_TITLE, corpus="same")]
    found = held_out([*twins, a_set("lates", BY_LATE)], [TITLE, LATE])
    assert [one.chosen for one in found] == [LATE, LATE, TITLE]
    assert held_out(twins, [TITLE, LATE]) == ()


def test_the_shipped_weights_order_as_the_product_does(
    little_set: Path, encoder: CompiledEncoder, cache: Path
) -> None:
    dataset = read(little_set)
    index = open_index(dataset, encoder, cache)
    found = signals_of(dataset, index, encoder, cache / "signals")
    asking = Asking(encoder, index.generation)
    asked = [asking.ask(query, (), Filters(), bare_first=True) for query in dataset.judged()]
    served = measure({one.query.id: one.ranking for one in asked}, dataset.wanted)
    expected = [served[one.query.id]["ndcg@10"] for one in asked]
    assert ndcg(found.queries, [SHIPPED])[0].tolist() == pytest.approx(expected, abs=1e-6)


def test_signals_are_kept_and_gathered_anew_for_other_judgements(
    little_set: Path, encoder: CompiledEncoder, cache: Path, tmp_path: Path
) -> None:
    dataset = read(little_set)
    index = open_index(dataset, encoder, cache)
    told: list[int] = []
    first = signals_of(dataset, index, encoder, tmp_path, progress=lambda done, total: told.append(done))
    assert told == [1, 2, 3]
    again = signals_of(dataset, index, encoder, tmp_path, progress=lambda done, total: told.append(done))
    assert told == [1, 2, 3]
    assert ndcg(again.queries, GRID).tolist() == ndcg(first.queries, GRID).tolist()
    assert {name: each.tolist() for name, each in again.plain.items()} == {
        name: each.tolist() for name, each in first.plain.items()
    }
    changed = replace(dataset, wanted={**dataset.wanted, "q1": {"parcel": 1}})
    signals_of(changed, index, encoder, tmp_path, progress=lambda done, total: told.append(done))
    assert told == [1, 2, 3, 1, 2, 3]
    for path in tmp_path.iterdir():
        path.write_bytes(path.read_bytes()[:100])
    signals_of(dataset, index, encoder, tmp_path, progress=lambda done, total: told.append(done))
    assert told == [1, 2, 3] * 3


def test_plain_ways_join_the_two_lists(little_set: Path, encoder: CompiledEncoder, cache: Path) -> None:
    generation = open_index(read(little_set), encoder, cache).generation
    searcher = Searcher(encoder, generation)
    question = searcher.question("how long until the refund is on my bank card")
    found = rankings(generation, searcher.search(question, Filters(), 1).query)
    # By words there are only documents that share one.
    assert found[WORDS] == ["refund"]
    assert all(found[way][0] == "refund" for way in PLAIN)
    assert all(len(found[way]) == len(CORPUS) for way in (DENSE, BY_RANK, BY_SCORE))


def test_the_command_prints_a_row_a_set(
    little_set: Path, cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(little_set), "--cache", str(cache)]) == 1
    assert "Name two sets or more" in capsys.readouterr().err
    corpus = [row for row in CORPUS if row["_id"] != "kettle"]
    other = write_set(tmp_path / "other", corpus=corpus, judgements=[("q2", "parcel", 1)])
    figures = tmp_path / "figures.json"
    assert main([str(little_set), str(other), "--cache", str(cache), "--json", str(figures)]) == 0
    said = capsys.readouterr().out
    assert "| little | 3 | " in said
    assert "| other | 1 | " in said
    assert [one["shipped"] for one in json.loads(figures.read_text(encoding="utf-8"))] == [1.0, 1.0]
