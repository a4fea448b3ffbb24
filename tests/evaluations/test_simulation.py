"""Labelled questions replayed at error budgets, and what may be promised of them."""

import argparse
import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli import main
from bot.dialogue.budget import Budget, Kept
from bot.dialogue.confidence import ConfidenceModel
from bot.dialogue.signals import NAMES, Signals
from evaluations import calibration
from evaluations.abstention import JudgedSet
from evaluations.commands.labelled_options import options_of_labels
from evaluations.judgements import Judgement
from evaluations.labels import Labels, Question
from evaluations.report import simulation_report
from evaluations.simulation import described, outcomes, replay, simulate

FLAT = Signals(**dict.fromkeys(NAMES, 0.0))
ESTIMATE = Kept(0.05, 0.0, 0.8, 100, 50, 2, "public sets", "2030-01-02")
#: Believes `sentence` alone, in logits.
MODEL = ConfidenceModel(
    ("sentence",), (0.0,), (1.0,), (1.0,), 0.0, 0.6, 0.25, {"name": "Made"}, None, (ESTIMATE,)
)


def question(number: int, logit: float, right: bool, choices: int = 0) -> Question:
    judgement = Judgement(f"q{number}", True, right, replace(FLAT, sentence=logit), choices)
    return Question(f"q{number}", f"<b>question {number}</b>", judgement)


def labels(sure: int, wrong: int, unsure: int) -> Labels:
    """`sure` questions at .95, the first `wrong` of them wrong; `unsure` wrong ones at .5, half with choices."""
    high = [question(place, 3.0, place >= wrong) for place in range(sure)]
    low = [question(sure + place, 0.0, False, 2 * (place % 2)) for place in range(unsure)]
    return Labels("made", (*high, *low))


def test_at_a_promised_budget_everything_is_counted() -> None:
    found = simulate(labels(sure=200, wrong=3, unsure=50), MODEL, Budget(0.05), (0.05, 0.10))
    row = found.chosen
    # The last threshold that keeps the budget is the one just above the unsure ones.
    assert (row.threshold, row.promised, row.needed) == (0.51, True, None)
    assert row.at_most == pytest.approx(0.0383, abs=1e-4)
    assert (row.answered.count, row.asked_back.count, row.handed_off.count) == (200, 25, 25)
    assert (row.wrong.count, row.wrong.of) == (3, 200)
    assert [one.id for one in found.below][:1] == ["q249"]
    assert all(one.probability >= 0.51 for one in found.above)


def test_with_too_few_labels_the_estimate_serves_and_the_number_that_lacks_is_said() -> None:
    found = simulate(labels(sure=30, wrong=0, unsure=10), MODEL, Budget(0.05), ())
    assert (found.chosen.promised, found.chosen.threshold) == (False, 0.8)
    assert found.chosen.needed is not None
    assert found.chosen.needed > 40


def test_history_is_replayed_with_what_was_said_then() -> None:
    said = Labels(
        "feedback", (Question("t1", "hello", Judgement("t1", True, True, None), stored=0.7),), "care"
    )
    assert [one.probability for one in replay(said, MODEL)] == [0.7]
    assert simulate(said, MODEL, Budget(0.05), ()).caution == "care"


def test_without_a_question_there_is_nothing_to_replay() -> None:
    with pytest.raises(ValueError, match="no labelled question"):
        simulate(Labels("empty", ()), MODEL, Budget(0.05), ())


def test_the_report_needs_nothing_beside_it_and_shows_texts_as_text() -> None:
    found = simulate(labels(sure=100, wrong=1, unsure=20), MODEL, Budget(0.05), (0.02, 0.05))
    page = simulation_report([found], "Made. Nothing is promised.")
    assert "&lt;b&gt;question" in page
    assert "<b>question" not in page
    assert "<script" not in page
    assert "http" not in page.split("</head>")[1]
    row = described(found)
    assert (row["questions"], row["right"], row["budget"]) == (120, 99, 0.05)


def test_promises_are_kept_beside_the_estimates_and_the_wanted_budget_serves() -> None:
    made = labels(sure=300, wrong=3, unsure=30)
    model = calibration.with_promises(
        MODEL, outcomes(replay(made, MODEL)), Budget(0.05), "cases", dt.date(2030, 1, 2)
    )
    assert model.budget == 0.05
    promised = {one.wrong: (one.threshold, one.mistakes) for one in model.kept if one.promised}
    assert promised[0.05] == (0.51, 3)
    assert 0.02 not in promised
    assert model.kept[-1] == ESTIMATE


def test_a_default_is_fitted_on_two_sets_or_more() -> None:
    with pytest.raises(ValueError, match="two sets or more"):
        calibration.default_model([JudgedSet("one", ())], dt.date(2030, 1, 2))


def test_halves_share_no_question() -> None:
    judged = labels(sure=20, wrong=2, unsure=1).judged
    first, second = calibration.halves(judged)
    ids = [one.id for one in (*first.questions, *second.questions)]
    assert (len(first.questions), len(second.questions)) == (10, 11)
    assert sorted(ids) == sorted(one.id for one in judged.questions)


def test_the_commands_replay_a_folder_and_write_nothing_that_cannot_be_promised(
    little_set: Path, cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    common = ["--labels", str(little_set), "--data", str(data), "--cache", str(cache)]
    page = tmp_path / "page.html"
    assert main(["simulate", *common, "--budget", "0.1", "--json", "-", "--html", str(page)]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["budget"], row["budgets"][0]["promised"]) == (0.1, False)
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert main(["calibrate", *common, "--write"]) == 1
    assert "Too few labels" in capsys.readouterr().out
    assert not (data / "confidence.json").exists()


def test_without_feedback_the_history_has_nothing_to_replay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", "--history", "--data", str(tmp_path)]) == 1
    assert "no labelled questions in feedback of customers yet" in capsys.readouterr().err


def test_folders_of_labels_named_one_by_one_are_all_taken() -> None:
    parser = argparse.ArgumentParser()
    options_of_labels(parser)
    parsed = parser.parse_args(["--labels", "one", "two", "--labels", "three"])
    assert parsed.labels == [Path("one"), Path("two"), Path("three")]
    assert parser.parse_args([]).labels == []
