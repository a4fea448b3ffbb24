"""Checked runs in, figures out: rankings are rated here for everybody, by `evaluations.metrics`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from evaluations.metrics import DEPTH, MEASURES, measure
from evaluations.peers.contract import IndexRun, SearchRun


@dataclass(frozen=True, slots=True)
class Row:
    """One of the measured on one set."""

    set: str
    peer: str
    questions: int
    figures: Mapping[str, float]
    """Mean of each metric over the questions."""
    each: tuple[float, ...]
    """nDCG@10 of each question, in the set's order."""
    chunks: int
    index_s: float
    query_ms_p50: float
    query_ms_p95: float
    peak_mb: float
    """Of the process that answers."""
    index_peak_mb: float
    """Of the process that builds the index."""
    start_s: float
    timed: int
    """Questions behind the two times of a query."""
    versions: Mapping[str, str]
    depth: int | None = None
    """Chunks asked of each retriever; None where there is no such choice."""
    tried: Mapping[str, float] = field(default_factory=dict)
    """nDCG@10 at each depth that was tried, by the depth; `depth` is the best of them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one of the measured answered to a task, at one depth."""

    rounds: tuple[SearchRun, ...]
    depth: int | None = None
    tried: Mapping[int, float] = field(default_factory=dict)
    """nDCG@10 at each depth that was tried."""


def by_best_chunk(documents: Sequence[str]) -> list[str]:
    """Documents in the order of their best chunk, at most as many as the metrics look at."""
    return list(dict.fromkeys(documents))[:DEPTH]


def row_of(
    name: str,
    peer: str,
    index: IndexRun,
    asked: Asked,
    wanted: Mapping[str, Mapping[str, int]],
) -> Row:
    """Rankings are those of the first round, memory is the most of them.

    A question's time is its shortest of the rounds, and so is the start: what else the machine does only ever adds.
    """
    rounds = asked.rounds
    rankings = _rankings(rounds[0])
    values = measure(rankings, wanted)
    means = {metric: float(np.mean([one[metric] for one in values.values()])) for metric in MEASURES}
    times = [min(run.answers[question].milliseconds for run in rounds) for question in rankings]
    return Row(
        set=name,
        peer=peer,
        questions=len(rankings),
        figures=means,
        each=tuple(round(one["ndcg@10"], 6) for one in values.values()),
        chunks=index.chunks,
        index_s=index.seconds,
        query_ms_p50=float(np.percentile(times, 50)),
        query_ms_p95=float(np.percentile(times, 95)),
        peak_mb=max(run.peak_mb for run in rounds),
        index_peak_mb=index.peak_mb,
        start_s=min(run.start_s for run in rounds),
        timed=len(rankings),
        versions=rounds[0].versions,
        depth=asked.depth,
        tried={str(depth): round(value, 6) for depth, value in asked.tried.items()},
    )


def mean_ndcg(run: SearchRun, wanted: Mapping[str, Mapping[str, int]]) -> float:
    """Mean nDCG@10 of a run."""
    return float(np.mean([one["ndcg@10"] for one in measure(_rankings(run), wanted).values()]))


def _rankings(run: SearchRun) -> dict[str, list[str]]:
    return {question: by_best_chunk(answer.documents) for question, answer in run.answers.items()}
