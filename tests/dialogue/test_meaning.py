import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from bot.dialogue.reply import Reason
from bot.dialogue.triggers.concepts import Concepts
from bot.dialogue.triggers.features import (
    CONCEPT_BUCKETS,
    LETTER_BUCKETS,
    concept_pairs,
    letter_sequences,
)
from bot.dialogue.triggers.meaning import (
    FLOOR,
    FLOOR_DENIED,
    FLOOR_HELD_BACK,
    FLOOR_OF_QUESTIONS,
    Floats,
    Meaning,
    Signals,
    likeliest,
    strongest,
)
from bot.dialogue.triggers.rules import TRIGGERED
from bot.dialogue.triggers.weights import FILE, Weights, read, write
from bot.dialogue.triggers.wordlists import digest
from bot.errors import SettingsInvalid
from evaluations.commands.prototypes import LEARNED_FROM
from evaluations.labelled import read as labelled
from evaluations.overlap import words
from evaluations.prototypes import prototypes
from evaluations.triggers import LABELS

CONCEPTS = Concepts.load()
#: The labelled sets that nothing is learned from.
MEASURED = ("test", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "mentions")
DATASETS = Path(__file__).parents[2] / "evaluations" / "datasets"


@dataclass(frozen=True)
class Seen:
    """A text as an encoder would see it."""

    vector: Floats
    tokens: Floats


def row(*numbers: float) -> Floats:
    return np.asarray(numbers, dtype=np.float32)


UPRIGHT = Seen(row(0.0, 1.0), np.asarray([[0.0, 1.0]], dtype=np.float32))


def small() -> Weights:
    """Tells “legal” by the word lawyer in a message, and by a token that points down."""
    letters = np.zeros((LETTER_BUCKETS, 2), dtype=np.float32)
    letters[letter_sequences("lawyer").places, 1] = 5.0
    return Weights(
        model="0123",
        labels=("none", "legal"),
        vector=np.asarray([[0.0, 1.0], [0.0, -1.0]], dtype=np.float32),
        letters=letters,
        concepts=np.zeros((CONCEPT_BUCKETS, 2), dtype=np.float32),
        signals=np.zeros((2 * len(TRIGGERED) + 1, 2), dtype=np.float32),
        look=np.asarray([[0.0], [-1.0]], dtype=np.float32),
        look_bias=row(0.0),
        looked=np.asarray([[0.0, 3.0]], dtype=np.float32),
        bias=row(0.5, 0.0),
        examples=("see you in court", "my lawyer will write"),
        meant=("legal", "legal"),
        rules=frozenset({"legal/sue"}),
        lists="0f0f",
        places=np.asarray([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32),
    )


def test_letter_sequences_survive_a_typo_and_are_of_unit_length() -> None:
    places, values = letter_sequences("my lawyer")
    mistyped, _ = letter_sequences("My lawyyer!")
    assert float(values @ values) == pytest.approx(1.0, abs=1e-5)
    assert len(set(places) & set(mistyped)) > len(set(places)) / 2


def test_a_text_without_words_has_no_columns() -> None:
    assert len(letter_sequences("??? 🙂").places) == 0
    assert len(concept_pairs("??? 🙂", CONCEPTS).places) == 0


def test_the_same_said_in_four_languages_is_about_the_same() -> None:
    said = [
        "someone changed my password",
        "jemand hat mein Passwort geändert",
        "alguien cambió mi contraseña",
        "quelqu'un a changé mon mot de passe",
    ]
    about = [set(concept_pairs(text, CONCEPTS).places) for text in said]
    assert all(len(about[0] & other) >= 5 for other in about[1:])


def test_vector_and_letters_tell_together_and_the_nearest_example_explains() -> None:
    meaning = Meaning(small(), CONCEPTS)
    label, probability = likeliest(meaning.chances("lawyer", UPRIGHT, Signals()))
    assert label == "legal"
    assert probability >= FLOOR
    assert meaning.like(label, UPRIGHT.vector) == "my lawyer will write"


def test_one_telling_token_in_a_long_message_counts() -> None:
    story = np.asarray([[0.0, 1.0]] * 60 + [[0.0, -1.0]] + [[0.0, 1.0]] * 20, dtype=np.float32)
    meaning = Meaning(small(), CONCEPTS)
    assert likeliest(meaning.chances("a long story", Seen(row(0.0, 1.0), story[:60]), Signals()))[0] == "none"
    assert likeliest(meaning.chances("a long story", Seen(row(0.0, 1.0), story), Signals()))[0] == "legal"


def test_a_text_without_tokens_shows_nothing() -> None:
    assert strongest(np.zeros((0, 2), dtype=np.float32), small().look, small().look_bias).tolist() == [0.0]


def test_what_the_rules_made_of_it_weighs() -> None:
    signals = small().signals.copy()
    signals[TRIGGERED.index(Reason.LEGAL), 1] = 12.0
    meaning = Meaning(replace(small(), signals=signals), CONCEPTS)
    assert likeliest(meaning.chances("nothing", UPRIGHT, Signals()))[0] == "none"
    assert (
        likeliest(meaning.chances("nothing", UPRIGHT, Signals(fired=frozenset({Reason.LEGAL}))))[0] == "legal"
    )


def test_chances_add_up_to_one() -> None:
    chances = Meaning(small(), CONCEPTS).chances("lawyer", UPRIGHT, Signals())
    assert sum(chances.values()) == pytest.approx(1.0, abs=1e-5)


def test_written_weights_are_read_again(tmp_path: Path) -> None:
    write(tmp_path / "weights.npz", small())
    again = read(tmp_path / "weights.npz")
    assert (again.model, again.labels, again.examples) == ("0123", ("none", "legal"), small().examples)
    assert np.abs(again.letters - small().letters).max() < 0.05
    assert np.array_equal(again.look, small().look)
    assert again.rules == {"legal/sue"}
    assert again.lists == "0f0f"


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 nothing", b"text"])
def test_a_damaged_file_is_refused_with_what_to_run(tmp_path: Path, damage: bytes) -> None:
    file = tmp_path / "weights.npz"
    file.write_bytes(damage)
    with pytest.raises(SettingsInvalid, match="tierzero eval prototypes"):
        read(file)


def test_weights_for_other_reasons_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "weights.npz", replace(small(), labels=("none", "pirates")))
    with pytest.raises(SettingsInvalid, match="other reasons"):
        read(tmp_path / "weights.npz")


