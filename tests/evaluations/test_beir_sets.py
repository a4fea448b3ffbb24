from pathlib import Path

import pytest
import yaml

from evaluations.beir import read
from evaluations.errors import DatasetInvalid
from tests.evaluations.conftest import CORPUS, QUERIES, write_set

BROKEN = yaml.safe_load(Path(__file__).with_name("broken_sets.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", BROKEN, ids=[case["title"] for case in BROKEN])
def test_a_broken_set_is_refused_with_the_file_the_line_and_the_reason(
    case: dict[str, str], tmp_path: Path
) -> None:
    folder = write_set(tmp_path / "set")
    (folder / case["file"]).write_text(case["text"], encoding="utf-8")
    with pytest.raises(DatasetInvalid) as caught:
        read(folder)
    assert case["says"] in str(caught.value)


def test_text_that_is_not_utf_8_is_refused_with_the_line_above_it(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "set")
    (folder / "corpus.jsonl").write_bytes(b'{"_id": "a", "text": "\xff"}\n')
    with pytest.raises(DatasetInvalid, match=r"corpus\.jsonl: below line 0 is text that is not UTF-8"):
        read(folder)


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_file_that_is_missing_is_named(name: str, tmp_path: Path) -> None:
    folder = write_set(tmp_path / "set")
    (folder / name).unlink()
    with pytest.raises(DatasetInvalid, match=f"{name} is not there"):
        read(folder)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetInvalid, match="nowhere is not a folder"):
        read(tmp_path / "nowhere")


def test_unanswerable_and_unjudged_queries_are_left_out_of_ranking(tmp_path: Path) -> None:
    queries = [*QUERIES, {"_id": "q5", "text": "nobody judged this"}]
    judgements = [("q1", "kettle", 1), ("q2", "parcel", 0), ("q4", "refund", 1)]
    dataset = read(write_set(tmp_path / "set", queries=queries, judgements=judgements))
    assert [query.id for query in dataset.judged()] == ["q1"]


def test_grades_answers_and_short_fields_are_kept(little_set: Path) -> None:
    dataset = read(little_set)
    third = dataset.queries[2]
    assert dataset.name == "little"
    assert dataset.wanted["q3"] == {"refund": 2}
    assert (third.answers, third.labels) == (("five working days",), {"short": "false"})


def test_judgements_need_no_header_and_dangling_ones_are_counted(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "set")
    (folder / "qrels/test.tsv").write_text("q1\tkettle\t1\nq1\tgone\t1\nq9\tkettle\t1\n", encoding="utf-8")
    dataset = read(folder)
    assert dataset.unknown == 2
    assert dataset.wanted == {"q1": {"kettle": 1, "gone": 1}}


def test_what_the_customer_said_before_comes_newest_first_without_the_query_itself(tmp_path: Path) -> None:
    turns = [
        {"role": "user", "text": "first"},
        {"role": "assistant", "text": "a reply"},
        {"role": "user", "text": "second"},
        {"role": "assistant", "text": "another"},
        {"role": "user", "text": QUERIES[0]["text"]},
    ]
    dataset = read(write_set(tmp_path / "set", conversations=[{"_id": "q1", "turns": turns}]))
    assert dataset.has_turns
    assert dataset.queries[0].earlier == ("second", "first")
    assert dataset.queries[1].earlier == ()


def test_a_corpus_is_known_by_its_content_and_not_by_its_order(tmp_path: Path) -> None:
    same = read(write_set(tmp_path / "one")).corpus
    assert read(write_set(tmp_path / "two", corpus=CORPUS[::-1])).corpus == same
    other = [{**CORPUS[0], "text": "changed"}, *CORPUS[1:]]
    assert read(write_set(tmp_path / "three", corpus=other)).corpus != same
