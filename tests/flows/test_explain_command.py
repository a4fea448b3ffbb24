"""`tierzero explain`: its figures add up to what the chat decides."""

import json
import math

import pytest

from bot.cli import main
from tests.index.small_centre import Centre


def explained(centre: Centre, capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    assert main(["explain", *arguments, "--json", "--data", str(centre.data)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def test_signals_add_up_to_scores_and_to_the_probability(
    shared_centre: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    found = json.loads(
        json.dumps(explained(shared_centre, capsys, "how do I resett my password", "--k", "3"))
    )
    assert found["corrections"] == [{"written": "resett", "read": "reset"}]
    assert len(found["candidates"]) == 3
    for candidate in found["candidates"]:
        assert sum(part["adds"] for part in candidate["parts"]) == pytest.approx(candidate["score"], abs=1e-4)
    first = found["candidates"][0]
    assert (first["article_id"], first["note"]) == ("account/password", "the quote is from its article")
    confidence = found["confidence"]
    total = confidence["bias"] + sum(part["adds"] for part in confidence["parts"])
    assert total == pytest.approx(confidence["logit"], abs=1e-4)
    assert 1 / (1 + math.exp(-total)) == pytest.approx(confidence["probability"], abs=1e-4)
    assert main(["ask", "how do I resett my password", "--data", str(shared_centre.data)]) == 0
    reply = json.loads(capsys.readouterr().out)
    assert confidence["probability"] == pytest.approx(reply["confidence"], abs=1e-4)
    assert (found["kind"], found["reason"]) == (reply["kind"], reply["reason"])


def test_the_quoted_section_is_the_worthiest_and_steps_count_when_asked_how(
    shared_centre: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    found = json.loads(json.dumps(explained(shared_centre, capsys, "how do I make a return label")))
    sections = found["quoted"]["sections"]
    assert found["quoted"]["asks_how"] is True
    assert [one["chosen"] for one in sections] == [True, *[False] * (len(sections) - 1)]
    assert sections[0]["heading_path"] == ["Make a return label"]
    assert sections[0]["steps"] == pytest.approx(0.35)
    assert "Print the label" in found["quoted"]["text"]


def test_a_rule_that_fires_is_named_as_the_reason(
    shared_centre: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "I want to talk to a human", "--data", str(shared_centre.data)]) == 0
    said = capsys.readouterr().out
    assert "Decision: handoff, person. Rule person/" in said
    assert "fired before anything was looked up." in said


def test_the_table_names_candidates_quote_and_decision(
    shared_centre: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "how do I cancel an ordr", "--k", "1", "--data", str(shared_centre.data)]) == 0
    said = capsys.readouterr().out
    assert "“ordr” was read as “order”" in said
    assert " 1. " in said
    assert " 2. " not in said.split("Sections of")[0]
    assert "| 1. Open Orders in your account." in said
    assert "probability 0." in said
    assert "Decision: " in said


def test_asking_for_no_candidates_is_wrong_usage(shared_centre: Centre) -> None:
    with pytest.raises(SystemExit, match="--k must be at least 1"):
        main(["explain", "hello", "--k", "0", "--data", str(shared_centre.data)])


def test_an_empty_knowledge_base_ends_in_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "where is my parcel", "--data", str(tmp_path_factory.mktemp("none"))]) == 1
    assert "run `tierzero ingest` first or choose another folder with --data" in capsys.readouterr().err
