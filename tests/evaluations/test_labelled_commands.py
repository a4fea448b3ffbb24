"""`tierzero eval triggers` and `tierzero eval language`, on files that the tests write."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from bot.cli import main
from bot.dialogue.language import Detected
from bot.ledger.intervals import share
from evaluations import languages
from evaluations.errors import DatasetInvalid
from evaluations.labelled import Message, read
from evaluations.proportions import interval, rounded, shown
from evaluations.runs import load as load_run
from evaluations.runs import runs_folder
from evaluations.triggers import LABELS, relabel

MESSAGES = [
    {"text": "I want to talk to a human", "label": "person", "language": "en"},
    {"text": "ich möchte mit einem Mitarbeiter sprechen", "label": "person", "locale": "de-AT"},
    {"text": "please let me speak to an agent", "label": "person"},
    {"text": "where is my parcel", "label": "none"},
    {"text": "My account was hacked", "label": "none", "language": "en"},
    {"text": "the little lamp is green", "label": "legal", "language": "en"},
]


def written(path: Path, rows: Sequence[Mapping[str, object] | str]) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_reports_show_a_share_with_both_ends_of_its_interval() -> None:
    one = share(2, 3)
    assert (rounded(one), interval(one)) == (0.666667, [0.20766, 0.938508])
    assert shown(one) == "0.667 (95% 0.208 to 0.939, 2 of 3)"


def test_reports_show_no_share_of_nothing() -> None:
    nothing = share(0, 0)
    assert (rounded(nothing), interval(nothing), shown(nothing)) == (None, [0.0, 1.0], "none to count")


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands keep their runs."""
    monkeypatch.setenv("TIERZERO_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def test_intents_that_say_who_wants_a_person_are_read_as_labels(tmp_path: Path) -> None:
    rows: list[Mapping[str, object] | str] = [
        {"text": "give me a human", "label": "CALL_CENTER", "in_scope": True, "wants_human": True},
        {"text": "anybody there", "label": "NO_NODES_DETECTED", "in_scope": False, "wants_human": True},
        {"text": "where is it", "label": "ORDER_STATUS", "in_scope": True, "wants_human": False},
        {"text": "tell me a joke", "label": "NO_NODES_DETECTED", "in_scope": False, "wants_human": False},
        {"text": "I was hacked", "label": "security"},
    ]
    messages = read(written(tmp_path / "intents.jsonl", rows), LABELS, relabel)
    assert [one.label for one in messages] == ["person", "person", "none", "security"]
    with pytest.raises(DatasetInvalid, match="order_status"):
        read(written(tmp_path / "other.jsonl", [{"text": "where", "label": "ORDER_STATUS"}]), LABELS, relabel)


def test_triggers_are_counted_reason_by_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = tmp_path / "figures.json"
    assert (
        main(["eval", "triggers", str(written(tmp_path / "mine.jsonl", MESSAGES)), "--json", str(figures)])
        == 0
    )
    found = json.loads(figures.read_text(encoding="utf-8"))
    assert (found["name"], found["messages"]) == ("mine", 6)
    person = found["reasons"]["person"]
    assert (person["precision"], person["recall"], person["support"]) == (1.0, 1.0, 3)
    assert person["recall_interval"] == [pytest.approx(0.438503), 1.0]
    # The account that was hacked is labelled none: precision 0 for security, and one of two wrongly handed off.
    security = found["reasons"]["security"]
    assert (security["precision"], security["recall"], security["support"]) == (0.0, None, 0)
    assert (found["wrongly_handed_off"], found["wrongly_handed_off_count"], found["none"]) == (0.5, 1, 2)
    legal = found["reasons"]["legal"]
    assert (legal["precision"], legal["recall"], legal["handed_off_at_all"]) == (None, 0.0, 0.0)
    assert set(found["reasons"]) == {
        "person",
        "security",
        "legal",
        "privacy",
        "abuse",
        "danger",
        "upset",
        "payment_dispute",
    }
    assert "mistakes" not in found
    assert "wrongly handed off 0.500" in capsys.readouterr().out


def test_mistakes_are_shown_when_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "mine.jsonl", MESSAGES)
    assert main(["eval", "triggers", str(path), "--mistakes", "--json", "-"]) == 0
    said = capsys.readouterr()
    mistakes = json.loads(said.out)["mistakes"]
    assert [(one["label"], one["got"]) for one in mistakes] == [("none", "security"), ("legal", "none")]
    assert mistakes[0]["where"] == f"{path}:5"
    assert f"{path}:6: legal, told none: the little lamp is green" in said.err


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("{", "mine.jsonl:2: this line is not JSON"),
        ("[]", "mine.jsonl:2: expected a JSON object, found list."),
        ({"text": "", "label": "none"}, "mine.jsonl:2: text must be a text that is not empty."),
        ({"text": 3, "label": "none"}, "mine.jsonl:2: text must be a text, not int."),
        ({"label": "none"}, "mine.jsonl:2: text must be a text that is not empty."),
        ({"text": "hello", "label": "rage"}, "mine.jsonl:2: the label 'rage' is none of danger, security"),
        ({"text": "hello", "label": "none", "language": ["en"]}, "mine.jsonl:2: language must be a text"),
    ],
)
def test_a_bad_row_is_named_by_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], row: Mapping[str, object] | str, problem: str
) -> None:
    path = written(tmp_path / "mine.jsonl", [MESSAGES[0], row])
    assert main(["eval", "triggers", str(path)]) == 1
    assert problem in capsys.readouterr().err


