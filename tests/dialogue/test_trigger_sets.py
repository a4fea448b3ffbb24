import json
from collections import Counter
from pathlib import Path

import pytest

from bot.dialogue.triggers import Triggers
from bot.dialogue.triggers.rules import TRIGGERED

NAMES = (
    "dev",
    "test",
    "oblique",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "mentions",
)
FOLDER = Path(__file__).parents[2] / "evaluations" / "datasets" / "triggers"


def rows(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def test_the_sets_are_large_half_hard_negatives_and_in_four_languages() -> None:
    everything = rows("dev") + rows("test")
    labels = Counter(row["label"] for row in everything)
    assert len(everything) >= 640
    assert labels["none"] >= len(everything) / 2
    assert set(labels) == {"none", *(reason.value for reason in TRIGGERED)}
    assert {row["locale"] for row in everything} == {"en", "es", "de", "fr"}


def test_no_message_is_in_two_sets() -> None:
    texts = [row["text"] for name in NAMES for row in rows(name)]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("name", ["dev", "test"])
@pytest.mark.parametrize("reason", ["person", "security", "legal"])
def test_recall_and_precision_hold_on_the_labelled_sets(triggers: Triggers, name: str, reason: str) -> None:
    judged = [(row["label"], triggers.match(row["text"], row["locale"])) for row in rows(name)]
    told = [(label, fired.reason.value if fired else "none") for label, fired in judged]
    right = sum(label == got == reason for label, got in told)
    assert right >= 0.97 * sum(label == reason for label, _ in told)
    assert right >= 0.95 * sum(got == reason for _, got in told)


@pytest.mark.parametrize("name", ["dev", "test"])
def test_hardly_a_mention_is_handed_off(triggers: Triggers, name: str) -> None:
    mentions = [row for row in rows(name) if row["label"] == "none"]
    handed_off = [row["text"] for row in mentions if triggers.match(row["text"], row["locale"])]
    assert len(handed_off) <= 0.02 * len(mentions)
