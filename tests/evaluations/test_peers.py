import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evaluations.beir import read
from evaluations.errors import PeerFailed, RunRefused
from evaluations.peers.catalogue import OWN, PEERS, Peer
from evaluations.peers.contract import Answer, IndexRun, SearchRun, read_index_run, read_search_run
from evaluations.peers.harness import Document, Question
from evaluations.peers.running import Bench, indexed, measured, searched, tasks_of
from evaluations.peers.scoring import Asked, by_best_chunk, row_of
from evaluations.sampling import with_fewer_documents
from tests.evaluations.conftest import write_set

#: A library in a few lines: chunks are sentences, and the one that shares most words with the question is best.
SCRIPT = """
import json, re, sys
from evaluations.peers.harness import serve

class Words:
    packages = ("pip",)

    def load(self, model):
        self.model = model

    def build(self, documents, folder):
        chunks = [[one.id, one.title + " " + part] for one in documents for part in one.text.split(". ")]
        (folder / "chunks.json").write_text(json.dumps(chunks))
        (folder / "seen.txt").write_text(open(sys.argv[1]).read())
        return len(chunks)

    def open(self, folder):
        self.chunks = json.loads((folder / "chunks.json").read_text())

    def search(self, text, depth):
        words = set(re.findall("[a-z]+", text.lower()))
        shared = lambda chunk: len(words & set(re.findall("[a-z]+", chunk[1].lower())))
        return [name for name, _ in sorted(self.chunks, key=shared, reverse=True)[:depth]]

serve(Words())
"""


def fake(folder: Path, script: str = SCRIPT, depths: tuple[int, ...] = (5,)) -> Peer:
    path = folder / "run_words.py"
    path.write_text(script, encoding="utf-8")
    return Peer("words", "Words", path, None, depths)


def bench(folder: Path) -> Bench:
    return Bench(folder / "model", folder / "cache", lambda text: None)


def search_run(
    answers: dict[str, tuple[list[str], float]], start: float = 1.0, peak: float = 50.0
) -> SearchRun:
    return SearchRun(
        {"words": "1.0"},
        start,
        peak,
        {question: Answer(tuple(found), ms) for question, (found, ms) in answers.items()},
    )


INDEX = IndexRun({"words": "1.0"}, chunks=9, seconds=2.0, peak_mb=80.0)


def test_a_document_stands_where_its_best_chunk_stands() -> None:
    assert by_best_chunk(["b", "a", "b", "c", "a"]) == ["b", "a", "c"]


def test_no_more_documents_are_rated_than_the_metrics_look_at() -> None:
    assert len(by_best_chunk([str(number) for number in range(500)])) == 100


def test_rankings_are_rated_here_and_the_shortest_time_of_each_question_counts() -> None:
    first = search_run({"q1": (["x", "x", "right"], 4.0), "q2": (["right"], 6.0)}, start=3.0, peak=60.0)
    second = search_run({"q1": (["x"], 10.0), "q2": (["x"], 20.0)}, start=5.0, peak=70.0)
    third = search_run({"q1": (["x"], 7.0), "q2": (["x"], 7.0)}, start=4.0, peak=65.0)
    asked = Asked((first, second, third), 20, {10: 0.5, 20: 0.8154648})
    row = row_of("set", "words", INDEX, asked, {"q1": {"right": 1}, "q2": {"right": 1}})
    assert row.figures["hit@1"] == 0.5
    assert row.each == (pytest.approx(0.6309, abs=1e-4), 1.0)
    assert row.figures["ndcg@10"] == pytest.approx(sum(row.each) / 2)
    assert (row.query_ms_p50, row.query_ms_p95) == (5.0, pytest.approx(5.9))
    assert (row.start_s, row.peak_mb) == (3.0, 70.0)
    assert (row.chunks, row.index_s, row.index_peak_mb) == (9, 2.0, 80.0)
    assert (row.depth, row.tried) == (20, {"10": 0.5, "20": 0.815465})


def test_a_question_with_what_was_said_before_reads_oldest_first() -> None:
    assert Question("q", "how long?", ("to my card", "I want a refund")).joined == (
        "I want a refund\nto my card\nhow long?"
    )


def test_a_document_is_its_title_and_its_text() -> None:
    assert Document("d", "Refunds", "Five days.").body == "Refunds\n\nFive days."
    assert Document("d", "", "Five days.").body == "Five days."


def test_a_library_is_measured_in_a_process_of_its_own(little_set: Path, tmp_path: Path) -> None:
    dataset, peer = read(little_set), fake(tmp_path)
    (row,) = measured([peer], tasks_of(dataset)[0], bench(tmp_path), rounds=2)
    assert (row.set, row.peer, row.questions) == ("little", "words", 3)
    assert row.figures["hit@1"] == 1.0
    assert row.chunks == 6
    assert row.peak_mb > 1
    assert set(row.versions) == {"pip"}


