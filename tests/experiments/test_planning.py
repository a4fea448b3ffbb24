"""How long a comparison takes, and which conversations it may be counted over."""

import numpy as np
import pytest

from bot.experiments.comparison import Settled, compared, uneven
from bot.experiments.experiment import Arm
from bot.experiments.planning import NEEDED, in_words, plan
from tests.experiments.test_sequential import alarmed, told

#: Of the four lines of a page, which share the chance of a false alarm.
SHARE = 0.05 / 4


def test_the_pace_of_an_article_says_how_long_it_takes() -> None:
    found = plan(28)
    assert found.a_week == 7.0
    assert [round(need.weeks or 0) for need in found.needs] == [320, 183, 46, 13]
    assert [in_words(need.weeks) for need in found.needs] == [
        "about 6 years",
        "about 4 years",
        "about 11 months",
        "about 3 months",
    ]
    assert {in_words(need.weeks) for need in plan(0).needs} == {"never, at this pace"}
    assert in_words(2_000.0) == "more than ten years"
    assert in_words(1.2) == "about a week"
    assert in_words(8.2) == "about 8 weeks"


@pytest.mark.proof
@pytest.mark.parametrize(("a", "b", "needed"), NEEDED)
def test_half_of_the_pages_have_told_the_arms_apart_by_then(a: float, b: float, needed: int) -> None:
    rng = np.random.default_rng(7)
    times = [alarmed(*told(rng, a, b, 4 * needed), SHARE) or 4 * needed for _ in range(200)]
    print(f"{a} and {b}: half of the runs by {np.median(times):.0f}")
    assert abs(np.median(times) / needed - 1.0) < 0.15


def conversations(by_own_arm: bool) -> list[Settled]:
    """Arm B's text answers harder questions too, which arm A's hands off; where both answer, both help alike."""
    rng = np.random.default_rng(5)
    counted = []
    for hard, in_b, luck in zip(rng.random(4_000), rng.random(4_000) < 0.5, rng.random(4_000), strict=True):
        answered = hard < (0.7 if in_b else 0.5)
        met = answered if by_own_arm else hard < 0.7
        helped = bool(answered and luck < 1.0 - hard)
        if met:
            counted.append(Settled(Arm.B if in_b else Arm.A, helped, helped, not answered, False))
    return counted


def test_counting_who_was_answered_from_it_calls_the_better_text_worse_and_counting_who_could_be_does_not() -> (
    None
):
    [by_own, *_], [by_either, *_] = compared(conversations(True)), compared(conversations(False))
    assert by_own.verdict == "A is better"
    assert by_either.verdict == "B is better"


def test_arms_more_unequal_than_a_coin_are_told_however_often_one_looks() -> None:
    assert not uneven(0, 0)
    assert not uneven(9, 0)
    assert uneven(0, 20)
    assert not uneven(520, 480)
    assert uneven(620, 400)
    rng = np.random.default_rng(3)
    alarms = 0
    for _ in range(300):
        in_b = np.cumsum(rng.random(2_000) < 0.5)
        alarms += any(uneven(place + 1 - int(b), int(b)) for place, b in enumerate(in_b) if place % 20 == 0)
    assert alarms <= 2