@pytest.mark.parametrize("action", ["triggers", "language"])
def test_a_file_that_is_empty_or_absent_ends_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], action: str
) -> None:
    assert main(["eval", action, str(written(tmp_path / "empty.jsonl", []))]) == 1
    assert "empty.jsonl has no messages. Name a file with one object a line" in capsys.readouterr().err
    assert main(["eval", action, str(tmp_path / "gone.jsonl")]) == 1
    assert "gone.jsonl is not there. Name a file with one object a line" in capsys.readouterr().err
    (tmp_path / "bytes.jsonl").write_bytes(b'{"text": "\xff"}\n')
    assert main(["eval", action, str(tmp_path / "bytes.jsonl")]) == 1
    assert "this line is not UTF-8" in capsys.readouterr().err


def test_rules_are_measured_without_index_and_model(tmp_path: Path) -> None:
    path = written(tmp_path / "mine.jsonl", MESSAGES)
    code = (
        "import sys\nfrom bot.cli import main\n"
        f"main(['eval', 'triggers', '--rules-alone', {str(path)!r}])\n"
        f"main(['eval', 'language', {str(path)!r}, '--languages', 'none'])\n"
        "print(sorted({'onnxruntime', 'faiss', 'tantivy', 'torch', 'sqlalchemy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


class ByFirstWord:
    """Tells the language that the message's first word names."""

    def detect(
        self, text: str, *, supported: tuple[str, ...], prior: str = "", default: str = "en"
    ) -> Detected:
        return Detected(text.split()[0], 1.0)


def test_accuracy_is_over_the_languages_asked_for() -> None:
    rows = [
        ("en a", "en", "x"),
        ("de b", "en", "x"),
        ("de c", "de-AT", "y"),
        ("no d", "nb", "y"),
        ("fr e", "fr", ""),
    ]
    messages = [Message("", text, label, "", kind) for text, label, kind in rows]
    found = languages.evaluate("made", messages, ByFirstWord(), ("en", "de", "nb"))
    assert (found.accuracy.count, found.accuracy.of, found.left_out) == (3, 4, 1)
    assert {kind: one.value for kind, one in found.by_kind.items()} == {"x": 0.5, "y": 1.0}
    assert {label: one.value for label, one in found.by_label.items()} == {"de": 1.0, "en": 0.5, "nb": 1.0}
    assert [(one.label, one.got, one.count) for one in found.confusions] == [("en", "de", 1)]


def test_the_ten_most_frequent_mistakes_are_kept_in_a_stable_order() -> None:
    got = [f"{letter}{letter}" for letter in "abcdefghijkl"]
    messages = [Message("", f"{one} x", "en", "", "") for one in (*got, "ll")]
    found = languages.evaluate("made", messages, ByFirstWord())
    assert [(one.got, one.count) for one in found.confusions] == [("ll", 2), *((one, 1) for one in got[:9])]


def test_the_language_command_writes_accuracy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {"text": "where is the parcel that I ordered last week", "label": "en", "kind": "sentences"},
        {"text": "wo ist das Paket, das ich letzte Woche bestellt habe", "label": "de", "kind": "sentences"},
        {"text": "où est le colis que j'ai commandé la semaine dernière", "label": "fr"},
    ]
    path = written(tmp_path / "said.jsonl", rows)
    assert main(["eval", "language", str(path), "--languages", "en,de,tr", "--json", "-"]) == 0
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert (found["name"], found["accuracy"], found["messages"], found["left_out"]) == ("said", 1.0, 2, 1)
    assert found["by_kind"]["sentences"]["n"] == 2
    assert found["confusions"] == []
    assert found["ms_p50"] > 0
    assert "no message is in tr" in said.err
    assert main(["eval", "language", str(path), "--languages", "tr"]) == 1
    assert "has no message in tr. It has de, en, fr." in capsys.readouterr().err


