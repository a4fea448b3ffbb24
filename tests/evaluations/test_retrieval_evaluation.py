from pathlib import Path

import pytest

from evaluations.beir import Query, read
from evaluations.corpus_index import open_index
from evaluations.query_words import searched_by
from evaluations.result import described_sets
from evaluations.retrieval import evaluate
from evaluations.sampling import drawn
from index.compiled import CompiledEncoder
from index.hit import Filters
from tests.evaluations.conftest import QUERIES, write_set


def test_the_products_search_finds_each_document_and_every_figure_is_there(
    little_set: Path, encoder: CompiledEncoder, cache: Path
) -> None:
    dataset = read(little_set)
    (result,) = evaluate(dataset, open_index(dataset, encoder, cache), encoder)
    assert {name: figure.value for name, figure in result.figures.items()} == {
        "hit@1": 1.0,
        "hit@5": 1.0,
        "mrr@10": 1.0,
        "ndcg@10": 1.0,
        "recall@100": 1.0,
    }
    assert [case.id for case in result.cases] == ["q1", "q2", "q3"]
    assert result.cases[0].got[0] == "kettle"
    assert result.measured["unanswerable_left_out"] == 1
    assert 0 < result.measured["query_ms_p50"] <= result.measured["query_ms_p95"]
    assert result.measured["encoder_ms_p50"] > 0


def test_every_document_is_ranked_once_however_many_passages_it_has(
    encoder: CompiledEncoder, tmp_path: Path
) -> None:
    long = "\n\n".join(f"## Part {number}\n\nThe kettle number {number} boils water." for number in range(30))
    corpus = [
        {"_id": "long", "text": long},
        {"_id": "short", "title": "Kettle", "text": "A kettle boils water."},
    ]
    dataset = read(write_set(tmp_path / "set", corpus, QUERIES[:1], [("q1", "short", 1)]))
    (result,) = evaluate(dataset, open_index(dataset, encoder, tmp_path), encoder)
    assert result.measured["chunks"] > 20
    assert sorted(result.cases[0].got) == ["long", "short"]


def test_figures_by_a_field_that_parts_the_set_in_two_come_by_themselves(
    little_set: Path, encoder: CompiledEncoder, cache: Path
) -> None:
    dataset = read(little_set)
    (result,) = evaluate(dataset, open_index(dataset, encoder, cache), encoder)
    assert [(part.label, part.value, part.figures["hit@1"].n) for part in result.slices] == [
        ("short", "false", 1),
        ("short", "true", 2),
    ]


def test_what_was_said_before_is_searched_with_and_the_last_turn_alone_is_reported_too(
    encoder: CompiledEncoder, tmp_path: Path
) -> None:
    queries = [{"_id": "q1", "text": "and how long does that take?"}]
    turns = [
        {"role": "user", "text": "will the refund go to my bank card"},
        {"role": "assistant", "text": "Yes."},
        {"role": "user", "text": "and how long does that take?"},
    ]
    folder = write_set(
        tmp_path / "talk",
        queries=queries,
        judgements=[("q1", "refund", 1)],
        conversations=[{"_id": "q1", "turns": turns}],
    )
    dataset = read(folder)
    index = open_index(dataset, encoder, tmp_path)
    talked, alone = evaluate(dataset, index, encoder)
    assert (talked.variant, alone.variant) == ("", "last_turn")
    assert talked.cases[0].earlier == ("will the refund go to my bank card",)
    assert talked.cases[0].got[0] == "refund"
    assert alone.cases[0].earlier == ()
    (row,) = described_sets([talked, alone])
    assert row["name"] == "talk"
    assert isinstance(row["last_turn"], dict)
    assert row["last_turn"]["queries"] == 1
    (only,) = evaluate(dataset, index, encoder, context=0)
    assert only.cases[0].earlier == ()


def test_filters_decide_what_a_query_may_find(
    little_set: Path, encoder: CompiledEncoder, cache: Path
) -> None:
    def not_the_kettle(query: Query) -> Filters:
        return Filters(article_ids=("parcel", "refund"))

    dataset = read(little_set)
    (result,) = evaluate(dataset, open_index(dataset, encoder, cache), encoder, filters_of=not_the_kettle)
    assert set(result.cases[0].got) <= {"parcel", "refund"}
    assert result.figures["hit@1"].value == pytest.approx(2 / 3)


def test_a_sample_is_drawn_the_same_every_time_and_keeps_its_order() -> None:
    items = list(range(100))
    assert drawn(items, 10) == drawn(items, 10)
    assert list(drawn(items, 10)) == sorted(drawn(items, 10))
    assert len(set(drawn(items, 10))) == 10
    assert drawn(items, None) == drawn(items, 100) == tuple(items)


def test_a_query_in_another_language_is_searched_by_its_words_in_the_articles_as_the_chat_does(
    encoder: CompiledEncoder, cache: Path, tmp_path: Path
) -> None:
    queries = [
        {"_id": "q1", "text": "how do I get limescale out of my kettle"},
        {"_id": "q2", "text": "¿Dónde está mi paquete? Quiero el número de seguimiento"},
    ]
    folder = write_set(
        tmp_path / "es", queries=queries, judgements=[("q1", "kettle", 1), ("q2", "parcel", 1)]
    )
    dataset = read(folder)
    index = open_index(dataset, encoder, cache)
    (result,) = evaluate(dataset, index, encoder, read=lambda text: searched_by(text, dataset.locale))
    english, spanish = result.cases
    assert english.note == ""
    assert "parcel" in spanish.note
    assert "track" in spanish.note
    assert spanish.got[0] == "parcel"
    assert result.notes[0] == "1 query in another language was searched by its words in the articles'."


@pytest.mark.parametrize("text", ["", "E-17", "qwxz vvkt plomm", "身份证实方法"])
def test_a_query_whose_words_nobody_knows_is_searched_as_it_is(text: str) -> None:
    assert searched_by(text, "en") == text
