"""Runs made by hand, to compare and to report."""

from evaluations.result import Case, SetResult, figures_of, slices_of
from evaluations.runs import Run

METRICS = ("hit@1", "ndcg@10")


def made_set(values: list[float], name: str = "made", corpus: str = "c1", hostile: str = "") -> SetResult:
    cases = tuple(
        Case(
            id=f"q{number}",
            text=f"question {number} {hostile}",
            earlier=("before",) if number == 0 else (),
            wanted=("right",),
            got=("right", "wrong") if value == 1 else ("wrong", "right"),
            note="",
            values={
                "hit@1": float(value == 1),
                "ndcg@10": value,
                "rank": 1.0 if value == 1 else 2.0,
                "query_ms": 3.0,
                "confidence": value,
                "top_right": float(value == 1),
            },
            labels={"even": "true" if number % 2 == 0 else "false"},
        )
        for number, value in enumerate(values)
    )
    return SetResult(
        name=name,
        variant="",
        kind="retrieval",
        corpus=corpus,
        primary="ndcg@10",
        figures=figures_of(cases, METRICS),
        slices=slices_of(cases, METRICS, ["even"]),
        measured={
            "query_ms_p50": 3.0,
            "query_ms_p95": 9.0,
            "encoder_ms_p50": 2.0,
            "encoder_ms_p95": 4.0,
            "chunks": 5,
        },
        notes=("A note.",),
        cases=cases,
        documents={"right": f"The right one {hostile}", "wrong": "The wrong one"},
    )


def made_run(run_id: str, *sets: SetResult, kind: str = "retrieval", weight: str = "1.0") -> Run:
    settings = {"context": "2", "recipe.dense": weight}
    return Run(run_id, kind, "2030-01-02T03:04:05+00:00", "0.1.0", "model", settings, sets)
