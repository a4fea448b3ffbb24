"""Logged turns at other error budgets."""

import random

from bot.dialogue.replay import RepliedTurn, replay
from bot.dialogue.reply import Reason, Reply, ReplyKind


def turn(probability: float, helpful: bool | None = None, reason: Reason = Reason.ANSWERED) -> RepliedTurn:
    kind = ReplyKind.ANSWER if reason is Reason.ANSWERED else ReplyKind.HANDOFF
    return RepliedTurn(f"question {probability}", Reply(kind, "", (), probability, reason, "", "en"), helpful)


def test_few_judged_answers_promise_nothing_and_say_how_many_would() -> None:
    found = replay([turn(0.9, helpful=True)] * 20, 0.5, [0.05])
    (row,) = found.rows
    assert row.threshold is None
    assert (row.answered, row.handed_on) == (0, 20)
    assert row.needed is not None
    assert row.needed > 59


def test_enough_right_answers_keep_a_budget_and_count_all_turns() -> None:
    turns = [turn(0.9, helpful=True)] * 200 + [turn(0.3, reason=Reason.LOW_CONFIDENCE)] * 50
    (row,) = replay(turns, 0.5, [0.05]).rows
    # Though no judged answer was wrong: of what nobody judged nothing is known.
    assert row.threshold == 0.9
    assert (row.answered, row.handed_on) == (200, 50)


def test_a_stricter_budget_never_answers_more() -> None:
    draw = random.Random(5)
    turns = [turn(p, helpful=draw.random() < p) for p in (draw.random() for _ in range(3000))]
    rows = replay(turns, 0.5).rows
    answered = [row.answered for row in rows]
    assert answered == sorted(answered)
    assert answered[-1] > 0


def test_hand_offs_that_confidence_did_not_decide_are_left_out() -> None:
    turns = [turn(0.0, reason=Reason.SECURITY), turn(0.0, reason=Reason.PERSON), turn(0.6)]
    assert replay(turns, 0.5).turns == 1


def test_examples_are_those_nearest_to_the_line() -> None:
    turns = [turn(one / 100) for one in range(100)]
    found = replay(turns, 0.5)
    assert [one.reply.confidence for one in found.above] == [0.5, 0.51, 0.52, 0.53, 0.54]
    assert [one.reply.confidence for one in found.below] == [0.49, 0.48, 0.47, 0.46, 0.45]


def test_what_was_said_stands_beside_what_came_true() -> None:
    turns = [turn(0.95, helpful=True)] * 3 + [turn(0.95, helpful=False)] + [turn(0.12, helpful=False)] * 2
    bins = replay(turns, 0.5).bins
    assert [(one.low, one.count, one.right) for one in bins] == [(0.1, 2, 0.0), (0.9, 4, 0.75)]
    assert abs(bins[1].said - 0.95) < 1e-9


def test_nothing_asked_is_no_error() -> None:
    found = replay([], 0.5)
    assert (found.turns, found.judged, found.risks, found.bins, found.above) == (0, 0, (), (), ())
