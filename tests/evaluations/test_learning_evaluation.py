"""The learning evaluation on a tiny set: who is confirmed, who is asked, and what comes of it."""

from pathlib import Path

import pytest

from bot.cli import main
from evaluations.beir import read
from evaluations.corpus_index import open_index
from evaluations.learning import Trials, described, split
from index.compiled import CompiledEncoder
from tests.evaluations.conftest import write_set

#: Both documents fit as well by their words; only earlier customers know which one was meant.
CORPUS = [
    {"_id": "grey", "title": "Lamp", "text": "The lamp blinks when the grey module is loose."},
    {"_id": "teal", "title": "Lamp", "text": "The lamp blinks when the teal module is loose."},
    {"_id": "bill", "title": "Invoices", "text": "Every invoice is kept for ten years."},
]
ASKED = [
    "why does the lamp keep blinking at night",
    "why does the lamp keep blinking at night?",
    "why does my lamp keep blinking at night",
    "why does the lamp keep blinking every night",
]


@pytest.fixture
def trials(tmp_path: Path, encoder: CompiledEncoder, cache: Path) -> Trials:
    queries = [{"_id": f"q{place}", "text": text} for place, text in enumerate(ASKED)]
    queries.append({"_id": "alone", "text": "where are my invoices"})
    judged = [(f"q{place}", "teal", 1) for place in range(len(ASKED))]
    folder = write_set(tmp_path / "lamps", CORPUS, queries, [*judged, ("alone", "bill", 1)])
    dataset = read(folder)
    return Trials(dataset, open_index(dataset, encoder, cache), encoder)


def test_half_of_each_group_is_confirmed_and_the_rest_is_asked(trials: Trials) -> None:
    confirmed, asked = split(trials.groups)
    assert [len(group) for group in trials.groups] == [4, 1]
    assert len(confirmed) == 2
    assert {one.id for one in confirmed}.isdisjoint(one.id for one in asked)
    assert {one.id for one in (*confirmed, *asked)} == {"q0", "q1", "q2", "q3", "alone"}
    assert split(trials.groups) == (confirmed, asked)


def test_every_trial_is_compared_with_the_search_that_has_learned_nothing(trials: Trials) -> None:
    result = trials.run([0.0, 0.4])
    assert [(one.name, one.weight) for one in result.trials] == [
        (name, weight)
        for weight in (0.0, 0.4)
        for name in ("confirmed", "wrong_near", "wrong_anywhere", "others_alone")
    ]
    for trial in result.trials[:4]:
        assert (trial.better, trial.worse) == (0, 0)
        assert trial.change["ndcg@10"].value == 0.0
    learned = result.trials[4]
    assert (learned.confirmed, learned.wrong, learned.asked) == (2, 0, 3)
    assert learned.figures["hit@1"].value == 1.0
    assert learned.worse == 0
    rows = list(described(result))
    assert rows[4]["hit@1"] == 1.0
    assert rows[4]["trial"] == "confirmed"


def test_a_set_where_nobody_asks_the_same_says_that_nothing_can_be_taught(
    little_set: Path, cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["eval", "learning", str(little_set), "--data", str(tmp_path), "--cache", str(cache)]
    assert main(given) == 0
    assert "No two queries want the same documents" in capsys.readouterr().out


def test_a_set_that_nothing_can_be_asked_of_is_no_row_of_noughts(
    cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queries = [{"_id": "q1", "text": "do you sell lamps", "answerable": False}]
    folder = write_set(tmp_path / "set", queries=queries, judgements=[])
    given = ["eval", "learning", str(folder), "--data", str(tmp_path), "--cache", str(cache)]
    assert main(given) == 1
    assert "set has no query that can be answered" in capsys.readouterr().err


def test_a_weight_below_nought_is_refused(little_set: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["eval", "learning", str(little_set), "--weights", "-1"])
    assert "must be 0 or more" in capsys.readouterr().err
