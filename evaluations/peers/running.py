"""A data set and the measured in, one row each out; every job is a process of its own, one after another."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evaluations.beir import Dataset
from evaluations.corpus_index import building_code
from evaluations.errors import PeerFailed, RunRefused
from evaluations.peers import harness
from evaluations.peers.catalogue import Peer
from evaluations.peers.contract import IndexRun, SearchRun, read_index_run, read_search_run
from evaluations.peers.environments import ROOT, Tell, last_lines, python_of
from evaluations.peers.scoring import Asked, Row, mean_ndcg, row_of
from evaluations.retrieval import CONTEXT
from evaluations.sampling import drawn

_RUN = "run.json"
#: A job that takes longer hangs.
_LONGEST_SECONDS = 4 * 3600
#: Nothing is looked up or reported while measuring, and no library waits for a network.
_CALM = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "LANGSMITH_TRACING": "false",
    "PYTHONNOUSERSITE": "1",
}


@dataclass(frozen=True, slots=True)
class Task:
    """One way to ask the questions of a set."""

    name: str
    dataset: Dataset
    questions: tuple[harness.Question, ...]


@dataclass(frozen=True, slots=True)
class Bench:
    """Where and with what is measured."""

    model: Path
    """Folder of the model, the same for all."""
    cache: Path
    tell: Tell


def tasks_of(dataset: Dataset, most: int | None = None) -> tuple[Task, ...]:
    """The set's judged questions, at most `most` of them, drawn; a set with conversations is asked with and without
    what was said before.
    """
    variants = [(dataset.name, CONTEXT)]
    if dataset.has_turns:
        variants = [(f"{dataset.name} (with turns)", CONTEXT), (f"{dataset.name} (last turn)", 0)]
    judged = drawn(dataset.judged(), most)
    return tuple(
        Task(name, dataset, tuple(harness.Question(one.id, one.text, one.earlier[:before]) for one in judged))
        for name, before in variants
    )


def indexed(peer: Peer, dataset: Dataset, bench: Bench, *, rebuild: bool = False) -> IndexRun:
    """What building the peer's index took; built now unless the cache has it."""
    folder = _folder(peer, dataset, bench)
    if not rebuild:
        try:
            return read_index_run((folder / _RUN).read_text(encoding="utf-8"), peer.title)
        except (OSError, RunRefused):
            pass  # Absent, or left half built by a run that was stopped.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    documents = [{"id": one.id, "title": one.title, "text": one.text} for one in dataset.entries]
    written = _do(peer, dataset, bench, {"phase": "index", "documents": documents})
    run = read_index_run(written, peer.title)
    (folder / _RUN).write_text(written, encoding="utf-8")
    bench.tell(f"{dataset.name}: {peer.title} indexed {run.chunks} chunks in {run.seconds:.1f} s")
    return run


def searched(peer: Peer, task: Task, bench: Bench, depth: int | None = None) -> SearchRun:
    """The task's questions, asked of the peer's index one after another."""
    questions = [{"id": one.id, "text": one.text, "earlier": one.earlier} for one in task.questions]
    job = {"phase": "search", "questions": questions, "depth": depth}
    written = _do(peer, task.dataset, bench, job)
    documents = frozenset(entry.id for entry in task.dataset.entries)
    return read_search_run(written, peer.title, [one.id for one in task.questions], documents)


def measured(peers: Sequence[Peer], task: Task, bench: Bench, rounds: int = 1) -> tuple[Row, ...]:
    """Builds what is not built, then asks everybody back to back, `rounds` times over.

    In the first round each is asked at all of its depths. From then on it has the one that ranked best, on this task.
    """
    built = {peer.name: indexed(peer, task.dataset, bench) for peer in peers}
    asked = {peer.name: _at_best_depth(peer, task, bench) for peer in peers}
    for _ in range(rounds - 1):
        for peer in peers:
            one = asked[peer.name]
            again = searched(peer, task, bench, one.depth)
            asked[peer.name] = replace(one, rounds=(*one.rounds, again))
    rows = tuple(
        row_of(task.name, peer.name, built[peer.name], asked[peer.name], task.dataset.wanted)
        for peer in peers
    )
    for peer, row in zip(peers, rows, strict=True):
        bench.tell(f"{task.name}: {peer.title}{_said(row)}")
    return rows


def _at_best_depth(peer: Peer, task: Task, bench: Bench) -> Asked:
    """A round at each depth, what each came to, and the best of them, the shallowest of equals, to go on with."""
    if not peer.depths:
        return Asked((searched(peer, task, bench),))
    runs = {depth: searched(peer, task, bench, depth) for depth in sorted(peer.depths)}
    tried = {depth: mean_ndcg(run, task.dataset.wanted) for depth, run in runs.items()}
    best = max(tried, key=lambda depth: tried[depth])
    return Asked((runs[best],), best, tried)


def _said(row: Row) -> str:
    """What the one who measures sees of a row at once."""
    depth = "" if row.depth is None else f" at depth {row.depth}"
    return (
        f"{depth} hit@1 {row.figures['hit@1']:.3f}, nDCG@10 {row.figures['ndcg@10']:.3f}, "
        f"p50 {row.query_ms_p50:.1f} ms, p95 {row.query_ms_p95:.1f} ms, {row.peak_mb:.0f} MB, "
        f"start {row.start_s:.1f} s"
    )


def _folder(peer: Peer, dataset: Dataset, bench: Bench) -> Path:
    return bench.cache / "indexes" / f"{dataset.corpus}-{peer.name}-{_digest(peer)}"


def _digest(peer: Peer) -> str:
    """Names what decides how the peer's index comes out."""
    digest = hashlib.sha256()
    for path in (peer.script, Path(harness.__file__), peer.requirements):
        digest.update(path.read_bytes() if path else building_code().encode())
    return digest.hexdigest()[:12]


def _do(peer: Peer, dataset: Dataset, bench: Bench, job: Mapping[str, Any]) -> str:
    """Runs one job in a process of its own and returns what it wrote; raises `PeerFailed` with its last words."""
    python = python_of(peer, bench.cache, bench.tell)
    whole = {
        "model": str(bench.model),
        "folder": str(_folder(peer, dataset, bench)),
        "corpus": dataset.corpus,
        **job,
    }
    with tempfile.TemporaryDirectory(prefix="tierzero-peers-") as work:
        job_file, run_file, said = (Path(work) / name for name in ("job.json", _RUN, "said.txt"))
        job_file.write_text(json.dumps(whole), encoding="utf-8")
        with said.open("w+b") as log:
            # -P: the script's folder is not searched for modules, so that no file of ours hides a library.
            command = [str(python), "-P", str(peer.script), str(job_file), str(run_file), str(time.time())]
            done = subprocess.run(  # noqa: S603 (our own arguments, no shell)
                command, stdout=log, stderr=log, env=_environment(peer), timeout=_LONGEST_SECONDS, check=False
            )
        words = last_lines(said.read_text(encoding="utf-8", errors="replace"))
        if done.returncode:
            raise PeerFailed(
                f"{peer.title} failed on {dataset.name} with exit status {done.returncode}:\n{words}"
            )
        if not run_file.is_file():
            raise PeerFailed(f"{peer.title} wrote no run file on {dataset.name}:\n{words}")
        return run_file.read_text(encoding="utf-8", errors="replace")


def _environment(peer: Peer) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("VIRTUAL_ENV", "PYTHON"))
    }
    return {**peer.environment, **kept, **_CALM, "PYTHONPATH": str(ROOT)}