def test_a_library_counts_at_the_depth_that_ranks_best_and_at_the_shallowest_of_equals(
    little_set: Path, tmp_path: Path
) -> None:
    # One that finds nothing unless it is asked for more than two chunks.
    shy = SCRIPT.replace("[:depth]]", "[:depth]] if depth > 2 else []")
    (row,) = measured(
        [fake(tmp_path, shy, (9, 2, 4))], tasks_of(read(little_set))[0], bench(tmp_path), rounds=2
    )
    assert row.depth == 4
    assert row.tried["4"] == row.tried["9"] == row.figures["ndcg@10"] == 1.0
    assert row.tried["2"] == 0.0


def test_a_few_questions_are_the_same_ones_every_time(little_set: Path) -> None:
    dataset = read(little_set)
    (few,), (again,) = tasks_of(dataset, 2), tasks_of(dataset, 2)
    assert len(few.questions) == 2
    assert few.questions == again.questions
    assert tasks_of(dataset, 99) == tasks_of(dataset)


def test_a_large_set_can_be_measured_with_fewer_documents_and_says_so(little_set: Path) -> None:
    whole = read(little_set)
    fewer = with_fewer_documents(whole, 3)
    assert {entry.id for entry in fewer.entries} == {"kettle", "parcel", "refund"}
    assert fewer.name == "little, 3 of 4 documents"
    assert fewer.corpus != whole.corpus
    assert (fewer.queries, fewer.wanted) == (whole.queries, whole.wanted)
    assert with_fewer_documents(whole, 4) == with_fewer_documents(whole, None) == whole


def test_documents_are_drawn_beside_the_wanted_ones_and_the_same_every_time(tmp_path: Path) -> None:
    corpus = [{"_id": str(number), "text": f"text {number}"} for number in range(40)]
    folder = write_set(tmp_path / "forty", corpus, [{"_id": "q", "text": "which"}], [("q", "39", 1)])
    ids = [entry.id for entry in with_fewer_documents(read(folder), 10).entries]
    assert len(ids) == 10
    assert "39" in ids
    assert ids == [entry.id for entry in with_fewer_documents(read(folder), 10).entries]
    assert [entry.id for entry in with_fewer_documents(read(folder), 1).entries] == ["39"]


def test_an_index_is_built_once_and_again_when_asked(little_set: Path, tmp_path: Path) -> None:
    dataset, peer, place = read(little_set), fake(tmp_path), bench(tmp_path)
    first = indexed(peer, dataset, place)
    assert indexed(peer, dataset, place) == first
    assert indexed(peer, dataset, place, rebuild=True).seconds != first.seconds


def test_a_changed_script_has_an_index_of_its_own(little_set: Path, tmp_path: Path) -> None:
    dataset, place = read(little_set), bench(tmp_path)
    indexed(fake(tmp_path), dataset, place)
    indexed(fake(tmp_path, SCRIPT.replace('". "', '"."')), dataset, place)
    assert len(list((tmp_path / "cache" / "indexes").iterdir())) == 2


def test_a_library_is_never_told_what_is_right(little_set: Path, tmp_path: Path) -> None:
    dataset = read(little_set)
    indexed(fake(tmp_path), dataset, bench(tmp_path))
    (seen,) = (tmp_path / "cache" / "indexes").glob("*/seen.txt")
    assert set(json.loads(seen.read_text())) == {"phase", "model", "folder", "corpus", "documents"}


def test_a_library_that_breaks_is_reported_with_its_last_words(little_set: Path, tmp_path: Path) -> None:
    broken = SCRIPT.replace("self.model = model", "raise SystemExit('no such model')")
    with pytest.raises(PeerFailed, match="Words failed on little with exit status 1:\nno such model"):
        indexed(fake(tmp_path, broken), read(little_set), bench(tmp_path))


def test_a_library_that_writes_nothing_is_reported(little_set: Path, tmp_path: Path) -> None:
    with pytest.raises(PeerFailed, match="Words wrote no run file on little"):
        indexed(fake(tmp_path, "print('done')"), read(little_set), bench(tmp_path))


def test_an_index_that_was_refused_is_not_kept(little_set: Path, tmp_path: Path) -> None:
    dataset, place = read(little_set), bench(tmp_path)
    with pytest.raises(RunRefused, match="chunks must be a whole number"):
        indexed(fake(tmp_path, SCRIPT.replace("return len(chunks)", "return 0")), dataset, place)
    assert not list((tmp_path / "cache").glob("indexes/*/run.json"))


def test_a_library_that_names_unknown_documents_is_refused(little_set: Path, tmp_path: Path) -> None:
    dataset, place = read(little_set), bench(tmp_path)
    peer = fake(tmp_path, SCRIPT.replace("[name for", "[name + '#1' for"))
    indexed(peer, dataset, place)
    with pytest.raises(RunRefused, match="is not a document of the set"):
        searched(peer, tasks_of(dataset)[0], place)


def test_the_product_is_measured_through_the_same_run_files(little_set: Path, tmp_path: Path) -> None:
    own = next(peer for peer in PEERS if peer.name == OWN)
    (row,) = measured([own], tasks_of(read(little_set))[0], bench(tmp_path))
    assert row.figures["ndcg@10"] == 1.0
    assert row.chunks == 4
    assert (row.depth, row.tried) == (None, {})
    assert "onnxruntime" in row.versions


