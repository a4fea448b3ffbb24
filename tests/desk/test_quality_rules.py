"""Quality review's rules: a draw that anybody can repeat, weighted scores, and Cohen's kappa."""

import datetime as dt
import hashlib
import hmac
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from bot.desk.quality import (
    Mark,
    Question,
    Solved,
    bounds,
    commitment,
    draw,
    kappa,
    load_quality,
    score,
    seed_of,
    week_of,
)
from bot.errors import SettingsInvalid

AT = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
MARKS = [mark.value for mark in Mark]


def solved(agent: str, count: int) -> list[Solved]:
    return [Solved(f"TZ-{agent}-{number:04}", f"account:{agent}", AT) for number in range(count)]


def test_each_agent_has_five_of_a_hundred_drawn_and_one_at_least() -> None:
    drawn = draw([*solved("a", 100), *solved("b", 41), *solved("c", 1)], "2026-W48", b"seed", 5)
    counts = {name: sum(one.agent == f"account:{name}" for one in drawn) for name in "abc"}
    assert counts == {"a": 5, "b": 3, "c": 1}
    assert draw([], "2026-W48", b"seed", 5) == ()


def test_who_knows_the_seed_draws_the_same_tickets_without_this_program() -> None:
    tickets = solved("a", 60)
    seed = seed_of(b"secret", "2026-W48")
    by_hand = sorted(
        (one.reference for one in tickets),
        key=lambda name: hmac.new(seed, f"2026-W48:{name}".encode(), hashlib.sha256).digest(),
    )[:3]
    assert [one.reference for one in draw(tickets, "2026-W48", seed, 5)] == by_hand
    assert commitment(seed) == hashlib.sha256(seed).hexdigest()


def test_neither_the_order_of_the_list_nor_another_ticket_moves_the_draw() -> None:
    tickets = solved("a", 40)
    drawn = {one.reference for one in draw(tickets, "2026-W48", b"seed", 5)}
    assert {one.reference for one in draw(tickets[::-1], "2026-W48", b"seed", 5)} == drawn
    undrawn = next(one for one in tickets if one.reference not in drawn)
    rest = [one for one in tickets if one is not undrawn]
    assert {one.reference for one in draw(rest, "2026-W48", b"seed", 5)} == drawn
    assert {one.reference for one in draw(tickets, "2026-W49", b"seed", 5)} != drawn


def test_every_ticket_is_as_likely_to_be_drawn_as_any_other() -> None:
    tickets, times = solved("a", 20), 2_000
    counts = dict.fromkeys((one.reference for one in tickets), 0)
    for number in range(times):
        [one] = draw(tickets, "2026-W48", seed_of(str(number).encode(), "2026-W48"), 5)
        counts[one.reference] += 1
    # Chi-squared with 19 degrees of freedom: above 43.8 once in a thousand runs by chance; this run is always the same.
    expected = times / len(tickets)
    assert sum((count - expected) ** 2 / expected for count in counts.values()) < 43.8


def test_a_score_is_the_weighted_mean_of_what_is_applicable() -> None:
    questions = (Question("a", "A?", 3), Question("b", "B?", 1), Question("c", "C?", 4))
    assert score({"a": Mark.YES, "b": Mark.NO, "c": Mark.NOT_APPLICABLE}, questions) == 75.0
    assert score({"a": Mark.PARTLY, "b": Mark.YES, "c": Mark.YES}, questions) == 100 * 6.5 / 8
    assert score(dict.fromkeys("abc", Mark.NOT_APPLICABLE), questions) is None


def test_kappa_is_that_of_cohens_worked_example() -> None:
    # Cohen 1960, table 1: three categories, 200 cases, observed agreement .70, expected .41.
    table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    pairs = [
        (str(row), str(column))
        for row, counts in enumerate(table)
        for column, count in enumerate(counts)
        for _ in range(count)
    ]
    assert kappa(pairs) == pytest.approx(0.4915, abs=1e-3)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(MARKS), st.sampled_from(MARKS)), min_size=1, max_size=60))
def test_kappa_is_that_of_another_library(pairs: list[tuple[str, str]]) -> None:
    found = kappa(pairs)
    one, other = [first for first, _ in pairs], [second for _, second in pairs]
    if len({*one, *other}) == 1:
        assert found is None
    else:
        assert found == pytest.approx(cohen_kappa_score(one, other), abs=1e-9)


def test_weeks_follow_the_iso_calendar() -> None:
    assert week_of(dt.datetime(2026, 12, 31, 23, tzinfo=dt.UTC)) == "2026-W53"
    start, end = bounds("2026-W53")
    assert (start.isoformat(), end - start) == ("2026-12-28T00:00:00+00:00", dt.timedelta(days=7))
    assert week_of(start) == "2026-W53" != week_of(end)
    for wrong in ("2026-W54", "2026-W00", "2026-48", "W48", "9999-W99", "'"):
        with pytest.raises(ValueError, match=r"week|Week"):
            bounds(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        "quality: {share: 0, questions: {a: {weight: 1, text: A}}}",
        "quality: {share: 5, questions: {}}",
        "quality: {share: 5, questions: {a: {weight: 0, text: A}}}",
        "quality: {share: 5, questions: {a: {weight: 1, text: ''}}}",
        "quality: {share: 5, questions: {a: {weight: 1, txt: A}}}",
    ],
)
def test_rules_that_cannot_be_used_are_refused(tmp_path: Path, wrong: str) -> None:
    assert sum(one.weight for one in load_quality().questions) == 14
    (tmp_path / "policy.yaml").write_text(wrong, encoding="utf-8")
    with pytest.raises(SettingsInvalid, match="quality"):
        load_quality(tmp_path / "policy.yaml")
