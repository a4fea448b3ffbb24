"""A run, or two compared, in; one HTML file out that needs nothing beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.dialogue.confidence import ConfidenceModel
from evaluations import plots
from evaluations.abstention import MODELS, AbstentionResult, thinned
from evaluations.comparison import Comparison
from evaluations.result import Case, SetResult
from evaluations.runs import Run
from evaluations.significance import estimate
from evaluations.simulation import Simulation

TEMPLATES = Path(__file__).parent / "templates"
#: Cases shown for each set, worst first.
MOST_WORST = 20
_BINS = 10
#: Metrics drawn as bars, by kind of run.
_DRAWN = {
    "retrieval": ("ndcg@10", "hit@1"),
    "answers": ("right", "quote_has_answer"),
    "abstention": ("ranking", "closeness"),
    "triggers": ("told_right", "reached"),
    "language": ("told_right",),
}
#: What a metric means, for the table's head.
MEANINGS = {
    "hit@1": "share of queries whose first document is wanted",
    "hit@5": "share with a wanted document among the first 5",
    "mrr@10": "mean of 1 / rank of the first wanted document, 0 beyond 10",
    "ndcg@10": "how far up the wanted documents stand among the first 10; 1 is the best order there is",
    "recall@100": "share of the wanted documents among the first 100",
    "right": "share where the bot did what was wanted: answered from a wanted article, or did not answer",
    "answered": "share that got an answer",
    "cited_right": "of the answers, share that quote a wanted article",
    "citation_precision": "of the citations shown, share of wanted articles",
    "citation_recall": "share of questions with a wanted article among the citations",
    "quote_has_answer": "share of questions whose quote holds the wanted words",
    "quote_f1": "overlap of the quote's and the wanted words",
    "handed_off": "share that went to a person",
    "reason_right": "share that went to a person for the right reason",
    "ranking": "chance that a right quote has the higher confidence of a right and a wrong one (AUROC)",
    "closeness": "1 less the squared distance of confidence and truth (1 - Brier score)",
    "quote_right": "share of questions whose quote is from an article that answers",
    "told_right": "share of messages told as labelled",
    "reached": "of messages with a reason to bring in a person, share that reach one",
    "left_alone": "of messages without one, share that no rule fires on",
}


@dataclass(frozen=True, slots=True)
class Spread:
    """Where the first wanted document stands, as shares of the queries."""

    name: str
    share: float
    count: int


def report(run: Run) -> str:
    """The report of one run as HTML."""
    drawn = tuple(name for name in _DRAWN.get(run.kind, ()) if any(name in one.figures for one in run.sets))
    return (
        _environment()
        .get_template("report.html")
        .render(
            run=run,
            drawn=drawn,
            scores=_scores(run.sets, drawn),
            latency=_latency(run.sets),
            sets=[(one, _spread(one), _calibration(one), worst(one)) for one in run.sets],
            named=list(dict.fromkeys(name for one in run.sets for name in one.figures)),
            meanings=MEANINGS,
        )
    )


def comparison_report(comparison: Comparison) -> str:
    """Two runs side by side as HTML."""
    named = dict.fromkeys(metric.name for change in comparison.sets for metric in change.metrics)
    return (
        _environment()
        .get_template("comparison.html")
        .render(comparison=comparison, named=list(named), meanings=MEANINGS)
    )


def abstention_report(results: Sequence[AbstentionResult], shipped: ConfidenceModel) -> str:
    """How well the bot knows when it is right, as HTML."""
    sets = [(one, _risk_coverage(one), _reliability_of(one)) for one in results]
    return (
        _environment()
        .get_template("abstention.html")
        .render(results=results, sets=sets, models=MODELS, shipped=shipped)
    )


def simulation_report(simulations: Sequence[Simulation], statement: str) -> str:
    """What would have become of labelled questions at each error budget, as HTML."""
    sets = [(one, _simulated_curve(one), _simulated_reliability(one)) for one in simulations]
    return _environment().get_template("simulation.html").render(sets=sets, statement=statement)


def _simulated_curve(one: Simulation) -> Markup:
    line = [(point.coverage, point.risk) for point in thinned(one.curve)]
    return plots.curves(
        [line], f"Risk and coverage on {one.name}", "share answered", "share of answers wrong"
    )


def _simulated_reliability(one: Simulation) -> Markup | None:
    rated = [(question.probability, float(question.right)) for question in one.questions]
    return _reliability(rated, f"Calibration on {one.name}")


def _risk_coverage(result: AbstentionResult) -> Markup | None:
    lines = [
        [(point.coverage, point.risk) for point in thinned(found.curve)] for found in result.models.values()
    ]
    title = f"Risk and coverage on {result.judged.name}"
    return plots.curves(lines, title, "share answered", "share of answers wrong") if lines else None


def _reliability_of(result: AbstentionResult) -> Markup | None:
    found = result.models.get("shipped")
    if found is None:
        return None
    right = [float(question.right) for question in result.judged.questions]
    rated = list(zip(found.probabilities, right, strict=True))
    return _reliability(rated, f"Calibration on {result.judged.name}")


def worst(result: SetResult) -> tuple[Case, ...]:
    """The cases with the least of the deciding metric; where it is equal, the furthest from being right."""
    rated = [case for case in result.cases if case.values.get(result.primary, 1.0) < 1.0]
    rated.sort(key=lambda case: (case.values[result.primary], -_distance(case), case.id))
    return tuple(rated[:MOST_WORST])


def _distance(case: Case) -> float:
    rank = case.values.get("rank", 0.0)
    return rank if rank else float("inf")


def _scores(sets: Sequence[SetResult], drawn: Sequence[str]) -> Markup:
    rows = [
        plots.Row(
            one.title,
            tuple(
                plots.Bar(
                    series,
                    one.figures[name].value,
                    one.figures[name].low,
                    one.figures[name].high,
                    f"{one.title}: {name} {one.figures[name].value:.3f}",
                )
                for series, name in enumerate(drawn)
                if name in one.figures and one.figures[name].n
            ),
        )
        for one in sets
    ]
    return plots.bars(rows, "Score by set with 95% intervals", most=1.0)


def _latency(sets: Sequence[SetResult]) -> Markup | None:
    timed = [one for one in sets if "query_ms_p50" in one.measured]
    rows = [plots.Row(one.title, tuple(_times(one))) for one in timed]
    return (
        plots.bars(rows, "Time of one query by set, median to 95th percentile", unit=" ms") if rows else None
    )


def _times(result: SetResult) -> list[plots.Bar]:
    times = []
    for series, name in enumerate(("query", "encoder")):
        middle = result.measured.get(f"{name}_ms_p50")
        if middle is not None:
            high = result.measured.get(f"{name}_ms_p95", middle)
            hint = f"{result.title}, {name}: median {middle:.1f} ms, 95th percentile {high:.1f} ms"
            times.append(plots.Bar(series, middle, middle, high, hint))
    return times


def _spread(result: SetResult) -> tuple[Spread, ...]:
    ranks = [case.values["rank"] for case in result.cases if "rank" in case.values]
    if not ranks:
        return ()
    parts = (
        ("first", 1, 1),
        ("2 to 5", 2, 5),
        ("6 to 10", 6, 10),
        ("11 to 100", 11, 100),
        ("not found", 0, 0),
    )
    counts = [(name, sum(low <= rank <= high for rank in ranks)) for name, low, high in parts]
    return tuple(Spread(name, count / len(ranks), count) for name, count in counts)


def _calibration(result: SetResult) -> Markup | None:
    """Confidence against being right, over the cases that have both."""
    rated = [
        (case.values["confidence"], case.values["top_right"])
        for case in result.cases
        if "confidence" in case.values and "top_right" in case.values
    ]
    return _reliability(rated, f"Calibration on {result.title}")


def _reliability(pairs: Sequence[tuple[float, float]], title: str) -> Markup | None:
    """Pairs of a probability and 0 or 1, drawn; None where there are too few."""
    rated = sorted(pairs)
    if len(rated) < 2 * _BINS:
        return None
    # Bins of equal size, so that no dot rests on two or three cases (Nguyen & O'Connor 2015).
    edges = [round(place * len(rated) / _BINS) for place in range(_BINS + 1)]
    bins = []
    for start, end in pairwise(edges):
        own = rated[start:end]
        was = estimate([right for _, right in own])
        said = sum(confidence for confidence, _ in own) / len(own)
        bins.append(plots.Bin(said, was.value, was.low, was.high, len(own)))
    return plots.reliability(bins, title)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = lambda value: f"{100 * value:.0f}%"
    environment.filters["signed"] = lambda value: f"{value:+.3f}".replace("-", "−")
    environment.filters["figure"] = _figure
    return environment


def _figure(value: Any) -> str:
    number = float(value)
    return f"{number:,.0f}" if number == round(number) else f"{number:,.3f}"
