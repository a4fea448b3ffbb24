"""The product as one of the measured: its own indexing and search over the job's documents, into the same run file."""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evaluations.beir import Dataset, Entry, Query
from evaluations.corpus_index import CorpusIndex, open_index
from evaluations.peers.harness import WARM_UP, Question, answer, documents_of, questions_of, write_run
from evaluations.retrieval import Asking
from index.compiled import CompiledEncoder
from index.hit import Filters

PACKAGES = ("tierzero", "onnxruntime", "faiss-cpu", "tantivy")


def main() -> None:
    """Does the job that the command line names, as `harness.serve` does for a library."""
    job_file, run_file, started = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
    job = json.loads(job_file.read_text(encoding="utf-8"))
    work = _index if job["phase"] == "index" else _search
    write_run(run_file, work(job, started), PACKAGES)


def _index(job: dict[str, Any], started: float) -> dict[str, Any]:
    entries = tuple(Entry(one.id, one.title, one.text) for one in documents_of(job))
    built = _opened(job, _encoder(), entries)
    return {"phase": "index", "chunks": len(built.generation.rows), "index_s": built.seconds}


def _search(job: dict[str, Any], started: float) -> dict[str, Any]:
    questions, encoder = questions_of(job), _encoder()
    asking = Asking(encoder, _opened(job, encoder, ()).generation)
    _ask(asking, questions[0])
    start = time.time() - started
    for question in questions[:WARM_UP]:
        _ask(asking, question)
    answers = [_ask(asking, question) for question in questions]
    return {"phase": "search", "start_s": start, "answers": answers}


def _ask(asking: Asking, question: Question) -> dict[str, Any]:
    query = Query(question.id, question.text, True, (), {})
    # The encoder alone runs after the search and not before it: the search is timed cold on this text, as peers are.
    asked = asking.ask(query, question.earlier, Filters(), bare_first=False)
    return answer(question, asked.ranking, asked.query_ms)


def _encoder() -> CompiledEncoder:
    from bot.model import load_encoder
    from bot.settings import load

    return load_encoder(load())


def _opened(job: dict[str, Any], encoder: CompiledEncoder, entries: Sequence[Entry]) -> CorpusIndex:
    dataset = Dataset("", tuple(entries), (), {}, False, job["corpus"], 0)
    return open_index(dataset, encoder, Path(job["folder"]))


if __name__ == "__main__":
    main()
