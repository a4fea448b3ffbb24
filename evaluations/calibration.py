"""Labelled questions of the sample help centre in, a fitted confidence model with its figures out."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.answering import Answering, Judged
from bot.dialogue.confidence import NAMES, ConfidenceModel, Signals

DATASET = Path(__file__).parent / "datasets" / "sample"
#: Strength of the ridge on the weights. Of .03, .1, .3, 1 and 10 the first two rank best in cross-validation;
#: the larger one is taken, since stronger shrinkage pushes every probability to the middle.
REGULARISATION = 0.1
FOLDS = 10
#: Signals whose weight may have either sign: a longer question is not better answered as such.
FREE = frozenset({"length"})
#: From here on an answer is more often right than wrong.
THRESHOLD = 0.5
#: From here on the right article is among the first three often enough to offer them as a choice.
CLARIFY_THRESHOLD = 0.25

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what would be quoted and whether that is right."""

    id: str
    signals: Signals
    right: bool
    """The quoted article is one that answers, and the quote shares characters with the passage that does."""
    answerable: bool


@dataclass(frozen=True, slots=True)
class Quality:
    """How well probabilities tell right from wrong, by cross-validation."""

    auroc: float
    """Chance that a right answer has the higher probability of a right and a wrong one."""
    ece: float
    """Expected calibration error over ten bins of equal size (Naeini et al. 2015): mean |probability - share right|."""
    brier: float
    base_rate: float
    """Share of all questions whose quote is right."""
    answered: float
    """Share of all questions at or above the threshold."""
    precision: float
    """Share of right ones among those."""


def collect(answering: Answering, articles: Path) -> list[Case]:
    """Judges every labelled question of the sample set; `articles` is the folder the help centre came from."""
    cases = []
    for name in ("answerable", "routine", "unanswerable"):
        for line in (DATASET / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            judged = answering.judge(row["text"], row["locale"])
            if judged.signals is not None:
                answerable = "article" in row
                right = answerable and _right(judged, row, articles)
                cases.append(Case(row["id"], judged.signals, right, answerable))
    return cases


def _right(judged: Judged, row: dict[str, Any], articles: Path) -> bool:
    shown = judged.citations[0]
    if shown.article_id in row.get("also", ()):
        return True
    if shown.article_id != row["article"] or shown.locale != row["locale"]:
        return False
    source = (articles / row["locale"] / f"{row['article']}.md").read_bytes().decode("utf-8-sig")
    start = source.index(row["quote"])
    return bool(shown.start < start + len(row["quote"]) and start < shown.end)


def fit(cases: Sequence[Case], now: dt.datetime) -> tuple[ConfidenceModel, Quality]:
    """A logistic model on standardised signals, and its quality on questions left out.

    Weights are kept from being negative, the question's length aside: every signal speaks for an answer, and
    on a few hundred questions an unconstrained fit gives some of them the wrong sign by chance.
    """
    values = np.asarray([[getattr(case.signals, name) for name in NAMES] for case in cases], dtype=np.float64)
    right = np.asarray([case.right for case in cases])
    held_out = np.zeros(len(cases))
    fold = np.random.default_rng(0).permutation(len(cases)) % FOLDS
    for number in range(FOLDS):
        train, test = fold != number, fold == number
        held_out[test] = _logistic(values[train], right[train]).probabilities(values[test])
    quality = measure(held_out, right)
    fitted = _logistic(values, right)
    model = ConfidenceModel(
        names=NAMES,
        means=_rounded(fitted.means),
        scales=_rounded(fitted.scales),
        weights=_rounded(fitted.weights),
        bias=round(fitted.bias, 6),
        threshold=THRESHOLD,
        clarify_threshold=CLARIFY_THRESHOLD,
        figures={
            "fitted_on": "evaluations/datasets/sample",
            "default": "This model was fitted on the sample help centre, not on yours.",
            "date": now.date().isoformat(),
            "questions": len(cases),
            "answerable": sum(case.answerable for case in cases),
            **{name: round(getattr(quality, name), 4) for name in Quality.__dataclass_fields__},
        },
    )
    return model, quality


@dataclass(frozen=True, slots=True)
class _Logistic:
    means: Floats
    scales: Floats
    weights: Floats
    bias: float

    def probabilities(self, values: Floats) -> Floats:
        logits = (values - self.means) / self.scales @ self.weights + self.bias
        return np.asarray(1.0 / (1.0 + np.exp(-logits)), dtype=np.float64)


def _logistic(values: Floats, right: Labels) -> _Logistic:
    """Minimises the log loss with a ridge of 1 / (2 C) on the weights, under their bounds."""
    from scipy.optimize import minimize

    means, scales = values.mean(axis=0), values.std(axis=0) + 1e-9
    standard = (values - means) / scales
    sign = np.where(right, 1.0, -1.0)

    def loss(parameters: Floats) -> tuple[float, Floats]:
        weights, bias = parameters[:-1], parameters[-1]
        margin = sign * (standard @ weights + bias)
        pull = -sign / (1.0 + np.exp(margin))
        value = float(np.logaddexp(0.0, -margin).sum() + weights @ weights / (2.0 * REGULARISATION))
        gradient = np.append(standard.T @ pull + weights / REGULARISATION, pull.sum())
        return value, gradient

    bounds = [(None, None) if name in FREE else (0.0, None) for name in NAMES]
    found = minimize(
        loss, np.zeros(len(NAMES) + 1), jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)]
    )
    return _Logistic(means, scales, found.x[:-1], float(found.x[-1]))


def _rounded(values: Floats) -> tuple[float, ...]:
    return tuple(round(float(value), 6) for value in values)


def measure(probabilities: Floats, right: Labels, threshold: float = THRESHOLD) -> Quality:
    """Quality of probabilities against what was right."""
    from sklearn.metrics import roc_auc_score

    answered = probabilities >= threshold
    return Quality(
        auroc=float(roc_auc_score(right, probabilities)),
        ece=calibration_error(probabilities, right),
        brier=float(np.mean((probabilities - right) ** 2)),
        base_rate=float(np.mean(right)),
        answered=float(np.mean(answered)),
        precision=float(np.mean(right[answered])) if answered.any() else 0.0,
    )


def calibration_error(probabilities: Floats, right: Labels, bins: int = 10) -> float:
    """Expected calibration error over bins that hold equally many questions."""
    order = np.argsort(probabilities)
    parts = [part for part in np.array_split(order, bins) if len(part)]
    gaps = [abs(float(np.mean(probabilities[part]) - np.mean(right[part]))) * len(part) for part in parts]
    return sum(gaps) / max(len(probabilities), 1)
