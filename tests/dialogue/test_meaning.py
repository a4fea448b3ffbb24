from pathlib import Path

import numpy as np
import pytest

from bot.dialogue.triggers.meaning import (
    BUCKETS,
    FLOORS,
    Meaning,
    Weights,
    letter_sequences,
    read,
    write,
)
from bot.errors import SettingsInvalid


def small() -> Weights:
    letters = np.zeros((BUCKETS, 2), dtype=np.float32)
    letters[letter_sequences("lawyer")[0], 1] = 5.0
    return Weights(
        model="0123",
        labels=("none", "legal"),
        vector=np.asarray([[0.0, 1.0], [0.0, -1.0]], dtype=np.float32),
        letters=letters,
        bias=np.asarray([0.5, 0.0], dtype=np.float32),
        examples=("see you in court", "my lawyer will write"),
        meant=("legal", "legal"),
        places=np.asarray([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32),
    )


def test_letter_sequences_survive_a_typo_and_are_of_unit_length() -> None:
    places, values = letter_sequences("my lawyer")
    mistyped, _ = letter_sequences("My lawyyer!")
    assert float(values @ values) == pytest.approx(1.0, abs=1e-5)
    assert len(set(places) & set(mistyped)) > len(set(places)) / 2


def test_a_text_without_words_has_no_letter_sequences() -> None:
    assert len(letter_sequences("??? 🙂")[0]) == 0


def test_vector_and_letters_tell_together_and_the_nearest_example_explains() -> None:
    told = Meaning(small()).leaning("lawyer", np.asarray([0.0, 1.0], dtype=np.float32))
    assert told is not None
    assert told.reason.value == "legal"
    assert told.like == "my lawyer will write"
    assert told.probability >= FLOORS[told.reason]


def test_written_weights_are_read_again(tmp_path: Path) -> None:
    write(tmp_path / "weights.npz", small())
    again = read(tmp_path / "weights.npz")
    assert (again.model, again.labels, again.examples) == ("0123", ("none", "legal"), small().examples)
    assert np.abs(again.letters - small().letters).max() < 0.05


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 nothing", b"text"])
def test_a_damaged_file_is_refused_with_what_to_run(tmp_path: Path, damage: bytes) -> None:
    file = tmp_path / "weights.npz"
    file.write_bytes(damage)
    with pytest.raises(SettingsInvalid, match="tierzero eval prototypes"):
        read(file)


def test_weights_for_other_reasons_are_refused(tmp_path: Path) -> None:
    odd = small()
    write(
        tmp_path / "weights.npz",
        Weights(
            odd.model,
            ("none", "pirates"),
            odd.vector,
            odd.letters,
            odd.bias,
            odd.examples,
            odd.meant,
            odd.places,
        ),
    )
    with pytest.raises(SettingsInvalid, match="other reasons"):
        read(tmp_path / "weights.npz")


def test_the_shipped_weights_know_every_reason_with_a_floor() -> None:
    shipped = read(Path(__file__).parents[2] / "bot" / "dialogue" / "triggers" / "meaning.npz")
    assert {reason.value for reason in FLOORS} < set(shipped.labels)
    assert set(shipped.meant) == set(shipped.labels) - {"none"}
