"""Categories learned from solved tickets: told rightly, kept with a version, refused where they do not fit."""

import io

import numpy as np
import pytest

from bot.desk.learned_categories import CategoryModel, fitted
from bot.errors import BadRequest, NotReady

RNG = np.random.default_rng(3)


def cloud(centre: int, count: int) -> np.ndarray:
    """Unit vectors around one of eight directions."""
    rows = RNG.normal(0, 0.25, (count, 8)).astype(np.float32)
    rows[:, centre] += 1
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


VECTORS = np.vstack([cloud(0, 40), cloud(1, 40), cloud(2, 10), cloud(3, 2)])
LABELS = ["delivery"] * 40 + ["payment"] * 40 + ["returns"] * 10 + ["rare"] * 2


def test_what_was_learned_is_told_with_a_probability_and_what_is_rare_is_not_learned() -> None:
    model = fitted(VECTORS, LABELS, "m")
    assert (model.categories, model.learned_from) == (("delivery", "payment", "returns"), 90)
    told = model.tell(np.vstack([cloud(0, 20), cloud(1, 20), cloud(2, 20)]))
    right = ["delivery"] * 20 + ["payment"] * 20 + ["returns"] * 20
    assert sum(name == label for (name, _), label in zip(told, right, strict=True)) >= 57
    assert all(1 / 3 <= probability <= 1 for _, probability in told)


def test_the_same_tickets_make_the_same_model() -> None:
    one, other = fitted(VECTORS, LABELS, "m"), fitted(VECTORS, LABELS, "m")
    assert np.array_equal(one.weights, other.weights)


def test_one_category_alone_teaches_nothing() -> None:
    with pytest.raises(BadRequest, match="two categories"):
        fitted(VECTORS[:40], LABELS[:40], "m")


def test_a_saved_model_comes_back_and_another_one_is_refused() -> None:
    model = fitted(VECTORS, LABELS, "m")
    back = CategoryModel.read(model.saved(), "m")
    assert back.categories == model.categories
    assert back.tell(VECTORS) == model.tell(VECTORS)
    with pytest.raises(NotReady, match="made with another model"):
        CategoryModel.read(model.saved(), "n")
    with pytest.raises(NotReady, match="damaged"):
        CategoryModel.read(model.saved()[:50], "m")
    later = io.BytesIO()
    np.savez(later, format=np.array(99))
    with pytest.raises(NotReady, match="format 99"):
        CategoryModel.read(later.getvalue(), "m")
