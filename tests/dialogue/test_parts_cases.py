"""A message that asks several things is taken apart; one that tells a story is not."""

import pytest

from bot.dialogue.parts import MOST_PARTS, Parts

CASE_FILE = "parts"


@pytest.fixture(scope="module")
def parts() -> Parts:
    return Parts.load()


def test_a_message_asks_what_it_says_beside_it(parts: Parts, case: tuple[str, str, str]) -> None:
    language, questions, message = case
    assert parts.of(message, language) == tuple(one for one in questions.split(" + ") if one)


def test_more_questions_than_anybody_asks_in_one_breath_are_read_as_one(parts: Parts) -> None:
    assert parts.of("can i pay by card? " * MOST_PARTS, "en")
    assert parts.of("can i pay by card? " * (MOST_PARTS + 1), "en") == ()


@pytest.mark.parametrize("text", ["", "???", "and and and how", "y" * 5000, "and how " * 3000, "?" * 5000])
def test_any_message_is_taken_apart(parts: Parts, text: str) -> None:
    assert len(parts.of(text, "en")) <= MOST_PARTS
