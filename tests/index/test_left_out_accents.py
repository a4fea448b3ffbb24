"""Words typed without their accents are those words, and no others."""

import pytest

from index.spelling import Correction, Speller, unaccented


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("cuanto cuesta", "cuánto cuesta"),
        ("cuendo", "cuando"),
        ("el envio", "el envío"),
        ("cuánto", "cuánto"),
        ("como cuesta", "como cuesta"),
    ],
)
def test_a_left_out_accent_is_nearer_than_another_letter(written: str, read: str) -> None:
    speller = Speller({"cuando": 90, "cuánto": 2, "cuesta": 5, "envío": 7, "envíe": 9}, frozenset({"como"}))
    corrected, corrections = speller.correct(written)
    assert corrected == read
    assert corrections == tuple(
        Correction(one, other)
        for one, other in zip(written.split(), read.split(), strict=True)
        if one != other
    )


def test_accents_are_taken_off_letters_and_nothing_else() -> None:
    assert [unaccented(word) for word in ("cuánto", "Größe", "coûte", "plain")] == [
        "cuanto",
        "Große",
        "coute",
        "plain",
    ]
