"""A message that asks several things is taken apart; one that tells a story is not."""

import pytest

from bot.dialogue.parts import MOST_PARTS, Parts
from bot.dialogue.story import Story

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


@pytest.mark.parametrize(
    ("language", "text", "asked", "told"),
    [
        (
            "en",
            "Hi! We moved last week. My bag has not left yet. How do I change my address?",
            "How do I change my address?",
            "Hi. We moved last week. My bag has not left yet",
        ),
        (
            "en",
            "Is delivery free? We are students. We live in Ghent. Thanks a lot.",
            "Is delivery free?",
            "We are students. We live in Ghent. Thanks a lot",
        ),
        ("en", "i moved\nit has left\nhow do i redirect it", "how do i redirect it", "i moved. it has left"),
        ("de", "Ich war krank. Es reicht. Wie kündige ich?", "Wie kündige ich?", "Ich war krank. Es reicht"),
        ("es", "Hola. Perdí la clave. ¿Cómo la cambio?", "Cómo la cambio?", "Hola. Perdí la clave"),
    ],
)  # fmt: skip
def test_a_story_is_its_question_and_what_is_told_around_it(
    parts: Parts, language: str, text: str, asked: str, told: str
) -> None:
    assert parts.story(text, language) == Story(asked, told)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "How do I pause?",
        "I am away. How do I pause?",
        "My ring is red. It beeps. I am sad.",
        "It leaks. What now? Do I get a new one?",
        "It beeps and the app says H3. I cleaned it. What does it mean?",
        "We run SPSS here. I bought a pack. How do I enter the code?",
        "We cleared /tmp/cache there. Nothing helped. Why can we not do that?",
        "I am here. You are there. And so?",
        "My friend E. E. Marsh is back. What does he owe?",
    ],
)
def test_a_message_that_asks_nothing_or_twice_or_names_a_code_outside_its_question_is_no_story(
    parts: Parts, text: str
) -> None:
    assert parts.story(text, "en") is None


@pytest.mark.parametrize(
    "text", ["?" * 4000, "a. " * 1300, "how. " * 800, "H7. " * 900 + "how?", "\n" * 4000]
)
def test_any_story_is_parted(parts: Parts, text: str) -> None:
    found = parts.story(text, "en")
    assert found is None or found.asked
