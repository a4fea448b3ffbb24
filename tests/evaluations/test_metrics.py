import math

import pytest

from evaluations.metrics import measure


def test_metrics_equal_what_is_worked_out_by_hand() -> None:
    rankings = {
        "second": ["x", "a", "y"],
        "first": ["b", "x"],
        "sixth": ["x1", "x2", "x3", "x4", "x5", "c"],
        "never": ["x"],
        "empty": [],
    }
    wanted = {
        "second": {"a": 1},
        "first": {"b": 1, "b2": 1},
        "sixth": {"c": 1},
        "never": {"d": 1},
        "empty": {"e": 1},
    }
    values = measure(rankings, wanted)
    assert values["second"] == pytest.approx(
        {"hit@1": 0, "hit@5": 1, "mrr@10": 1 / 2, "ndcg@10": 1 / math.log2(3), "recall@100": 1}
    )
    # The best possible order of "first" has both wanted documents: 1 + 1 / log2(3).
    assert values["first"] == pytest.approx(
        {"hit@1": 1, "hit@5": 1, "mrr@10": 1, "ndcg@10": 1 / (1 + 1 / math.log2(3)), "recall@100": 1 / 2}
    )
    assert values["sixth"] == pytest.approx(
        {"hit@1": 0, "hit@5": 0, "mrr@10": 1 / 6, "ndcg@10": 1 / math.log2(7), "recall@100": 1}
    )
    assert set(values["never"].values()) == {0.0}
    assert set(values["empty"].values()) == {0.0}


def test_a_better_grade_gains_more() -> None:
    values = measure({"q": ["good", "best"]}, {"q": {"good": 1, "best": 2}})
    ideal = 2 + 1 / math.log2(3)
    assert values["q"]["ndcg@10"] == pytest.approx((1 + 2 / math.log2(3)) / ideal)


def test_the_eleventh_document_is_too_late_for_the_reciprocal_rank_and_counts_as_recalled() -> None:
    ranking = [f"x{number}" for number in range(10)] + ["a"]
    values = measure({"q": ranking}, {"q": {"a": 1}})
    assert (values["q"]["mrr@10"], values["q"]["ndcg@10"], values["q"]["recall@100"]) == (0, 0, 1)


def test_the_order_given_decides_and_not_the_ids() -> None:
    for ranking in (["a", "z"], ["z", "a"]):
        assert measure({"q": ranking}, {"q": {ranking[0]: 1}})["q"]["hit@1"] == 1