def test_two_runs_of_the_rules_can_be_compared(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path / "mine.jsonl", MESSAGES)
    assert main(["eval", "triggers", "--rules-alone", str(path)]) == 0
    # The label is mended: the second run tells one message more as labelled.
    mended = [{**one, "label": "security"} if "hacked" in one["text"] else one for one in MESSAGES]
    written(path, mended)
    assert main(["eval", "triggers", "--rules-alone", str(path)]) == 0
    first, second = sorted(one.stem for one in runs_folder(data).glob("*.json"))
    capsys.readouterr()
    assert main(["eval", "compare", first, second, "--json", "-"]) == 0
    ((change,)) = json.loads(capsys.readouterr().out)["sets"]
    assert (change["name"], change["paired"], change["better"], change["worse"]) == (
        "mine",
        len(MESSAGES),
        1,
        0,
    )
    assert [one["text"] for one in change["changed"]] == ["My account was hacked"]
    assert change["notes"] == ["1 queries have other wanted documents now."]


def test_a_run_of_languages_is_kept_message_by_message(tmp_path: Path, data: Path) -> None:
    rows = [
        {"text": "where is the parcel that I ordered last week", "label": "en", "kind": "sentences"},
        {"text": "wo ist das Paket, das ich letzte Woche bestellt habe", "label": "de"},
        {"text": "the parcel that I ordered last week has not come", "label": "de"},
    ]
    assert main(["eval", "language", str(written(tmp_path / "said.jsonl", rows))]) == 0
    (path,) = runs_folder(data).glob("language-*.json")
    (result,) = load_run(path).sets
    assert [(one.values["told_right"], one.wanted, one.got) for one in result.cases] == [
        (1.0, ("en",), ("en",)),
        (1.0, ("de",), ("de",)),
        (0.0, ("de",), ("en",)),
    ]
    assert result.figures["told_right"].value == pytest.approx(2 / 3)


def test_capitals_and_blanks_of_a_label_and_half_a_character_in_a_text_do_not_stop_a_file(
    tmp_path: Path,
) -> None:
    cut_off = '{"text": "talk to a human \\ud83d", "label": " Person "}'
    whole = '{"text": "a human please \\ud83d\\ude00", "label": "PERSON"}'
    figures = tmp_path / "figures.json"
    file = written(tmp_path / "mine.jsonl", [cut_off, whole])
    assert main(["eval", "triggers", str(file), "--rules-alone", "--json", str(figures)]) == 0
    assert json.loads(figures.read_text(encoding="utf-8"))["reasons"]["person"]["recall"] == 1.0
    assert [one.text for one in read(file)] == ["talk to a human \ufffd", "a human please \U0001f600"]
