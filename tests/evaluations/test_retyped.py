"""Sentences are learned from as typed in haste too: the same words, with what haste does to them."""

import numpy as np
import pytest
from rapidfuzz.distance import OSA

from evaluations.retyped import retyped

SENTENCE = "Someone logged in to my account, and it wasn't me!"


def forms(text: str, language: str) -> list[str]:
    chance = np.random.default_rng(3)
    return [retyped(text, language, chance) for _ in range(200)]


def test_the_same_chances_bring_the_same_text() -> None:
    assert forms(SENTENCE, "en") == forms(SENTENCE, "en")


def test_haste_takes_capitals_marks_and_letters_but_no_word() -> None:
    found = forms(SENTENCE, "en")
    assert any(one == one.lower() for one in found)
    assert any(one == one.upper() for one in found)
    assert any("," not in one for one in found)
    assert len({one.lower() for one in found}) > 20
    for one in found:
        written, typed = SENTENCE.lower().split(), one.lower().split()
        assert len(typed) == len(written)
        # Its marks and one slip at the most.
        assert all(OSA.distance(w, t) <= 3 for w, t in zip(written, typed, strict=True))


@pytest.mark.parametrize(
    ("text", "language", "typed"),
    [
        ("Größe für Äpfel", "de", "Groesse fuer Aepfel"),
        ("contraseña olvidada aquí", "es", "contrasena olvidada aqui"),
        ("déjà payé", "fr", "deja paye"),
    ],
)
def test_accents_are_written_as_without_their_keys(text: str, language: str, typed: str) -> None:
    assert typed in forms(text, language)


def test_a_short_word_is_left_and_nothing_is_no_error() -> None:
    assert {one.lower() for one in forms("ok go", "en")} == {"ok go"}
    assert set(forms("", "en")) == {""}
