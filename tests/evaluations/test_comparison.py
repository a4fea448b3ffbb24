import random

import pytest

from evaluations.comparison import MetricChange, compare
from evaluations.errors import NotComparable
from evaluations.significance import paired
from tests.evaluations.made_runs import made_run, made_set


def test_a_planted_difference_is_found_with_the_queries_that_changed_most() -> None:
    before = [0.5] * 40
    after = [0.5] * 20 + [1.0] * 19 + [0.2]
    (change,) = compare(made_run("a", made_set(before)), made_run("b", made_set(after))).sets
    metric = next(one for one in change.metrics if one.name == "ndcg@10")
    assert metric.verdict == "better"
    assert metric.difference.value == pytest.approx((19 * 0.5 - 0.3) / 40)
    assert (change.paired, change.better, change.worse) == (40, 19, 1)
    assert change.changed[0].change == 0.5
    assert change.changed[-1].first.id == "q39"


def test_noise_without_a_difference_is_not_found() -> None:
    chance = random.Random(3)
    before = [chance.uniform(0.3, 0.7) for _ in range(60)]
    after = [value + chance.uniform(-0.2, 0.2) for value in before]
    (change,) = compare(made_run("a", made_set(before)), made_run("b", made_set(after))).sets
    assert not any(metric.real for metric in change.metrics)


def test_only_qualities_are_tested_and_not_times() -> None:
    (change,) = compare(made_run("a", made_set([1])), made_run("b", made_set([1]))).sets
    assert [metric.name for metric in change.metrics] == ["hit@1", "ndcg@10", "top_right"]


def test_settings_that_differ_are_listed() -> None:
    found = compare(made_run("a", made_set([1])), made_run("b", made_set([1]), weight="2.0"))
    assert found.settings == (("recipe.dense", "1.0", "2.0"),)


def test_other_documents_and_queries_of_one_run_only_are_said() -> None:
    first = made_run("a", made_set([1, 1, 0]), made_set([1], name="gone"))
    second = made_run("b", made_set([1, 0], corpus="c2"))
    found = compare(first, second)
    assert found.notes == ("Only in one of the runs: gone.",)
    (change,) = found.sets
    assert change.paired == 2
    assert "The documents differ: this compares two corpora as much as two systems." in change.notes
    assert "1 queries are in one run only and were left out." in change.notes


def test_runs_with_nothing_in_common_are_refused() -> None:
    with pytest.raises(NotComparable, match="have no query in common"):
        compare(made_run("a", made_set([1])), made_run("b", made_set([1], name="another")))
    with pytest.raises(NotComparable):
        compare(made_run("a", made_set([1])), made_run("b", made_set([1]), kind="answers"))


def test_more_answers_are_neither_better_nor_worse() -> None:
    more = paired([0.0] * 20, [1.0] * 20)
    assert MetricChange("answered", 0.0, 1.0, more).verdict == "more"
    assert MetricChange("right", 0.0, 1.0, more).verdict == "better"
    assert MetricChange("right", 0.0, 0.0, paired([0.0], [0.0])).verdict == "no difference shown"
