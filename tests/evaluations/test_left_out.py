from pathlib import Path

from evaluations.beir import read
from evaluations.corpus_index import open_index
from evaluations.left_out import left_out
from index.compiled import CompiledEncoder
from tests.evaluations.conftest import CORPUS, QUERIES, write_set


def test_all_that_no_figure_is_made_of_is_told_with_how_much_of_it(
    tmp_path: Path, encoder: CompiledEncoder, cache: Path
) -> None:
    folder = write_set(
        tmp_path / "set",
        [*CORPUS, {"_id": "empty", "text": " "}],
        [*QUERIES, {"_id": "q5", "text": "nobody judged this"}],
        [("q1", "kettle", 1), ("q1", "gone", 1), ("q2", "parcel", 1), ("q3", "refund", 1)],
        [{"_id": "q9", "turns": [{"role": "user", "text": "before"}]}],
    )
    dataset = read(folder)
    assert left_out(dataset, open_index(dataset, encoder, cache)) == (
        "Queries without a judged document, left out: 1.",
        "Documents with nothing to read, not indexed: 1.",
        "Judgements of a query or document that is not in the set: 1.",
        "Conversations with the _id of no query, not used: 1.",
    )