def test_conversations_are_asked_with_and_without_what_was_said_before(tmp_path: Path) -> None:
    turns = [
        {"role": "user", "text": "will the refund go to my bank card"},
        {"role": "assistant", "text": "Yes."},
        {"role": "user", "text": "how long?"},
    ]
    folder = write_set(
        tmp_path / "talk",
        queries=[{"_id": "q1", "text": "how long?"}],
        judgements=[("q1", "refund", 1)],
        conversations=[{"_id": "q1", "turns": turns}],
    )
    with_turns, last = tasks_of(read(folder))
    assert (with_turns.name, last.name) == ("talk (with turns)", "talk (last turn)")
    assert with_turns.questions[0].joined == "will the refund go to my bank card\nhow long?"
    assert last.questions[0].joined == "how long?"


def good_search() -> dict[str, Any]:
    return {
        "format": 1,
        "phase": "search",
        "versions": {"words": "1.0"},
        "peak_mb": 50.0,
        "start_s": 1.5,
        "answers": [
            {"question": "q1", "documents": ["a", "a", "b"], "ms": 2.5},
            {"question": "q2", "documents": [], "ms": 1},
        ],
    }


def read_good(row: object) -> SearchRun:
    return read_search_run(json.dumps(row), "Words", ["q1", "q2"], {"a", "b"})


def test_a_run_that_answers_every_question_is_read() -> None:
    run = read_good(good_search())
    assert run.answers["q1"] == Answer(("a", "a", "b"), 2.5)
    assert run.answers["q2"].documents == ()
    assert (run.start_s, run.peak_mb, run.versions) == (1.5, 50.0, {"words": "1.0"})


Spoil = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        pytest.param(lambda run: run.update(format=2), "format 1 and phase search", id="another format"),
        pytest.param(lambda run: run.update(phase="index"), "format 1 and phase search", id="another phase"),
        pytest.param(lambda run: run.update(answers={}), "answers must be a list", id="answers no list"),
        pytest.param(lambda run: run["answers"].pop(), "'q2' has no answer", id="a question left out"),
        pytest.param(
            lambda run: run["answers"].append(run["answers"][0]),
            "'q1' is answered twice",
            id="answered twice",
        ),
        pytest.param(
            lambda run: run["answers"].append({"question": "q9", "documents": [], "ms": 1}),
            "'q9' was not asked",
            id="an answer to nothing",
        ),
        pytest.param(lambda run: run["answers"].append(7), "names its question", id="an answer no object"),
        pytest.param(
            lambda run: run["answers"][0].update(documents="a"), "must be a list", id="documents no list"
        ),
        pytest.param(
            lambda run: run["answers"][0].update(documents=["z"]),
            "'z', found for 'q1'",
            id="unknown document",
        ),
        pytest.param(
            lambda run: run["answers"][0].update(documents=[["a"]]), "not a document", id="document no text"
        ),
        pytest.param(lambda run: run["answers"][0].update(ms=0), "ms must be a number above 0", id="no time"),
        pytest.param(lambda run: run["answers"][0].update(ms="2"), "ms must be a number", id="time as text"),
        pytest.param(
            lambda run: run["answers"][0].update(ms=True), "ms must be a number", id="time as truth"
        ),
        pytest.param(lambda run: run.update(start_s=float("nan")), "start_s must be", id="not a number"),
        pytest.param(lambda run: run.update(peak_mb=float("inf")), "peak_mb must be", id="endless memory"),
        pytest.param(lambda run: run.pop("peak_mb"), "peak_mb must be", id="no memory"),
        pytest.param(
            lambda run: run.update(versions={"words": 1}), "versions must name", id="version no text"
        ),
    ],
)
def test_a_malformed_search_run_is_refused_with_its_reason(spoil: Spoil, reason: str) -> None:
    run = good_search()
    spoil(run)
    with pytest.raises(RunRefused, match=reason):
        read_good(run)


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "[" * 100_000])
def test_what_is_no_run_file_is_refused(text: str) -> None:
    with pytest.raises(RunRefused, match="What Words wrote"):
        read_index_run(text, "Words")


@pytest.mark.parametrize("chunks", [0, -1, 1.5, True, "9", None])
def test_an_index_run_needs_a_whole_number_of_chunks(chunks: object) -> None:
    row = {"format": 1, "phase": "index", "versions": {}, "peak_mb": 1.0, "index_s": 1.0, "chunks": chunks}
    with pytest.raises(RunRefused, match="chunks must be a whole number above 0"):
        read_index_run(json.dumps(row), "Words")


def test_every_library_has_a_script_and_pins_what_it_installs() -> None:
    libraries = [peer for peer in PEERS if peer.name != OWN]
    assert {peer.name for peer in libraries} == {"txtai", "langchain", "llamaindex", "haystack"}
    for peer in libraries:
        assert peer.requirements is not None
        assert peer.script.is_file()
        lines = peer.requirements.read_text(encoding="utf-8").splitlines()
        assert lines
        assert all("==" in line and "/" not in line for line in lines)
