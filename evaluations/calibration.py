"""Labelled questions of the sample help centre in, a fitted confidence model with its figures out."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.answering import Answering
from bot.dialogue.confidence import NAMES, ConfidenceModel, Signals
from bot.judging import Judged
from evaluations import logistic
from evaluations.logistic import Floats, Labels
from evaluations.selective import auroc, calibration_error

DATASET = Path(__file__).parent / "datasets" / "sample"
#: From here on an answer is more often right than wrong.
THRESHOLD = 0.5
#: From here on the right article is among the first three often enough to offer them as a choice.
CLARIFY_THRESHOLD = 0.25


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
    """A logistic model on standardised signals, and its quality on questions left out."""
    values = logistic.matrix([case.signals for case in cases])
    right = np.asarray([case.right for case in cases])
    quality = measure(logistic.cross_validated(values, right), right)
    fitted = logistic.fit(values, right)
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


def _rounded(values: Floats) -> tuple[float, ...]:
    return tuple(round(float(value), 6) for value in values)


def measure(probabilities: Floats, right: Labels, threshold: float = THRESHOLD) -> Quality:
    """Quality of probabilities against what was right."""
    answered = probabilities >= threshold
    return Quality(
        auroc=auroc(probabilities, right),
        ece=calibration_error(probabilities, right),
        brier=float(np.mean((probabilities - right) ** 2)),
        base_rate=float(np.mean(right)),
        answered=float(np.mean(answered)),
        precision=float(np.mean(right[answered])) if answered.any() else 0.0,
    )
