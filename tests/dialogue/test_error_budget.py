"""The promise of an error budget holds as often as it says, whatever the confidence model is like."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from bot.dialogue.budget import (
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


def _true_risks(chance: Callable[[Floats], Floats]) -> dict[float, float]:
    """The share wrong among all that each threshold answers, over a population of a million."""
    said = _said(np.random.default_rng(1), 1_000_000)
    wrong = 1.0 - chance(said)
    return {one: float(wrong[said >= one].mean()) for one in THRESHOLDS}


def _drawn(chance: Callable[[Floats], Floats], labels: int, seed: int) -> Promise:
    generator = np.random.default_rng(seed)
    said = _said(generator, labels)
    right = generator.random(labels) < chance(said)
    return promise([Outcome(*one) for one in zip(said.tolist(), right.tolist(), strict=True)], BUDGET)


def _broken(name: str, labels: int, draws: int) -> float:
    """How often a promise was made and is not true."""
    risks = _true_risks(MODELS[name])
    promised = [_drawn(MODELS[name], labels, seed).threshold for seed in range(draws)]
    return sum(one is not None and risks[one] > BUDGET.wrong for one in promised) / draws


def _tolerance(draws: int) -> float:
    """Three standard errors of a rate of 5% over so many draws."""
    return 3.0 * math.sqrt(0.05 * 0.95 / draws)


@pytest.mark.parametrize("name", MODELS)
def test_a_promise_is_broken_no_more_often_than_it_says(name: str) -> None:
    assert _broken(name, labels=400, draws=500) <= 0.05 + _tolerance(500)


def test_a_promise_is_not_absurdly_careful() -> None:
    # Every answer is wrong in 5.01% of cases: whoever uses the whole certainty is fooled in nearly 5% of draws.
    assert _broken("useless, a hair over the budget", labels=400, draws=500) >= 0.02


def test_with_many_labels_most_of_what_could_be_answered_is_answered() -> None:
    said = _said(np.random.default_rng(1), 1_000_000)
    risks = _true_risks(MODELS["calibrated"])
    most = max(float((said >= one).mean()) for one, risk in risks.items() if risk <= BUDGET.wrong)
    answered = [
        float((said >= (found if found is not None else 1.0)).mean())
        for found in (_drawn(MODELS["calibrated"], 3000, seed).threshold for seed in range(20))
    ]
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
