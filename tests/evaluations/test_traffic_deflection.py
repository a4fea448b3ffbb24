"""The pair has the truth of simulated traffic between its bounds, where a count of “no hand-off” has not."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.cli import main
from bot.ledger.facts import FactKind
from evaluations.deflection import SEED, evaluate
from evaluations.traffic import World, draw_world, simulate

WORLD = draw_world(np.random.default_rng(1))
PERFECT = World(0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0)


def test_the_truth_lies_between_the_bounds_in_all_of_twenty_worlds() -> None:
    found = evaluate(20, days=45, a_day=20)
    assert found.within_bounds.count >= 19
    assert found.within_intervals.count >= 19
    assert found.no_hand_off_right.count == 0
    assert found.no_hand_off_excess > 0.1


def test_the_same_seed_gives_the_same_traffic() -> None:
    assert simulate(WORLD, 7, days=10) == simulate(WORLD, 7, days=10)
    assert simulate(WORLD, 7, days=10) != simulate(WORLD, 8, days=10)


def test_where_everybody_is_helped_and_says_so_both_bounds_are_the_truth() -> None:
    traffic = simulate(PERFECT, SEED, days=10)
    assert (traffic.settled, traffic.conversations) == (300, 300)
    assert sum(fact.kind is FactKind.HELPFUL for fact in traffic.facts) == 300


def test_who_gave_up_in_silence_is_not_settled() -> None:
    assert simulate(replace(PERFECT, helped=0.0, confirms=0.0), SEED, days=10).settled == 0


def test_the_command_says_in_how_many_worlds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "figures.json"
    assert main(["eval", "deflection", "--runs", "1", "--json", str(file)]) == 0
    found = json.loads(file.read_text(encoding="utf-8"))
    assert (found["runs"], found["within_bounds"], found["no_hand_off_right"]) == (1, 1, 0)
    assert found["each"][0]["low"] <= found["each"][0]["truth"] <= found["each"][0]["high"]
    assert "1 of 1" in capsys.readouterr().out
