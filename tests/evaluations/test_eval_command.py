import json
from pathlib import Path

import pytest

import evaluations
from bot.cli import main
from evaluations.beir import read
from evaluations.runs import runs_folder, save
from tests.evaluations.conftest import write_set
from tests.evaluations.made_runs import made_run, made_set

EXAMPLE = Path(evaluations.__file__).parent / "datasets" / "example"
KEYS = {
    "name",
    "hit@1",
    "hit@5",
    "mrr@10",
    "ndcg@10",
    "recall@100",
    "query_ms_p50",
    "query_ms_p95",
    "encoder_ms_p50",
}


def test_retrieval_writes_figures_a_report_and_a_saved_run(
    little_set: Path, cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures, page = tmp_path / "figures.json", tmp_path / "page.html"
    given = ["eval", "retrieval", str(little_set), "--data", str(tmp_path / "data"), "--cache", str(cache)]
    assert main([*given, "--json", str(figures), "--html", str(page)]) == 0
    (row,) = json.loads(figures.read_text(encoding="utf-8"))
    assert set(row) >= KEYS | {"intervals", "index_s", "chunks", "documents", "queries"}
    assert row["ndcg@10"] == 1.0
    assert "<svg" in page.read_text(encoding="utf-8")
    assert "little: 3 queries" in capsys.readouterr().out
    assert len(list(runs_folder(tmp_path / "data").glob("retrieval-*.json"))) == 1


def test_json_on_the_standard_output_stands_there_alone(
    little_set: Path, cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [
        "eval",
        "retrieval",
        str(little_set),
        "--data",
        str(tmp_path),
        "--cache",
        str(cache),
        "--json",
        "-",
    ]
    assert main([*given, "--most", "1"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["queries"] == 1
    assert row["notes"][0] == "A sample of 1 of 3 judged queries."


def test_a_broken_set_ends_in_a_sentence_and_no_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_set(tmp_path / "set", queries=[{"_id": "q1", "text": ""}])
    assert main(["eval", "retrieval", str(folder), "--data", str(tmp_path / "data")]) == 1
    assert "queries.jsonl:1: the query has no text." in capsys.readouterr().err


def test_a_report_that_cannot_be_written_is_refused_before_anything_is_measured(
    little_set: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "no such folder" / "page.html"
    assert (
        main(["eval", "retrieval", str(little_set), "--data", str(tmp_path / "data"), "--html", str(target)])
        == 1
    )
    assert "name a file in a folder that exists" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_runs_are_listed_shown_and_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = runs_folder(tmp_path)
    save(made_run("retrieval-a", made_set([0.5] * 20)), folder)
    save(made_run("retrieval-b", made_set([1.0] * 20), weight="2.0"), folder)
    assert main(["eval", "runs", "--data", str(tmp_path)]) == 0
    assert sorted(capsys.readouterr().out.split()) == ["retrieval-a", "retrieval-b"]
    assert main(["eval", "runs", "retrieval-a", "--data", str(tmp_path)]) == 0
    assert "made: hit@1 0.000  ndcg@10 0.500" in capsys.readouterr().out
    figures, page = tmp_path / "c.json", tmp_path / "c.html"
    both = [
        "retrieval-a",
        "retrieval-b",
        "--data",
        str(tmp_path),
        "--json",
        str(figures),
        "--html",
        str(page),
    ]
    assert main(["eval", "compare", *both]) == 0
    said = capsys.readouterr().out
    assert said.startswith("retrieval-a -> retrieval-b\n")
    assert "recipe.dense: 1.0 -> 2.0" in said
    assert "better in 20 cases, worse in 0" in said
    assert json.loads(figures.read_text(encoding="utf-8"))["sets"][0]["better"] == 20
    assert "Two runs side by side" in page.read_text(encoding="utf-8")


def test_a_run_that_is_not_there_ends_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", "compare", "one", "two", "--data", str(tmp_path)]) == 1
    assert "No run is named or begins with 'one'" in capsys.readouterr().err


def test_a_set_without_a_question_to_rank_for_ends_in_a_sentence(
    cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queries = [{"_id": "q1", "text": "can a gift card be used twice", "answerable": False}]
    folder = write_set(tmp_path / "set", queries=queries, judgements=[])
    given = ["eval", "retrieval", str(folder), "--data", str(tmp_path / "data"), "--cache", str(cache)]
    assert main(given) == 1
    assert "set has no query that can be answered and has a judged document." in capsys.readouterr().err


def test_a_set_without_a_question_to_rank_for_is_left_out_where_another_has_some(
    little_set: Path, cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queries = [{"_id": "q1", "text": "can a gift card be used twice", "answerable": False}]
    folder = write_set(tmp_path / "set", queries=queries, judgements=[])
    figures = tmp_path / "figures.json"
    given = ["eval", "retrieval", str(folder), str(little_set), "--data", str(tmp_path / "data")]
    assert main([*given, "--cache", str(cache), "--json", str(figures)]) == 0
    assert "has a judged document. It is left out." in capsys.readouterr().out
    assert [row["name"] for row in json.loads(figures.read_text(encoding="utf-8"))] == ["little"]


def test_a_run_that_could_not_be_saved_is_refused_before_anything_is_measured(
    little_set: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    in_the_way = tmp_path / "a file"
    in_the_way.touch()
    for action in ("retrieval", "answers"):
        assert main(["eval", action, str(little_set), "--data", str(in_the_way)]) == 1
        told = capsys.readouterr()
        assert "The run cannot be saved" in told.err
        assert "Name another folder with --data." in told.err
        assert "little" not in told.out


def test_a_set_is_ranked_by_other_weights_and_the_run_says_by_which(
    little_set: Path, cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--data", str(tmp_path), "--cache", str(cache)]
    # By nothing but what was learned, where nothing was, the order is that of the documents.
    none = "dense=0 title=0 late=0 lexical=0"
    names = []
    for more in ([], ["--ranking", none]):
        assert main(["eval", "retrieval", str(little_set), *given, *more]) == 0
        names.append(capsys.readouterr().out.split("Saved as ")[1].split()[0])
    assert main(["eval", "compare", *names, *given[:2], "--json", str(tmp_path / "c.json")]) == 0
    said = capsys.readouterr().out
    assert "recipe.dense: 1.0 -> 0.0" in said
    assert "code:" not in said
    (change,) = json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))["sets"]
    assert change["worse"] > 0
    assert main(["eval", "retrieval", str(little_set), *given, "--ranking", "luck=3"]) == 1
    assert "“luck” is no part of the ranking" in capsys.readouterr().err


def test_figures_and_report_are_not_written_over_each_other(
    little_set: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both = str(tmp_path / "out")
    assert main(["eval", "retrieval", str(little_set), "--json", both, "--html", both]) == 1
    assert "--json and --html both name" in capsys.readouterr().err


def test_a_field_that_no_query_has_is_told_with_those_there_are(
    little_set: Path, cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [str(little_set), "--data", str(tmp_path / "data"), "--cache", str(cache), "--by", "lang"]
    assert main(["eval", "retrieval", *given]) == 0
    assert "No query has a short field 'lang'. There are: short." in capsys.readouterr().out


def test_a_run_of_answers_records_what_decides_them_and_a_comparison_shows_it(
    cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [{"_id": "q1", "text": "how do I descale my kettle", "kind": "how to"}]
    folder = write_set(tmp_path / "faq", queries=asked, judgements=[("q1", "kettle", 1)])
    given = ["--data", str(tmp_path / "data")]
    names = []
    for budget in ("0.3", "0.1"):
        monkeypatch.setenv("TIERZERO_ERROR_BUDGET", budget)
        assert main(["eval", "answers", str(folder), *given, "--cache", str(cache), "--by", "kind"]) == 0
        said = capsys.readouterr().out
        # A field of the set's own is not taken for what is always shown.
        assert "kind = how to:" in said
        assert "expected = answerable:" in said
        names.append(said.split("Saved as ")[1].split()[0])
    assert main(["eval", "compare", *names, *given]) == 0
    assert "error budget: 0.3 -> 0.1" in capsys.readouterr().out


def test_the_example_set_is_whole_and_is_what_the_guide_says(
    cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dataset = read(EXAMPLE)
    assert (dataset.unknown, dataset.strayed, dataset.has_turns) == (0, 0, True)
    assert [query.id for query in dataset.queries if not query.answerable] == ["q9", "q10"]
    assert any(query.answers for query in dataset.queries)
    given = [
        "eval",
        "retrieval",
        str(EXAMPLE),
        "--data",
        str(tmp_path),
        "--cache",
        str(cache),
        "--by",
        "kind",
    ]
    assert main(given) == 0
    said = capsys.readouterr().out
    assert "example: 8 queries, 8 documents" in said
    assert "kind = symptom" in said
    assert "example (last turn)" in said


def test_two_sets_of_one_name_are_both_in_the_figures_and_what_nothing_is_known_of_is_null(
    cache: Path, tmp_path: Path
) -> None:
    asked = [{"_id": "q1", "text": "how do I descale my kettle"}]
    sets = [
        write_set(tmp_path / place / "faq", queries=asked, judgements=[("q1", "kettle", 1)])
        for place in ("old", "new")
    ]
    figures = tmp_path / "figures.json"
    given = ["eval", "answers", *map(str, sets), "--data", str(tmp_path / "data"), "--cache", str(cache)]
    assert main([*given, "--json", str(figures)]) == 0
    rows = json.loads(figures.read_text(encoding="utf-8"))
    assert [row["name"] for row in rows] == ["old/faq", "new/faq"]
    # The set has no answers to look for in the quote: that is not a share of 0.
    assert rows[0]["quote_has_answer"] is None
    assert rows[0]["intervals"]["quote_has_answer"] is None
