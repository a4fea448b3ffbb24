"""Judged questions of several sets in, how well each confidence model knows when it is right out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.dialogue.confidence import ConfidenceModel
from bot.dialogue.signals import NAMES
from evaluations import default_fit, logistic, own_fit, selective
from evaluations.default_fit import DefaultFit
from evaluations.judgements import Judgement
from evaluations.logistic import Cases, Floats, Labels
from evaluations.selective import Point

#: What the models are, for people.
MODELS = {
    "shipped": "the model that is shipped",
    "loso": "fitted on the other sets, as the default is",
    "cv": "fitted on this set, tenfold cross-validation",
}
#: How often a set counts in the default model. The sample counts three times: it is the one of help articles and short
#: messages, and counted once 15% of what it has no answer for is answered at a quarter answered rightly, not 13%.
TIMES = {"sample": 3.0}
#: Points of a curve that reports keep; more cannot be told apart in a drawing.
_MOST_POINTS = 200
#: Probability of a question that nothing can be quoted for: it is handed off, whatever the threshold is.
_NOTHING = 0.0


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """The questions of one set."""

    name: str
    questions: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class Selective:
    """How well one model tells right from wrong on a set."""

    auroc: float
    auroc_low: float
    auroc_high: float
    """Ends of its 95% interval."""
    ece: float
    brier: float
    aurc: float
    """Area under the risk-coverage curve; lower is better."""
    coverage_at_90: float
    """Share of all questions that can be answered with at least 90% of the answers right."""
    coverage_at_95: float
    curve: tuple[Point, ...]
    probabilities: tuple[float, ...]
    """In the order of the set's questions."""


@dataclass(frozen=True, slots=True)
class AbstentionResult:
    """The figures of one set."""

    judged: JudgedSet
    models: dict[str, Selective]
    """By the names of `MODELS`; those that could not be measured are not there."""
    notes: tuple[str, ...]
    """Why a model is not there."""


def evaluate(sets: Sequence[JudgedSet], shipped: ConfidenceModel) -> tuple[AbstentionResult, ...]:
    """Measures the shipped model, one fitted without the set, and one fitted within it.

    What cannot be quoted is wrong, has probability 0, and is in no fit.
    """
    return tuple(
        _evaluate(one, [other for other in sets if other is not one and other.name != one.name], shipped)
        for one in sets
    )


def _evaluate(one: JudgedSet, others: Sequence[JudgedSet], shipped: ConfidenceModel) -> AbstentionResult:
    def by_shipped() -> Floats:
        given = [question.signals for question in one.questions if question.signals is not None]
        return np.asarray([shipped.probability(signals) for signals in given])

    def by_others() -> Floats:
        if not others:
            raise ValueError("leaving a set out needs another set")
        return fit_default(others).probabilities(cases_of(one).values)

    ways: dict[str, Callable[[], Floats]] = {
        "shipped": by_shipped,
        "loso": by_others,
        "cv": lambda: own_fit.cross_validated(cases_of(one)),
    }
    models, notes = {}, []
    for name, predict in ways.items():
        try:
            models[name] = measure(_with_unquotable(one, predict()), _right(one))
        except ValueError as exc:
            notes.append(f"Not measured: {MODELS[name]} ({exc}).")
    return AbstentionResult(one, models, tuple(notes))


def fit_default(sets: Sequence[JudgedSet]) -> DefaultFit:
    """The model for a help centre that none of the sets is from; raises `ValueError` without right or wrong cases."""
    return default_fit.fit([cases_of(one) for one in sets], [TIMES.get(one.name, 1.0) for one in sets])


def cases_of(one: JudgedSet, names: Sequence[str] = NAMES) -> Cases:
    """What of a set can be fitted: the questions that something could be quoted for."""
    known = [question for question in one.questions if question.signals is not None]
    values = logistic.matrix([question.signals for question in known if question.signals is not None], names)
    return Cases(values, np.asarray([question.right for question in known], dtype=np.bool_))


def _right(one: JudgedSet) -> Labels:
    return np.asarray([question.right for question in one.questions], dtype=np.bool_)


def _with_unquotable(one: JudgedSet, probabilities: Floats) -> Floats:
    quotable = np.asarray([question.signals is not None for question in one.questions], dtype=np.bool_)
    every = np.full(len(one.questions), _NOTHING)
    every[quotable] = probabilities
    return every


def measure(probabilities: Floats, right: Labels) -> Selective:
    """All figures of one model; raises `ValueError` where all questions are right or none is."""
    low, high = selective.auroc_interval(probabilities, right)
    return Selective(
        auroc=selective.auroc(probabilities, right),
        auroc_low=low,
        auroc_high=high,
        ece=selective.calibration_error(probabilities, right),
        brier=float(np.mean((probabilities - right) ** 2)),
        aurc=selective.area(probabilities, right),
        coverage_at_90=selective.coverage_at(probabilities, right, 0.90),
        coverage_at_95=selective.coverage_at(probabilities, right, 0.95),
        curve=selective.risk_coverage(probabilities, right),
        probabilities=tuple(map(float, probabilities)),
    )


def described(result: AbstentionResult) -> dict[str, object]:
    """The figures as one flat JSON object; what was not measured is null."""
    questions = result.judged.questions
    rows: dict[str, object] = {
        "name": result.judged.name,
        "questions": len(questions),
        "right": sum(one.right for one in questions),
        "answerable": sum(one.answerable for one in questions),
        "unanswerable": sum(not one.answerable for one in questions),
        "unquotable": sum(one.signals is None for one in questions),
    }
    for model in MODELS:
        found = result.models.get(model)
        for figure in ("auroc", "ece", "brier", "aurc", "coverage_at_90", "coverage_at_95"):
            rows[f"{figure}_{model}"] = round(float(getattr(found, figure)), 6) if found else None
        rows[f"auroc_{model}_interval"] = (
            [round(found.auroc_low, 6), round(found.auroc_high, 6)] if found else None
        )
    rows["curves"] = {
        model: [
            [round(point.coverage, 6), round(point.risk, 6), round(point.threshold, 6)]
            for point in thinned(found.curve)
        ]
        for model, found in result.models.items()
    }
    rows["notes"] = list(result.notes)
    return rows


def thinned(curve: Sequence[Point]) -> tuple[Point, ...]:
    """At most `_MOST_POINTS` points of a curve, evenly spread, its last among them."""
    if len(curve) <= _MOST_POINTS:
        return tuple(curve)
    places = np.unique(np.linspace(0, len(curve) - 1, _MOST_POINTS).round().astype(int))
    return tuple(curve[place] for place in places)
