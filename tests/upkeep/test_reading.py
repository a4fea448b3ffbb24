"""Reading ease by the published formulas."""

import pytest

from bot.upkeep.reading import ease, syllables


@pytest.mark.parametrize(
    ("word", "language", "count"),
    [
        ("cat", "en", 1),
        ("table", "en", 2),
        ("make", "en", 1),
        ("password", "en", 2),
        ("delivery", "en", 4),
        ("Bestellung", "de", 3),
        ("contraseña", "es", 4),
        ("commande", "fr", 2),
    ],
)
def test_syllables_are_groups_of_vowels(word: str, language: str, count: int) -> None:
    assert syllables(word, language) == count


def test_short_words_in_short_sentences_read_easier_than_long_ones() -> None:
    plain = ["We send the box to you. You get a mail from us."] * 8
    heavy = [
        "Notwithstanding administrative considerations regarding international transportation, "
        "organisational responsibilities necessitate comprehensive documentation."
    ] * 8
    easy, hard = ease(plain, "en"), ease(heavy, "en")
    assert easy is not None
    assert hard is not None
    assert easy > 90
    assert hard < 10


def test_the_formula_is_fleschs() -> None:
    # 5 words and 5 syllables a sentence: 206.835 - 1.015 * 5 - 84.6 * 1
    assert ease(["The cat sat on it."] * 15, "en") == pytest.approx(100.0, abs=17)
    assert ease(["Der Hund lief ins Haus."] * 15, "de") == pytest.approx(180 - 5 - 58.5 * 1, abs=17)


def test_too_few_words_or_an_unknown_language_say_nothing() -> None:
    assert ease(["The cat sat."], "en") is None
    assert ease(["Ala ma kota i psa."] * 20, "pl") is None
