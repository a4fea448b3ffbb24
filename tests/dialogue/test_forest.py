"""Trees of a confidence model: what they say, and that a damaged file is refused."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.composition import CONFIDENCE
from bot.dialogue.confidence import ConfidenceModel, load, save
from bot.dialogue.forest import LEAF, described, logit, read
from bot.errors import SettingsInvalid

#: Two trees. The first asks for `late`, then for `title`; the second is a leaf.
TREES: dict[str, Any] = {
    "names": ["late", "title"],
    "roots": [0, 5],
    "signal": [0, -1, 1, -1, -1, -1],
    "cut": [0.5, 0.0, 0.25, 0.0, 0.0, 0.0],
    "left": [1, -1, 3, -1, -1, -1],
    "right": [2, -1, 4, -1, -1, -1],
    "share": [0.6, 0.1, 0.8, 0.4, 1.0, 0.5],
}


@pytest.mark.parametrize(
    ("late", "title", "share"), [(0.5, 0.9, 0.1), (0.51, 0.25, 0.4), (0.51, 0.26, 1.0), (9.0, 9.0, 1.0)]
)
def test_each_tree_is_walked_to_a_leaf_and_their_shares_are_averaged(
    late: float, title: float, share: float
) -> None:
    assert read(TREES).probability([late, title]) == pytest.approx((share + 0.5) / 2)


def test_the_shipped_trees_are_walked_as_a_person_would_walk_each() -> None:
    forest = load(CONFIDENCE).forest
    assert forest is not None
    dice = np.random.default_rng(5)
    for _ in range(20):
        # At cuts too, where the sides meet.
        values = [
            float(dice.choice(forest.cut[forest.signal == one], 1)[0]) for one in range(len(forest.names))
        ]
        given = np.asarray(values, dtype=np.float32)
        leaves = []
        for node in forest.roots.tolist():
            while forest.signal[node] != LEAF:
                low = given[forest.signal[node]] <= forest.cut[node]
                node = int((forest.left if low else forest.right)[node])
            leaves.append(forest.share[node])
        assert forest.probability(values) == pytest.approx(float(np.mean(leaves)), abs=1e-12)


def test_cases_that_all_agree_are_no_certainty() -> None:
    assert logit(1.0) == pytest.approx(math.log(999))
    assert logit(0.0) == pytest.approx(-math.log(999))
    assert logit(0.5) == 0.0


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("left", [0, -1, 3, -1, -1, -1]),  # comes round
        ("right", [99, -1, 4, -1, -1, -1]),
        ("signal", [2, -1, 1, -1, -1, -1]),
        ("signal", [-2, -1, 1, -1, -1, -1]),
        ("signal", [0.5, -1, 1, -1, -1, -1]),
        ("roots", [0, 6]),
        ("roots", []),
        ("share", [0.6, 0.1, 0.8, 0.4, 1.1, 0.5]),
        ("share", [0.6]),
        ("cut", [float("nan"), 0.0, 0.25, 0.0, 0.0, 0.0]),
        ("cut", "much"),
        ("names", ["late", "loudness"]),
    ],
)
def test_a_model_file_whose_trees_are_damaged_is_refused(tmp_path: Path, part: str, value: object) -> None:
    path = tmp_path / "model.json"
    model = ConfidenceModel(("late",), (0.0,), (1.0,), (1.0,), 0.0, 0.5, 0.25, {}, forest=read(TREES))
    save(model, path)
    raw = json.loads(path.read_text(encoding="utf-8"))
    assert raw["forest"] == TREES == described(read(TREES))
    assert load(path).forest is not None
    path.write_text(json.dumps({**raw, "forest": {**TREES, part: value}}), encoding="utf-8")
    with pytest.raises(SettingsInvalid):
        load(path)


def test_a_model_of_an_earlier_version_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text(json.dumps({"format": 2, "names": []}), encoding="utf-8")
    with pytest.raises(
        SettingsInvalid, match=r"has format 2, this version reads 3 and 4\. Run `tierzero calibrate"
    ):
        load(path)
