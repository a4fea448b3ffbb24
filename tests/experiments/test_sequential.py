"""Whether a difference is real: false alarms under peeking stay below what is promised, where a fixed test's do not."""

import math

import numpy as np
import numpy.typing as npt
import pytest

from bot.experiments.sequential import Flags, difference, grown, signed

Times = npt.NDArray[np.int64]
#: Quantile of the normal distribution that leaves 2.5% on either side, as a fixed test of 95% has it.
Z = 1.96
#: A fixed test is not believed before so many conversations: peeking from the start on would be worse still.
BEFORE_Z = 50


def told(rng: np.random.Generator, a: float, b: float, count: int, drift: float = 0.0) -> tuple[Flags, Flags]:
    """Conversations whose arms are coins; both rates rise by `drift` over their time."""
    in_b = rng.random(count) < 0.5
    chance = np.where(in_b, b, a) + drift * np.arange(count) / count
    return in_b, rng.random(count) < chance


def alarmed(in_b: Flags, happened: Flags, alpha: float) -> int:
    """After how many conversations somebody who looks after each sees a real difference; 0 for never."""
    numbers = signed(in_b, happened)
    found = np.maximum(grown(numbers, 0.0), grown(-numbers, 0.0)) >= math.log(2.0 / alpha)
    return int(np.argmax(found)) + 1 if found.any() else 0


def alarmed_by_z(in_b: Flags, happened: Flags) -> bool:
    of_b = np.cumsum(in_b)
    of_a = np.arange(1, len(in_b) + 1) - of_b
    b, a = np.cumsum(happened & in_b), np.cumsum(happened & ~in_b)
    with np.errstate(divide="ignore", invalid="ignore"):
        both = (a + b) / (of_a + of_b)
        z = (b / of_b - a / of_a) / np.sqrt(both * (1.0 - both) * (1.0 / of_a + 1.0 / of_b))
    return bool((np.abs(z[BEFORE_Z:]) > Z).any())


def rates(a: float, b: float, runs: int, count: int, seed: int, drift: float = 0.0) -> tuple[float, float]:
    """Share of runs with an alarm under peeking after each conversation: ours, and a fixed test's."""
    rng = np.random.default_rng(seed)
    ours = fixed = 0
    for _ in range(runs):
        in_b, happened = told(rng, a, b, count, drift)
        ours += alarmed(in_b, happened, 0.05) > 0
        fixed += alarmed_by_z(in_b, happened)
    return ours / runs, fixed / runs


def test_peeking_after_each_conversation_raises_few_false_alarms_where_a_fixed_test_raises_many() -> None:
    ours, fixed = rates(0.35, 0.35, 200, 1_000, seed=1)
    assert ours <= 0.05
    assert fixed > 0.25


def test_a_difference_of_ten_points_is_found_in_two_thousand_conversations() -> None:
    ours, _ = rates(0.35, 0.45, 60, 2_000, seed=2)
    assert ours >= 0.8


@pytest.mark.proof
@pytest.mark.parametrize(
    ("rate", "drift"), [(0.02, 0.0), (0.1, 0.0), (0.35, 0.0), (0.5, 0.0), (0.9, 0.0), (0.2, 0.5)]
)
def test_false_alarms_stay_below_one_in_twenty_over_ten_thousand_peeks(rate: float, drift: float) -> None:
    ours, fixed = rates(rate, rate, 1_000, 10_000, seed=3, drift=drift)
    print(f"rate {rate}, drift {drift}: ours {ours:.3f}, fixed {fixed:.3f}")
    assert ours <= 0.05
    assert fixed > 0.3


@pytest.mark.proof
@pytest.mark.parametrize(
    ("a", "b", "count"), [(0.35, 0.42, 6_000), (0.35, 0.45, 3_000), (0.1, 0.15, 6_000), (0.6, 0.5, 3_000)]
)
def test_real_differences_are_found(a: float, b: float, count: int) -> None:
    rng = np.random.default_rng(4)
    times = [alarmed(*told(rng, a, b, count), 0.05) for _ in range(400)]
    found = [one for one in times if one]
    print(f"{a} and {b}: {len(found) / 400:.3f} of runs, half of them by {np.median(found):.0f}")
    assert len(found) >= 0.9 * 400


@pytest.mark.parametrize(("a", "b"), [(0.3, 0.3), (0.2, 0.5), (0.9, 0.4)])
def test_the_range_holds_the_truth_and_shrinks(a: float, b: float) -> None:
    in_b, happened = told(np.random.default_rng(7), a, b, 4_000)
    early, late = (difference(in_b[:count], happened[:count], 0.95) for count in (400, 4_000))
    for found in (early, late):
        assert found.low <= b - a <= found.high
    assert late.high - late.low < early.high - early.low
    assert late.real is (a != b)


def test_the_range_excludes_none_exactly_when_somebody_who_bets_on_it_has_won() -> None:
    in_b, happened = told(np.random.default_rng(11), 0.3, 0.5, 1_000)
    first = alarmed(in_b, happened, 0.05)
    assert first
    assert difference(in_b[:first], happened[:first], 0.95).real
    assert not difference(in_b[: first - 1], happened[: first - 1], 0.95).real


def test_arms_that_are_swapped_turn_the_range_around() -> None:
    in_b, happened = told(np.random.default_rng(13), 0.3, 0.5, 500)
    one, other = difference(in_b, happened, 0.95), difference(~in_b, happened, 0.95)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low), abs=1e-9)


def test_nothing_is_known_before_anybody_came_and_nothing_breaks() -> None:
    none = np.zeros(0, dtype=np.bool_)
    found = difference(none, none, 0.95)
    assert (found.value, found.low, found.high, found.real) == (None, -1.0, 1.0, False)
    alone = difference(np.ones(40, dtype=np.bool_), np.ones(40, dtype=np.bool_), 0.95)
    assert alone.value is None
    with pytest.raises(ValueError, match="between 0 and 1"):
        difference(none, none, 1.0)
