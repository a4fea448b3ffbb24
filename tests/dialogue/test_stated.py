"""Whether a text has the numbers and names of a question."""

import pytest

from bot.dialogue.stated import named, names, numbers


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("Is version 8.5 supported?", "Supported: 8.5 and 9.", 1.0),
        ("Is version 8.5 supported?", "Supported: 8.0 and 9.", -1.0),
        ("From 2019 to 2021?", "Since 2019.", 0.0),
        ("Is it supported?", "Since 2019.", 0.0),
    ],
)
def test_numbers_of_the_question_are_looked_for_as_they_stand(
    question: str, text: str, expected: float
) -> None:
    assert numbers(question, text) == expected


@pytest.mark.parametrize(
    ("question", "locale", "expected"),
    [
        ("Does the Heron work with iOS?", "en", ("Heron", "iOS")),
        ("The grinder stops. It hums.", "en", ()),
        ("I think I'm lost, and I've tried", "en", ()),
        ("error HPDMG0759W in DASH", "en", ("HPDMG0759W", "DASH")),
        ("WHERE IS MY ORDER E17", "en", ("E17",)),
        ("Wo ist die Rechnung im Konto?", "de", ()),
        ("Wo ist die App im Apple TV4?", "de", ("TV4",)),
    ],
)
def test_names_are_told_by_how_they_are_written(
    question: str, locale: str, expected: tuple[str, ...]
) -> None:
    assert named(question, locale) == expected


def test_a_name_that_is_nowhere_in_the_text_speaks_against_it() -> None:
    assert names("How do I descale the Heron?", ["Descaling the Wren"], "en") == -1.0
    assert names("How do I descale the Heron?", ["Descaling", "The heron-2 needs it monthly."], "en") == 0.0
    assert names("How do I descale it?", ["Descaling the Wren"], "en") == 0.0
