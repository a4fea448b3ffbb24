"""Who is in which arm, and what may be tried."""

import pytest

from bot.errors import BadRequest
from bot.experiments.comparison import Settled, compared
from bot.experiments.experiment import Arm, Kind, arm_of, budget_of, kind_of, parts_of, title_of

CUSTOMERS = [f"c{number:016x}" for number in range(4_000)]


def test_half_of_the_customers_are_in_each_arm_and_stay_there() -> None:
    in_b = [arm_of("one", customer) is Arm.B for customer in CUSTOMERS]
    # Four standard deviations of a fair coin.
    assert abs(sum(in_b) - 2_000) < 4 * 0.5 * 4_000**0.5
    assert in_b == [arm_of("one", customer) is Arm.B for customer in CUSTOMERS]


def test_another_experiment_draws_anew() -> None:
    same = sum(arm_of("one", customer) is arm_of("other", customer) for customer in CUSTOMERS)
    assert abs(same - 2_000) < 4 * 0.5 * 4_000**0.5


@pytest.mark.parametrize("setting", ["", "x", "0", "1", "-0.1", "nan", "inf"])
def test_what_is_no_error_budget_is_refused(setting: str) -> None:
    with pytest.raises(BadRequest, match=r"0\.05"):
        budget_of(setting)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("", "Say what arm B ranks by"),
        ("speed=1", "is no part of the ranking"),
        ("late", "weight from 0 to 4"),
        ("late=nan", "weight from 0 to 4"),
        ("late=5", "weight from 0 to 4"),
        ("candidates=2.5", "whole number from 1 to 60"),
        ("candidates=1000", "whole number from 1 to 60"),
    ],
)
def test_what_is_no_ranking_is_refused(setting: str, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        parts_of(setting)


def test_parts_of_a_ranking_are_read() -> None:
    assert parts_of("late=1, lexical=.25") == {"late": 1.0, "lexical": 0.25}


def test_only_what_can_be_served_side_by_side_is_tried() -> None:
    assert kind_of("budget") is Kind.BUDGET
    assert kind_of("article") is Kind.ARTICLE
    with pytest.raises(BadRequest, match="an error budget, a ranking, or another text"):
        kind_of("colour")
    for written in (" \n", "…", "x" * 121):
        with pytest.raises(BadRequest):
            title_of(written)


def test_the_lines_count_each_arm_and_say_who_is_better() -> None:
    settled = [
        Settled(Arm.B if place % 2 else Arm.A, place % 2 == 1, True, place % 2 == 0, False)
        for place in range(400)
    ]
    lines = {line.name: line for line in compared(settled)}
    assert (lines["confirmed"].a.count, lines["confirmed"].b.count, lines["confirmed"].b.of) == (0, 200, 200)
    assert lines["confirmed"].verdict == "B is better"
    # A ticket less is better too.
    assert lines["ticket"].verdict == "B is better"
    assert lines["contained"].verdict == "no real difference yet"
    assert [line.a.value for line in compared([])] == [None] * 4
