"""Judged questions in, a fitted confidence model with its figures and the thresholds for error budgets out."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.dialogue.budget import THRESHOLDS, Budget, Kept, Outcome, promise
from bot.dialogue.confidence import ConfidenceModel
from evaluations import centres, own_fit
from evaluations.abstention import JudgedSet, cases_of, fit_default
from evaluations.default_fit import DefaultFit
from evaluations.logistic import Floats, Labels, Logistic
from evaluations.selective import auroc, calibration_error

#: Error budgets that are looked at; a team may ask for another one.
BUDGETS = (0.02, 0.03, 0.05, 0.08, 0.10, 0.15, 0.20, 0.25, 0.30)
#: From here on the default model answers before anybody has labelled a question. Of support questions about 9 of 10
#: answers are then from the right article; docs/decisions/0038-many-help-centres.md has the table.
THRESHOLD = 0.698
#: Sets that weights are fitted on and neither thresholds nor the level are estimated from: two of five questions of
#: SQuAD 2 and of our own small help centres were written to have no answer and look as if they had one, which is not
#: what customers do.
MADE_TO_FOOL = frozenset({"squad2-dev", *(one.name for one in centres.folders())})
#: Fewer answers than this are no ground for an estimate.
FEWEST_ANSWERS = 50
#: From here on the right article is among the first three often enough to offer them as a choice.
CLARIFY_THRESHOLD = 0.38
#: The same in a model of one help centre, whose probabilities reach further down.
_OWN_CLARIFY_THRESHOLD = 0.25
#: Decimals that a model file keeps.
_DECIMALS = 6
#: Nearer to 0 or 1 a probability has no odds that a float can hold.
_SUREST = 1e-9
#: Logits that a level may move all.
_FARTHEST = 2.0


@dataclass(frozen=True, slots=True)
class Quality:
    """How well probabilities tell right from wrong."""

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


def measure(probabilities: Floats, right: Labels, threshold: float) -> Quality:
    """Quality of probabilities against what was right; raises `ValueError` where all is right or nothing is."""
    answered = probabilities >= threshold
    return Quality(
        auroc=auroc(probabilities, right),
        ece=calibration_error(probabilities, right),
        brier=float(np.mean((probabilities - right) ** 2)),
        base_rate=float(np.mean(right)),
        answered=float(np.mean(answered)),
        precision=float(np.mean(right[answered])) if answered.any() else 0.0,
    )


def default_model(sets: Sequence[JudgedSet], today: dt.date) -> ConfidenceModel:
    """The model that is shipped: fitted on several help centres, for one that none of its cases is from.

    Its thresholds are estimates: each set's questions are judged by a model that was fitted without the set, and every
    set counts alike. Raises `ValueError` for fewer than two sets.
    """
    if len(sets) < 2:
        raise ValueError(
            "a default needs two sets or more: what it is worth elsewhere shows on those left out"
        )
    parts = [cases_of(one) for one in sets]
    left_out = [
        fit_default([*sets[:place], *sets[place + 1 :]]).probabilities(part.values)
        for place, part in enumerate(parts)
    ]
    rights = [part.right for part in parts]
    usual = [place for place, one in enumerate(sets) if one.name not in MADE_TO_FOOL]
    level = level_of([left_out[place] for place in usual], [rights[place] for place in usual])
    left_out = [_moved(one, level) for one in left_out]
    figures: dict[str, object] = {
        "name": "The default model, fitted on public question sets and not on your help centre",
        "date": today.isoformat(),
        "sets": {
            one.name: _figures(one, probabilities, right)
            for one, probabilities, right in zip(sets, left_out, rights, strict=True)
        },
    }
    estimates = tuple(
        _estimate(
            budget,
            [left_out[place] for place in usual],
            [rights[place] for place in usual],
            [sets[place] for place in usual],
            today,
        )
        for budget in BUDGETS
    )
    model = _default(fit_default(sets), level, figures)
    return replace(model, kept=tuple(one for one in estimates if one is not None))


def level_of(probabilities: Sequence[Floats], rights: Sequence[Labels]) -> float:
    """What is to be added to all logits so that as much is right as is said, each set counting alike.

    0 where there is nothing to tell it by.
    """
    from scipy.optimize import brentq

    def beyond(level: float) -> float:
        return float(
            np.mean(
                [
                    _moved(one, level).mean() - own.mean()
                    for one, own in zip(probabilities, rights, strict=True)
                ]
            )
        )

    if not probabilities or beyond(-_FARTHEST) > 0 or beyond(_FARTHEST) < 0:
        return 0.0
    return float(brentq(beyond, -_FARTHEST, _FARTHEST))


def _moved(probabilities: Floats, level: float) -> Floats:
    held = np.clip(probabilities, _SUREST, 1.0 - _SUREST)
    odds = np.log(held) - np.log1p(-held) + level
    return np.asarray(1.0 / (1.0 + np.exp(-odds)), dtype=np.float64)


def _default(found: DefaultFit, level: float, figures: dict[str, object]) -> ConfidenceModel:
    """The default as it is saved."""

    def rounded(values: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(round(one, _DECIMALS) for one in values)

    return ConfidenceModel(
        names=(),
        means=(),
        scales=(),
        weights=(),
        bias=round(found.curved.bias + (level if found.forest is None else 2.0 * level), _DECIMALS),
        threshold=THRESHOLD,
        clarify_threshold=CLARIFY_THRESHOLD,
        figures=figures,
        curves=tuple(replace(one, at=rounded(one.at), adds=rounded(one.adds)) for one in found.curved.curves),
        forest=found.forest,
    )


def _figures(one: JudgedSet, probabilities: Floats, right: Labels) -> dict[str, float]:
    """What a model fitted on the other sets is worth on this one."""
    return {
        "questions": len(one.questions),
        "right": int(right.sum()),
        "auroc_without_it": round(auroc(probabilities, right), 4),
        "ece_without_it": round(calibration_error(probabilities, right), 4),
    }


def _estimate(
    budget: float,
    probabilities: Sequence[Floats],
    rights: Sequence[Labels],
    sets: Sequence[JudgedSet],
    today: dt.date,
) -> Kept | None:
    """The lowest threshold from which on, going down from the surest, the mean of the sets stays within the budget."""
    found: Kept | None = None
    for threshold in THRESHOLDS:
        chosen = [said >= threshold for said in probabilities]
        shares = [float(one.mean()) for one in chosen]
        wrong = [float((one & ~right).mean()) for one, right in zip(chosen, rights, strict=True)]
        if sum(int(one.sum()) for one in chosen) < FEWEST_ANSWERS:
            continue
        if sum(wrong) / sum(shares) > budget:
            break
        found = Kept(
            wrong=budget,
            certainty=0.0,
            threshold=threshold,
            labels=sum(len(right) for right in rights),
            answered=sum(int(one.sum()) for one in chosen),
            mistakes=sum(int((one & ~right).sum()) for one, right in zip(chosen, rights, strict=True)),
            source=", ".join(one.name for one in sets),
            date=today.isoformat(),
        )
    return found


def own_model(one: JudgedSet, threshold: float, today: dt.date) -> ConfidenceModel:
    """A model of one help centre alone; raises `ValueError` where there are too few right or wrong answers."""
    cases = cases_of(one)
    quality = measure(own_fit.cross_validated(cases), cases.right, threshold)
    figures: dict[str, object] = {
        "name": f"A model fitted on {len(cases.right)} questions of {one.name}",
        "date": today.isoformat(),
        "sets": {one.name: {name: round(getattr(quality, name), 4) for name in Quality.__dataclass_fields__}},
    }
    found = own_fit.fit(cases)
    return replace(fitted(found.linear, threshold, figures), forest=found.forest)


def fitted(found: Logistic, threshold: float, figures: dict[str, object]) -> ConfidenceModel:
    """A fit as the model that is saved; signals without a weight are left out."""
    used = [place for place, weight in enumerate(found.weights) if abs(weight) >= 10.0**-_DECIMALS]

    def rounded(values: Floats) -> tuple[float, ...]:
        return tuple(round(float(values[place]), _DECIMALS) for place in used)

    return ConfidenceModel(
        names=tuple(found.names[place] for place in used),
        means=rounded(found.means),
        scales=rounded(found.scales),
        weights=rounded(found.weights),
        bias=round(found.bias, _DECIMALS),
        threshold=threshold,
        clarify_threshold=min(_OWN_CLARIFY_THRESHOLD, threshold),
        figures=figures,
    )


def outcomes_of(one: JudgedSet, model: ConfidenceModel) -> tuple[Outcome, ...]:
    """What the model says of each labelled question, and whether it is right; nothing to quote is never answered."""
    return tuple(
        Outcome(model.probability(question.signals) if question.signals else 0.0, question.right)
        for question in one.questions
    )


def with_promises(
    model: ConfidenceModel, outcomes: Sequence[Outcome], wanted: Budget, source: str, today: dt.date
) -> ConfidenceModel:
    """The model with a threshold for each error budget that the labels can promise; the wanted one serves.

    Estimates of the model stay for budgets that nothing is promised for. Each promise holds by itself.
    """
    promises = []
    for share in sorted({*BUDGETS, wanted.wrong}):
        found = promise(outcomes, Budget(share, wanted.certainty))
        if found.threshold is not None:
            promises.append(
                Kept(
                    wrong=share,
                    certainty=wanted.certainty,
                    threshold=found.threshold,
                    labels=found.labels,
                    answered=found.answered,
                    mistakes=found.wrong,
                    source=source,
                    date=today.isoformat(),
                )
            )
    estimates = [one for one in model.kept if not one.promised]
    return replace(model, budget=wanted.wrong, kept=(*promises, *estimates))


def halves(one: JudgedSet) -> tuple[JudgedSet, JudgedSet]:
    """Two random halves, always the same: a model fitted on the first has not seen the second."""
    order = np.random.default_rng(0).permutation(len(one.questions)).tolist()
    first, second = order[: len(order) // 2], order[len(order) // 2 :]
    return (
        JudgedSet(one.name, tuple(one.questions[place] for place in first)),
        JudgedSet(one.name, tuple(one.questions[place] for place in second)),
    )
