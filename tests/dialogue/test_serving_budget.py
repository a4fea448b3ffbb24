"""Which threshold serves for an error budget, and what is said of it."""

import json
from pathlib import Path

import pytest

from bot.composition import CONFIDENCE
from bot.dialogue.budget import Kept
from bot.dialogue.confidence import ConfidenceModel, load, save
from bot.dialogue.serving import NOTHING_IS_SURE, serving
from bot.errors import SettingsInvalid

ESTIMATE = Kept(0.05, 0.0, 0.83, 1482, 273, 13, "public sets", "2030-01-02")
PROMISE = Kept(0.10, 0.95, 0.70, 480, 200, 9, "cases", "2030-01-02")
MODEL = ConfidenceModel(
    ("late",), (0.0,), (1.0,), (1.0,), 0.0, 0.6, 0.25, {"name": "A made model"}, None, (ESTIMATE, PROMISE)
)


def test_without_a_budget_the_models_own_threshold_serves_and_nothing_is_promised() -> None:
    found = serving(MODEL)
    assert (found.model.threshold, found.kept) == (0.6, None)
    assert found.statement == "A made model. No error budget is set, and nothing is promised."


def test_a_promised_budget_serves_with_its_threshold_and_says_what_it_rests_on() -> None:
    found = serving(MODEL, 0.10)
    assert (found.model.threshold, found.kept) == (0.70, PROMISE)
    assert found.statement == (
        "A made model. At most 10.0% of automatic answers wrong, promised with 95% certainty: 9 of 200 were, "
        "of 480 labelled questions from cases (2030-01-02)."
    )


def test_a_promise_for_a_smaller_budget_keeps_a_larger_one() -> None:
    assert serving(MODEL, 0.2).kept == PROMISE


def test_an_estimate_serves_where_nothing_is_promised_and_is_called_one() -> None:
    found = serving(MODEL, 0.07)
    assert (found.model.threshold, found.kept) == (0.83, ESTIMATE)
    assert "is wanted and not promised" in found.statement
    assert "tierzero calibrate --budget 0.07" in found.statement


def test_a_budget_that_nothing_is_known_to_keep_hands_everything_off() -> None:
    found = serving(MODEL, 0.01)
    assert (found.model.threshold, found.kept) == (NOTHING_IS_SURE, None)
    assert "nothing is answered" in found.statement


def test_asking_back_never_takes_more_than_answering() -> None:
    low = Kept(0.5, 0.95, 0.1, 100, 90, 30, "cases", "2030-01-02")
    model = ConfidenceModel(("late",), (0.0,), (1.0,), (1.0,), 0.0, 0.6, 0.25, {}, 0.5, (low,))
    assert (serving(model).model.threshold, serving(model).model.clarify_threshold) == (0.1, 0.1)


def test_a_model_with_its_promises_is_read_as_it_was_written(tmp_path: Path) -> None:
    save(MODEL, tmp_path / "confidence.json")
    assert load(tmp_path / "confidence.json") == MODEL


def test_the_shipped_model_says_that_it_is_a_default_and_promises_nothing() -> None:
    shipped = load(CONFIDENCE)
    assert serving(shipped).statement.startswith("The default model")
    assert not any(one.promised for one in shipped.kept)
    found = serving(shipped, 0.05)
    assert found.kept is not None
    assert found.kept.certainty == 0.0
    assert "not promised" in found.statement


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"format": 1}, "has format 1"),
        ({"names": ["charm"]}, "does not have: \\['charm'\\]"),
        ({"weights": []}, "1 numbers are needed"),
        ({"scales": [0.0]}, "a scale is 0"),
        ({"bias": "nan"}, "is no number"),
        ({"kept": [{"wrong": 0.05}]}, "cannot be read"),
        ({"figures": 3}, "cannot be read"),
    ],
)
def test_a_damaged_model_is_refused_with_its_reason(
    tmp_path: Path, change: dict[str, object], reason: str
) -> None:
    path = tmp_path / "confidence.json"
    save(MODEL, path)
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | change), encoding="utf-8")
    with pytest.raises(SettingsInvalid, match=reason):
        load(path)
