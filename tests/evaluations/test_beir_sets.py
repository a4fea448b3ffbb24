from pathlib import Path

import pytest
import yaml

from evaluations.beir import read, read_all
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


def test_text_that_is_not_utf_8_is_refused_with_its_line(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "set")
    (folder / "corpus.jsonl").write_bytes(
        b'\xef\xbb\xbf{"_id": "a", "text": "b"}\n\n{"_id": "c", "text": "\xff"}\n'
    )
    with pytest.raises(DatasetInvalid, match=r"corpus\.jsonl:3: this line is not UTF-8"):
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


def test_turns_are_read_as_other_logs_of_chats_call_them_and_strays_are_counted(tmp_path: Path) -> None:
    messages = [{"role": "User", "content": "first"}, {"role": "assistant", "content": "a reply"}]
    spoken = [{"speaker": "user", "text": "before"}, {"speaker": "agent", "text": "a reply"}]
    conversations = [
        {"_id": "q1", "messages": messages},
        {"_id": "q2", "turns": spoken},
        {"_id": "of another set", "turns": spoken},
    ]
    dataset = read(write_set(tmp_path / "set", conversations=conversations))
    assert [query.earlier for query in dataset.queries] == [("first",), ("before",), (), ()]
    assert dataset.strayed == 1


def test_conversations_of_other_queries_alone_are_no_turns(tmp_path: Path) -> None:
    spoken = [{"_id": "of another set", "turns": [{"role": "user", "text": "before"}]}]
    dataset = read(write_set(tmp_path / "set", conversations=spoken))
    assert (dataset.has_turns, dataset.strayed) == (False, 1)


def test_short_values_of_metadata_can_be_grouped_by(tmp_path: Path) -> None:
    metadata = {"topic": "kettles", "urgent": True, "text": "t", "tags": ["a"], "long": "x" * 61}
    queries = [{"_id": "q1", "text": "how do I descale it", "lang": "en", "metadata": metadata}]
    dataset = read(write_set(tmp_path / "set", queries=queries, judgements=[("q1", "kettle", 1)]))
    labels = {"lang": "en", "metadata.topic": "kettles", "metadata.urgent": "true", "metadata.text": "t"}
    assert dataset.queries[0].labels == labels


def test_a_corpus_is_known_by_its_content_and_not_by_its_order(tmp_path: Path) -> None:
    same = read(write_set(tmp_path / "one")).corpus
    assert read(write_set(tmp_path / "two", corpus=CORPUS[::-1])).corpus == same
    other = [{**CORPUS[0], "text": "changed"}, *CORPUS[1:]]
    assert read(write_set(tmp_path / "three", corpus=other)).corpus != same


@pytest.mark.parametrize(
    "text",
    [
        "q1\tkettle\t1.0\nq2\tparcel\t0.0\n",
        "query-id\tcorpus-id\tscore\r\nq1\tkettle\t1\r\n",
        "\n\nquery-id\tcorpus-id\tscore\n\nq1\tkettle\t1\n",
        "\ufeffq1\tkettle\t1 \n",
    ],
    ids=["floats", "line ends of Windows", "blank lines above the header", "a mark of byte order"],
)
def test_judgements_are_read_as_other_tools_write_them(text: str, tmp_path: Path) -> None:
    folder = write_set(tmp_path / "set")
    (folder / "qrels/test.tsv").write_bytes(text.encode())
    assert read(folder).wanted == {"q1": {"kettle": 1}}


def test_ids_may_be_called_id_and_answers_may_be_a_text_a_list_or_nothing(tmp_path: Path) -> None:
    queries = [
        {"id": "q1", "text": "one", "answer": ["a", "b"], "answerable": None},
        {"id": "q2", "text": "two", "answers": "c"},
        {"id": "q3", "text": "three", "answers": None, "answer": None},
        {"id": "q4", "text": "four", "answer": 14},
    ]
    corpus = [{"id": 7, "text": "a text"}]
    dataset = read(
        write_set(
            tmp_path / "set", corpus=corpus, queries=queries, judgements=[("q1", "7", 1)], conversations=[]
        )
    )
    assert [entry.id for entry in dataset.entries] == ["7"]
    assert [query.answers for query in dataset.queries] == [("a", "b"), ("c",), (), ("14",)]
    assert dataset.queries[0].answerable
    assert dataset.queries[0].labels == {}


def test_a_set_of_nothing_but_unanswerable_questions_needs_no_judgement(tmp_path: Path) -> None:
    queries = [{"_id": "q1", "text": "what is the price", "answerable": False}]
    dataset = read(write_set(tmp_path / "set", queries=queries, judgements=[]))
    assert (len(dataset.queries), dataset.judged()) == (1, ())


def test_sets_of_the_same_name_are_told_apart_and_a_set_named_twice_is_read_once(tmp_path: Path) -> None:
    first, second = write_set(tmp_path / "old" / "faq"), write_set(tmp_path / "new" / "faq")
    third = write_set(tmp_path / "more")
    assert [one.name for one in read_all([first, second, third, first])] == ["old/faq", "new/faq", "more"]


def test_what_is_wrong_with_the_last_set_is_told_before_the_first_is_measured(tmp_path: Path) -> None:
    with pytest.raises(DatasetInvalid, match="nowhere is not a folder"):
        read_all([write_set(tmp_path / "set"), tmp_path / "nowhere"])
