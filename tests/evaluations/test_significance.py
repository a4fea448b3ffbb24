import numpy as np
import pytest
from scipy import stats

from evaluations.significance import estimate, paired

CHANCE = np.random.default_rng(5)
FIRST = CHANCE.random(80)


def test_an_interval_agrees_with_scipys_bootstrap() -> None:
    ours = estimate(FIRST.tolist())
    theirs = stats.bootstrap(
        (FIRST,), np.mean, method="percentile", n_resamples=9999, rng=1
    ).confidence_interval
    assert ours.value == pytest.approx(FIRST.mean())
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.004)


def test_the_same_values_give_the_same_interval() -> None:
    assert estimate(FIRST.tolist()) == estimate(FIRST.tolist())


def test_values_that_are_all_the_same_have_an_interval_without_width() -> None:
    one = estimate([1.0] * 20)
    assert (one.value, one.low, one.high, one.n) == (1.0, 1.0, 1.0, 20)


def test_no_values_give_nothing() -> None:
    assert estimate([]).n == 0
    assert paired([], []).p == 1.0


def test_a_paired_test_agrees_with_scipys_permutation_test() -> None:
    second = FIRST + np.random.default_rng(6).normal(0.04, 0.2, 80)
    theirs = stats.permutation_test(
        (second, FIRST),
        lambda x, y, axis: np.mean(x - y, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=9999,
        rng=1,
    )
    ours = paired(FIRST.tolist(), second.tolist())
    assert ours.p == pytest.approx(theirs.pvalue, abs=0.015)
    assert ours.value == pytest.approx(theirs.statistic)


def test_a_planted_difference_is_found_and_its_sign_is_the_seconds() -> None:
    second = np.clip(FIRST + 0.1, 0, 1)
    better, worse = paired(FIRST.tolist(), second.tolist()), paired(second.tolist(), FIRST.tolist())
    assert better.p < 0.001
    assert 0 < better.low <= better.value <= better.high
    assert worse.value == pytest.approx(-better.value)


def test_equal_systems_differ_by_nothing_with_certainty() -> None:
    same = paired(FIRST.tolist(), FIRST.tolist())
    assert (same.value, same.p) == (0.0, 1.0)


def test_three_queries_can_not_prove_anything() -> None:
    # With three changes all one way, an even or odd draw agrees 2 times of 8.
    assert paired([0, 0, 0], [1, 1, 1]).p == pytest.approx(0.25, abs=0.02)
