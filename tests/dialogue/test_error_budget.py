"""The promise of an error budget holds as often as it says, whatever the confidence model is like."""

import functools
import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from bot.dialogue.budget import (
    FIRST_SHARE,
    THRESHOLDS,
    Budget,
    Outcome,
    Promise,
    at_most,
    fewest,
    needed,
    promise,
    tail,
    tried,
)

Floats = npt.NDArray[np.float64]
BUDGET = Budget(0.05, 0.95)


def _logit(said: Floats) -> Floats:
    return np.log(said / (1.0 - said))


def _expit(logit: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-logit))


#: What a confidence of `said` means in truth, as the chance of being right: honest, useless and perverse models.
MODELS: dict[str, Callable[[Floats], Floats]] = {
    "calibrated": lambda said: said,
    "overconfident": lambda said: _expit(0.6 * _logit(said) - 0.3),
    "underconfident": lambda said: _expit(1.5 * _logit(said) + 1.0),
    "useless, a hair over the budget": lambda said: np.full_like(said, 0.9499),
    "upside down": lambda said: 1.0 - 0.12 * said,
    "worst where it is surest": lambda said: np.where(said > 0.95, 0.90, 0.99),
    "worst in the middle": lambda said: np.where((said > 0.80) & (said < 0.9), 0.6, 0.99),
}


def _said(generator: np.random.Generator, count: int) -> Floats:
    """Confidences as a knowledge base gives them: two in three above one half, few in the middle."""
    return np.asarray(_expit(generator.normal(1.2, 2.2, count)))


@functools.cache
def _true_risks(name: str) -> tuple[float, ...]:
    """The share wrong among all that each of `THRESHOLDS` answers, over a population of a million."""
    said = _said(np.random.default_rng(1), 1_000_000)
    answered, wrong = _counted(said[None], 1.0 - MODELS[name](said)[None])
    return tuple((wrong / answered)[0].tolist())


def _counted(said: Floats, wrong: Floats) -> tuple[Floats, Floats]:
    """For each row of questions and each of `THRESHOLDS`: how many it answers, and how many of them are wrong."""
    # Place of the first threshold that a question reaches; those that reach none stand behind the last.
    places = np.searchsorted(-np.array(THRESHOLDS), -said.ravel())
    places += np.repeat(np.arange(len(said)) * (len(THRESHOLDS) + 1), said.shape[1])
    cells = len(said) * (len(THRESHOLDS) + 1)
    shape = (len(said), len(THRESHOLDS) + 1)
    answered = np.bincount(places, minlength=cells).reshape(shape)
    mistakes = np.bincount(places, weights=wrong.ravel(), minlength=cells).reshape(shape)
    return answered.cumsum(1)[:, :-1].astype(np.float64), mistakes.cumsum(1)[:, :-1]


@functools.cache
def _passing(labels: int) -> Floats:
    """For each number of answers the most wrong ones among them that pass the test of `promise`; -1 for none."""
    found = np.full(labels + 1, -1.0)
    for answered in range(1, labels + 1):
        most = int(found[answered - 1])  # one answer more allows at most one mistake more, and never less
        while tail(most + 1, answered, BUDGET.wrong) <= 1.0 - BUDGET.certainty:
            most += 1
        found[answered] = most
    return found


def _labelled(name: str, labels: int, draws: int, seed: int) -> tuple[Floats, Floats]:
    """Confidences of as many draws of labelled questions, a row each, and which of their answers are wrong."""
    generator = np.random.default_rng((seed, labels))
    said = _said(generator, draws * labels).reshape(draws, labels)
    return said, (generator.random((draws, labels)) >= MODELS[name](said)).astype(np.float64)


def _held(said: Floats, wrong: Floats) -> npt.NDArray[np.int64]:
    """What `promise` finds for each row, all rows at once: the place of its threshold, or -1."""
    labels = said.shape[1]
    answered, mistakes = _counted(said, wrong)
    tested = answered >= max(fewest(BUDGET), math.ceil(FIRST_SHARE * labels))
    failed = tested & (mistakes > _passing(labels)[answered.astype(np.int64)])
    # Answered questions only grow: whatever is tested is a run to the end, and what holds is the run before a failure.
    held = tested & ~(failed.cumsum(1) > 0)
    return np.where(held.any(1), len(THRESHOLDS) - 1 - held[:, ::-1].argmax(1), -1)


def _one(said: Floats, wrong: Floats) -> Promise:
    """One row, asked of the product itself."""
    pairs = zip(said.tolist(), (wrong == 0).tolist(), strict=True)
    return promise([Outcome(*pair) for pair in pairs], BUDGET)


