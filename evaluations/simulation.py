"""Labelled questions and a confidence model in, what would have become of them at each error budget out; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.dialogue.budget import Budget, Outcome, needed, promise
from bot.dialogue.confidence import ConfidenceModel
from bot.dialogue.serving import NOTHING_IS_SURE, serving
from bot.ledger.intervals import Share, share
from evaluations.labels import Labels, Question
from evaluations.proportions import interval, rounded
from evaluations.selective import Point, area, risk_coverage

#: Questions shown on either side of the line.
MOST_EXAMPLES = 8


@dataclass(frozen=True, slots=True)
class Replayed:
    """A labelled question as the model sees it now."""

    id: str
    text: str
    probability: float
    right: bool
    """What would be quoted answers it."""
    answerable: bool
    may_ask: bool
    """The bot could ask back with choices."""


@dataclass(frozen=True, slots=True)
class AtBudget:
    """What would have become of the questions under one error budget."""

    budget: float
    threshold: float
    promised: bool
    """The labels promise it; else the threshold is an estimate, or nothing is answered."""
    at_most: float
    """What the share wrong does not exceed, at the certainty asked for; 1 where nothing is promised."""
    needed: int | None
    """Labels in all that would probably allow a promise; None where there is one, or where more would not help."""
    answered: Share
    asked_back: Share
    handed_off: Share
    wrong: Share
    """Of the answers."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """The replay of labelled questions."""

    name: str
    caution: str
    certainty: float
    questions: tuple[Replayed, ...]
    rows: tuple[AtBudget, ...]
    chosen: AtBudget
    """The row of the budget that was asked for."""
    curve: tuple[Point, ...]
    area: float
    above: tuple[Replayed, ...]
    """Answered at the chosen threshold, and nearest to it."""
    below: tuple[Replayed, ...]
    """Not answered, and nearest to it."""


def replay(labels: Labels, model: ConfidenceModel) -> tuple[Replayed, ...]:
    """The questions with what the model says of them; for history, what was said then."""
    return tuple(
        Replayed(
            id=one.id,
            text=one.text,
            probability=_probability(one, model),
            right=one.judgement.right,
            answerable=one.judgement.answerable,
            may_ask=one.judgement.choices > 1,
        )
        for one in labels.questions
    )


def _probability(one: Question, model: ConfidenceModel) -> float:
    if one.stored is not None:
        return one.stored
    return model.probability(one.judgement.signals) if one.judgement.signals else 0.0


def outcomes(questions: Sequence[Replayed]) -> tuple[Outcome, ...]:
    """What a promise is made of."""
    return tuple(Outcome(one.probability, one.right) for one in questions)


def simulate(labels: Labels, model: ConfidenceModel, wanted: Budget, budgets: Sequence[float]) -> Simulation:
    """Replays the questions at each budget, the wanted one among them; raises `ValueError` without a question."""
    questions = replay(labels, model)
    if not questions:
        raise ValueError("there is no labelled question to replay")
    shares = sorted({*budgets, wanted.wrong})
    rows = tuple(at_budget(questions, model, Budget(one, wanted.certainty)) for one in shares)
    chosen = rows[shares.index(wanted.wrong)]
    said = np.asarray([one.probability for one in questions])
    right = np.asarray([one.right for one in questions], dtype=np.bool_)
    ordered = sorted(questions, key=lambda one: one.probability)
    return Simulation(
        name=labels.name,
        caution=labels.caution,
        certainty=wanted.certainty,
        questions=questions,
        rows=rows,
        chosen=chosen,
        curve=risk_coverage(said, right),
        area=area(said, right),
        above=tuple(one for one in ordered if one.probability >= chosen.threshold)[:MOST_EXAMPLES],
        below=tuple(one for one in reversed(ordered) if one.probability < chosen.threshold)[:MOST_EXAMPLES],
    )


def at_budget(questions: Sequence[Replayed], model: ConfidenceModel, budget: Budget) -> AtBudget:
    """What would have become of the questions under a budget."""
    found = promise(outcomes(questions), budget)
    threshold = found.threshold
    if threshold is None:
        kept = serving(model, budget.wrong).kept
        threshold = kept.threshold if kept else NOTHING_IS_SURE
    answered = [one for one in questions if one.probability >= threshold]
    least = min(model.clarify_threshold, threshold)
    asked = [one for one in questions if one.may_ask and least <= one.probability < threshold]
    return AtBudget(
        budget=budget.wrong,
        threshold=threshold,
        promised=found.threshold is not None,
        at_most=found.at_most,
        needed=None if found.threshold is not None else needed(outcomes(questions), budget),
        answered=share(len(answered), len(questions)),
        asked_back=share(len(asked), len(questions)),
        handed_off=share(len(questions) - len(answered) - len(asked), len(questions)),
        wrong=share(sum(not one.right for one in answered), len(answered)),
    )


def described(one: Simulation) -> dict[str, object]:
    """The figures as one JSON object; questions are named by their ids."""
    return {
        "name": one.name,
        "caution": one.caution,
        "questions": len(one.questions),
        "right": sum(question.right for question in one.questions),
        "certainty": one.certainty,
        "budgets": [_row(row) for row in one.rows],
        "budget": one.chosen.budget,
        "curve": [[round(value, 6) for value in (p.coverage, p.risk, p.threshold)] for p in one.curve],
        "area": round(one.area, 6),
        "just_answered": [question.id for question in one.above],
        "just_not_answered": [question.id for question in one.below],
    }


def _row(row: AtBudget) -> dict[str, object]:
    shares = {name: getattr(row, name) for name in ("answered", "asked_back", "handed_off", "wrong")}
    return {
        "budget": row.budget,
        "threshold": row.threshold if row.threshold <= 1.0 else None,
        "promised": row.promised,
        "at_most": round(row.at_most, 6),
        "labels_needed": row.needed,
        **{name: rounded(part) for name, part in shares.items()},
        **{f"{name}_interval": interval(part) for name, part in shares.items()},
    }
