"""A signal's curve in a confidence model: what it adds, how it is kept, and what is refused."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.composition import CONFIDENCE
from bot.dialogue.confidence import ConfidenceModel, described, load, save
from bot.dialogue.curve import Curve
from bot.dialogue.signals import NAMES, Signals
from bot.errors import SettingsInvalid

BEND = Curve("late", (0.0, 0.5, 1.0), (-1.0, 0.0, 3.0))
MODEL = ConfidenceModel(("support",), (0.5,), (0.5,), (1.0,), 0.25, 0.5, 0.25, {}, curves=(BEND,))
FLAT = Signals(**dict.fromkeys(NAMES, 0.5))


@pytest.mark.parametrize(
    ("value", "adds"),
    [(0.0, -1.0), (0.25, -0.5), (0.5, 0.0), (0.75, 1.5), (1.0, 3.0), (-0.5, -2.0), (2.0, 9.0)],
)
def test_between_its_points_and_beyond_them_a_curve_is_straight(value: float, adds: float) -> None:
    assert BEND(value) == pytest.approx(adds)


def test_a_curve_adds_to_the_logit_beside_the_weights_and_says_how_steep_it_is() -> None:
    given = replace(FLAT, support=1.0, late=0.75)
    assert [(one.name, one.weight, one.adds) for one in MODEL.parts(given)] == [
        ("support", 1.0, 1.0),
        ("late", 6.0, 1.5),
    ]
    # 1 / (1 + exp(-(0.25 + 1 + 1.5)))
    assert MODEL.probability(given) == pytest.approx(0.939913, abs=1e-6)


def test_curves_are_kept_with_the_model(tmp_path: Path) -> None:
    save(MODEL, tmp_path / "model.json")
    assert load(tmp_path / "model.json") == MODEL


def test_a_model_kept_before_there_were_curves_is_still_read(tmp_path: Path) -> None:
    straight = replace(MODEL, curves=())
    raw = {"format": 3, **described(straight)}
    del raw["curves"]
    (tmp_path / "model.json").write_text(json.dumps(raw), encoding="utf-8")
    assert load(tmp_path / "model.json") == straight


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": "charm"}, "signals that this version does not have: ['charm']"),
        ({"at": [0.0, 0.5, 0.5]}, "the points of the curve of late do not ascend"),
        ({"adds": [0.0, 1.0]}, "each with what it adds"),
        ({"at": [0.0], "adds": [0.0]}, "two points or more"),
        ({"adds": [0.0, float("nan"), 1.0]}, "a number of a curve is none"),
        ({"at": "steep"}, "could not convert"),
    ],
)
def test_a_damaged_curve_is_refused_by_name(changed: dict[str, object], said: str, tmp_path: Path) -> None:
    raw = {"format": 4, **described(MODEL)}
    raw["curves"] = [{**raw["curves"][0], **changed}]
    (tmp_path / "model.json").write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(SettingsInvalid) as refused:
        load(tmp_path / "model.json")
    assert said in str(refused.value)


def test_the_shipped_model_never_believes_an_answer_less_for_more_of_what_speaks_for_it() -> None:
    shipped = load(CONFIDENCE)
    assert shipped.curves
    for one in shipped.curves:
        assert list(one.adds) == sorted(one.adds)