@pytest.mark.parametrize(
    ("text", "floor"),
    [
        ("my lawyer will write", FLOOR),
        ("my lawyer will write, when do you answer?", FLOOR_OF_QUESTIONS),
        ("How do I reach your lawyers", FLOOR_OF_QUESTIONS),
        ("dónde está su abogado", FLOOR_OF_QUESTIONS),
        ("Kann ich euren Anwalt sprechen", FLOOR_OF_QUESTIONS),
        ("🙂", FLOOR),
    ],
)
def test_a_question_must_be_surer_than_a_report(text: str, floor: float) -> None:
    assert Meaning(small(), CONCEPTS).floor(text, Reason.LEGAL, Signals()) == floor


def test_what_a_rule_was_held_back_from_must_be_surer_too() -> None:
    held_back = Signals(held_back=frozenset({Reason.LEGAL}))
    meaning = Meaning(small(), CONCEPTS)
    assert meaning.floor("no lawyer", Reason.LEGAL, held_back) == FLOOR_HELD_BACK
    assert meaning.floor("no lawyer", Reason.UPSET, held_back) == FLOOR


def test_no_sentence_that_is_learned_from_stands_in_a_set_that_is_measured_on() -> None:
    measured = {
        " ".join(words(message.text))
        for name in MEASURED
        for message in labelled(DATASETS / "triggers" / f"{name}.jsonl", LABELS)
    }
    measured |= {
        " ".join(words(json.loads(line)["text"]))
        for file in sorted((DATASETS / "sample").glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    }
    assert [one.text for one in prototypes() if " ".join(words(one.text)) in measured] == []


def test_a_set_is_learned_from_or_measured_on_and_never_both() -> None:
    sets = {file.stem for file in (DATASETS / "triggers").glob("*.jsonl")}
    assert {*LEARNED_FROM, *MEASURED} == sets
    assert not set(LEARNED_FROM) & set(MEASURED)


def test_the_shipped_weights_know_every_reason() -> None:
    shipped = read(FILE)
    assert {reason.value for reason in TRIGGERED} == set(shipped.labels) - {"none"}
    assert set(shipped.meant) == set(shipped.labels) - {"none"}


def test_the_shipped_weights_were_fitted_with_the_word_lists_as_they_are() -> None:
    assert read(FILE).lists == digest(), (
        "reading.txt, glossary.txt or concepts.yaml was changed since the fit: "
        "`tierzero eval prototypes --write bot/dialogue/triggers/meaning.npz`"
    )


def test_another_word_changes_the_digest_and_a_comment_does_not(tmp_path: Path) -> None:
    lists = tmp_path / "lists.txt"
    lists.write_text("# People\nsomebody | jemand\n", encoding="utf-8")
    before = digest([lists])
    lists.write_bytes(b"# Persons\r\n\r\nsomebody | jemand\r\n")
    assert digest([lists]) == before
    lists.write_text("somebody | irgendwer\n", encoding="utf-8")
    assert digest([lists]) != before


@pytest.mark.parametrize(
    ("content", "problem"), [("a: b*\n", "would stand for nearly every word"), ("- a\n", "must hold names")]
)
def test_a_mistake_in_the_concepts_is_told(tmp_path: Path, content: str, problem: str) -> None:
    (tmp_path / "concepts.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(SettingsInvalid, match=problem):
        Concepts.load(tmp_path / "concepts.yaml")


def test_what_a_short_message_denies_must_be_all_but_certain() -> None:
    denied = Signals(
        held_back=frozenset({Reason.LEGAL, Reason.DANGER}), denied=frozenset({Reason.LEGAL, Reason.DANGER})
    )
    meaning = Meaning(small(), CONCEPTS)
    assert meaning.floor("I will not sue you", Reason.LEGAL, denied) == FLOOR_DENIED
    # In a story one clause may deny what another says.
    assert meaning.floor("I will not sue you" + " and so on" * 10, Reason.LEGAL, denied) == FLOOR_HELD_BACK
    assert meaning.floor("it is not on fire", Reason.DANGER, denied) == FLOOR_HELD_BACK
