"""A message in another language is told by its meaning from its words in English."""

from pathlib import Path

import pytest

from bot.dialogue.glossary import Glossary
from bot.dialogue.triggers.concepts import Concepts
from bot.dialogue.triggers.match import Triggers
from bot.dialogue.triggers.meaning import Meaning, Seen
from bot.dialogue.triggers.reading import Reading
from bot.dialogue.triggers.weights import FILE, read


@pytest.fixture(scope="module")
def reading() -> Reading:
    return Reading.load()


@pytest.mark.parametrize(
    ("language", "message", "words"),
    [
        ("de", "Mein Anwalt wird euch verklagen", "my lawyer will you sue"),
        ("es", "me robaron la contraseña", "me stolen the password"),
        ("fr", "je veux parler à un conseiller", "I want speak to person"),
        ("de", "gestohln wurde mein Handy", "stolen was my phone"),
    ],
)
def test_who_did_what_to_whom_stays(reading: Reading, language: str, message: str, words: str) -> None:
    assert reading.of(message, language) == words


def test_a_question_still_asks(reading: Reading) -> None:
    assert reading.of("¿Puedo hablar con alguien?", "es").endswith("?")


@pytest.mark.parametrize("language", ["en", "", "pl"])
def test_english_and_what_is_in_no_known_language_stays_as_it_is(reading: Reading, language: str) -> None:
    assert reading.of("Rufen Sie mich an!", language) == "Rufen Sie mich an!"


@pytest.mark.parametrize("text", ["", "???", "🙂", "Qwrtzp"])
def test_what_no_glossary_has_stays_as_it_is(reading: Reading, text: str) -> None:
    assert reading.of(text, "de") == text


def test_of_two_glossaries_the_first_counts(tmp_path: Path) -> None:
    first, second = tmp_path / "first.txt", tmp_path / "second.txt"
    first.write_text("I | ich | yo | je\n", encoding="utf-8")
    second.write_text("- | ich, bitte | yo | je\ncourt | Gericht | juzgado | tribunal\n", encoding="utf-8")
    assert Glossary.load(first, second).render("ich bitte Gericht", "de", "en").text == "I court"


def test_the_encoder_sees_the_words_in_english_and_the_rules_see_the_message() -> None:
    seen: list[str] = []

    def see(text: str) -> Seen:
        seen.append(text)
        raise LookupError(text)

    triggers = Triggers.load(meaning=Meaning(read(FILE), Concepts.load(), Reading.load()))
    for language in ("es", ""):
        with pytest.raises(LookupError):
            triggers.told("le di mi dirección", language, see)
    assert seen == ["gave my address", "le di mi dirección"]
    assert triggers.match("quiero hablar con una persona", "es") is not None
