"""Which section of an article a question means, told by the article's title and headings."""

import numpy as np
import pytest

from bot.dialogue.sections import AFTERWARDS, Headings, alternative, comes_afterwards, fit, is_opposite, meant

CASES = [
    ("the one asked for", "return a pump", "en", "Return or swap a pump", "Return", ("Swap",), True, 1),
    ("the other one", "my lid is missing", "en", "Missing or broken", "It is broken", ("It is missing",), False, -1),
    ("a heading that says more", "swap it", "en", "Return or swap", "Swap a wet one", ("Return",), False, 0),
    ("one of a list", "reset alpha", "en", "Reset Alpha, Beta and Gamma", "Alpha", ("Beta", "Gamma"), False, 1),
    ("another of a list is no rival", "reset alpha", "en", "Reset Alpha and Beta", "Beta", ("Alpha",), False, 0),
    ("parts of a verb", "schalte es ab", "de", "Abschalten oder dimmen", "Abschalten", ("Dimmen",), False, 1),
    ("parts of another verb", "schalte es ab", "de", "Abschalten oder dimmen", "Dimmen", ("Abschalten",), False, -1),
    ("a title that lists nothing", "return a pump", "en", "Return a pump", "Return", ("Swap",), False, 0),
    ("nothing of the list is asked for", "opening hours", "en", "Return or swap", "Swap", ("Return",), False, 0),
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "language", "title", "heading", "others", "steps", "expected"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_the_heading_that_says_which_of_several_things_is_meant_is_known(
    question: str,
    language: str,
    title: str,
    heading: str,
    others: tuple[str, ...],
    steps: bool,
    expected: int,
) -> None:
    assert alternative(question, Headings(title, heading, others), language, steps=steps) == expected


@pytest.mark.parametrize(
    ("question", "heading", "other", "expected"),
    [
        (
            "close my vault",
            "Close a vault if you do not have the key",
            "Close a vault if you have the key",
            True,
        ),
        (
            "close my vault",
            "Close a vault if you have the key",
            "Close a vault if you do not have the key",
            False,
        ),
        ("i dont have the key", "Close a vault if you have the key", "Close a vault without the key", True),
        ("i dont have my key", "Close it if you have the key", "Close it if you don't have the key", True),
        ("close my vault", "It does not open", "Opening hours", False),
    ],
)
def test_of_two_headings_that_differ_in_a_not_the_one_like_the_question_is_meant(
    question: str, heading: str, other: str, expected: bool
) -> None:
    assert is_opposite(question, Headings("Vaults", heading, (other,)), "en") is expected


@pytest.mark.parametrize(
    ("first", "other", "language", "expected"),
    [
        ([0.76, 0.9], [0.31, 0.9], "en", 1),
        ([0.31, 0.9], [0.76, 0.9], "en", -1),
        ([0.54, 0.88], [0.52, 0.84], "en", 0),
        ([0.9, 0.3], [0.3, 0.9], "en", 0),
        ([0.76, 0.9], [0.53, 0.9], "de", 0),
        ([], [], "en", 0),
    ],
)
def test_of_two_headings_the_one_that_a_word_of_the_question_is_clearly_more_like_is_meant(
    first: list[float], other: list[float], language: str, expected: int
) -> None:
    assert meant(np.asarray(first, np.float32), np.asarray(other, np.float32), language) == expected


@pytest.mark.parametrize(
    ("heading", "afterwards"),
    [
        ("If that does not help", True),
        ("Still not working?", True),
        ("Wenn das nicht hilft", True),
        ("Hilft alles nichts?", True),
        ("Si eso no funciona", True),
        ("Si cela ne suffit pas", True),
        ("If this is your first order", False),
        ("Le lien ne fonctionne pas", False),
        ("Wenn das Paket nicht kommt", False),
        ("It does not work", False),
    ],
)
def test_headings_for_those_whom_the_article_did_not_help_are_known(heading: str, afterwards: bool) -> None:
    assert comes_afterwards(heading) is afterwards


@pytest.mark.parametrize(
    ("question", "language", "costs"),
    [
        ("it leaks", "en", AFTERWARDS),
        ("it still leaks", "en", 0.0),
        ("I tried that", "en", 0.0),
        ("es ist undicht", "de", AFTERWARDS),
        ("es ist immer noch undicht", "de", 0.0),
        ("ça fuit toujours", "fr", 0.0),
        ("sigue goteando", "es", 0.0),
    ],
)
def test_such_a_section_answers_those_who_say_that_it_did_not(
    question: str, language: str, costs: float
) -> None:
    def worth(heading: str) -> float:
        above = Headings("My machine leaks", heading, ())
        return fit(1.0, 0.5, 0.5, (), above, question, language, asks_how=False).worth

    assert worth("") - worth("If that does not help") == pytest.approx(costs)