def _broken(name: str, labels: int, draws: int) -> float:
    """How often a promise was made and is not true."""
    risks = np.array([*_true_risks(name), 0.0])  # at place -1: no promise, none broken
    at_once = max(1, 500_000 // labels)
    places = [
        _held(*_labelled(name, labels, min(at_once, draws - begun), begun))
        for begun in range(0, draws, at_once)
    ]
    return float((risks[np.concatenate(places)] > BUDGET.wrong).mean())


def _tolerance(draws: int) -> float:
    """Three standard errors of a rate of 5% over so many draws."""
    return 3.0 * math.sqrt(0.05 * 0.95 / draws)


@pytest.mark.parametrize("labels", [120, 480])
@pytest.mark.parametrize("name", MODELS)
def test_the_many_draws_below_are_decided_as_the_product_decides_each(name: str, labels: int) -> None:
    said, wrong = _labelled(name, labels, 60, 7)
    places = _held(said, wrong)
    found = [_one(*row).threshold for row in zip(said, wrong, strict=True)]
    assert found == [THRESHOLDS[place] if place >= 0 else None for place in places]


@pytest.mark.parametrize("name", MODELS)
def test_a_promise_is_broken_no_more_often_than_it_says(name: str) -> None:
    assert _broken(name, labels=400, draws=500) <= 0.05 + _tolerance(500)


def test_a_promise_is_not_absurdly_careful() -> None:
    # Every answer is wrong in 5.01% of cases: whoever uses the whole certainty is fooled in nearly 5% of draws.
    assert _broken("useless, a hair over the budget", labels=400, draws=500) >= 0.02


def test_with_many_labels_most_of_what_could_be_answered_is_answered() -> None:
    said = _said(np.random.default_rng(1), 1_000_000)
    risks = zip(THRESHOLDS, _true_risks("calibrated"), strict=True)
    most = max(float((said >= one).mean()) for one, risk in risks if risk <= BUDGET.wrong)
    found = [_one(*row).threshold for row in zip(*_labelled("calibrated", 3000, 20, 0), strict=True)]
    answered = [float((said >= (one if one is not None else 1.0)).mean()) for one in found]
    assert sum(answered) / len(answered) >= 0.75 * most


@pytest.mark.proof
@pytest.mark.parametrize("labels", [120, 480, 2000])
@pytest.mark.parametrize("name", MODELS)
def test_over_ten_thousand_draws_a_promise_is_broken_no_more_often_than_it_says(
    name: str, labels: int
) -> None:
    assert _broken(name, labels, draws=10_000) <= 0.05 + _tolerance(10_000)


def test_fifty_nine_right_answers_are_the_fewest_that_promise_five_percent() -> None:
    right = [Outcome(0.9, True)] * 59
    assert promise(right[:58], BUDGET).threshold is None
    found = promise(right, BUDGET)
    assert (found.threshold, found.answered, found.wrong) == (0.01, 59, 0)
    assert found.at_most == pytest.approx(0.0495, abs=1e-4)
    assert (fewest(BUDGET), fewest(Budget(0.01)), fewest(Budget(0.05, 0.99))) == (59, 299, 90)


def test_the_sequence_stops_at_its_first_failure_even_where_a_lower_threshold_would_pass() -> None:
    bad = [Outcome(0.95, number >= 8) for number in range(60)]
    good = [Outcome(0.5, True)] * 400
    assert promise([*bad, *good], BUDGET).threshold is None


def test_what_the_labels_lack_for_a_promise_is_said() -> None:
    few = [Outcome(0.9, True)] * 20
    assert promise(few, BUDGET).threshold is None
    # Half a mistake in 21 is 2.4%, and it takes hundreds of answers to tell that from 5%.
    assert needed(few, BUDGET) == 380
    assert needed([], BUDGET) == 59
    # Three labels say nothing against the bot, however few they are.
    assert needed(few[:3], BUDGET) == 419


def test_labels_do_not_help_where_every_threshold_is_wrong_too_often() -> None:
    poor = [Outcome(0.9, number % 5 > 0) for number in range(200)]
    assert promise(poor, BUDGET).threshold is None
    assert needed(poor, BUDGET) is None
    assert promise(poor, Budget(0.30)).threshold == 0.01


def test_every_threshold_counts_what_it_answers_and_what_of_it_is_wrong() -> None:
    outcomes = [Outcome(0.99, True), Outcome(0.6, False), Outcome(0.6, True), Outcome(0.0, False)]
    counts = {one.threshold: (one.answered, one.wrong) for one in tried(outcomes)}
    assert (counts[0.99], counts[0.61], counts[0.6], counts[0.01]) == ((1, 0), (1, 0), (3, 1), (3, 1))


def test_binomial_tail_and_interval_are_the_exact_ones() -> None:
    # scipy.stats.binom.cdf(3, 200, .05) and scipy.stats.beta.ppf(.95, 4, 197), version 1.15.
    assert tail(3, 200, 0.05) == pytest.approx(0.009048376396101461, rel=1e-9)
    assert at_most(3, 200, 0.95) == pytest.approx(0.03830970849856934, abs=1e-7)
    assert tail(0, 59, 0.05) == pytest.approx(0.95**59)
    assert at_most(5, 5, 0.95) == 1.0


@pytest.mark.parametrize(("wrong", "certainty"), [(0.0, 0.95), (1.0, 0.95), (0.05, 0.0), (0.05, 1.0)])
def test_a_budget_is_a_share(wrong: float, certainty: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Budget(wrong, certainty)
