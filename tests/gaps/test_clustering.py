"""Questions fall into matters without anybody saying how many there are."""

import numpy as np
import pytest

from bot.gaps.clustering import Floats, cluster, typical
from evaluations.clustering import compare


def crowd(matters: int, each: int, spread: float, seed: int = 1) -> tuple[Floats, list[str]]:
    """Unit vectors around `matters` directions, and whose each is."""
    dice = np.random.default_rng(seed)
    middles = dice.normal(size=(matters, 64))
    middles /= np.linalg.norm(middles, axis=1, keepdims=True)
    found = np.repeat(middles, each, axis=0) + spread * dice.normal(size=(matters * each, 64)) / 8
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found.astype(np.float32), [f"m{place // each}" for place in range(matters * each)]


@pytest.mark.parametrize(("matters", "each"), [(1, 5), (2, 2), (3, 20), (30, 12)])
def test_the_number_of_matters_is_found(matters: int, each: int) -> None:
    vectors, labels = crowd(matters, each, 0.5)
    groups = cluster(vectors)
    assert len(groups) == matters
    assert {frozenset(labels[row] for row in group) for group in groups} == {
        frozenset([f"m{place}"]) for place in range(matters)
    }


def test_a_matter_that_most_questions_are_about_stays_one() -> None:
    one, _ = crowd(1, 300, 0.5)
    others, _ = crowd(20, 4, 0.5, seed=2)
    groups = cluster(np.concatenate([one, others]))
    assert set(range(300)) == set(groups[0])


def test_questions_of_their_own_stay_alone() -> None:
    vectors, _ = crowd(40, 1, 0.0)
    assert [len(group) for group in cluster(vectors)] == [1] * 40


def test_no_question_is_no_group_and_one_is_one() -> None:
    vectors, _ = crowd(1, 1, 0.0)
    assert cluster(vectors[:0]) == []
    assert cluster(vectors) == [[0]]


def test_the_same_questions_always_give_the_same_groups() -> None:
    vectors, _ = crowd(25, 9, 0.9)
    assert cluster(vectors) == cluster(vectors)


def test_the_most_typical_question_stands_first() -> None:
    vectors, _ = crowd(1, 9, 0.4)
    middle = vectors.mean(axis=0)
    vectors = np.vstack([vectors, middle / np.linalg.norm(middle)]).astype(np.float32)
    assert typical(vectors, range(10))[0] == 9


def test_the_evaluation_tells_a_good_grouping_from_a_bad_one() -> None:
    vectors, labels = crowd(12, 15, 0.5)
    assert compare("true", vectors, labels).ours.agreement > 0.99
    mixed = [f"m{place % 12}" for place in range(len(labels))]
    assert compare("mixed", vectors, mixed).ours.agreement < 0.1
