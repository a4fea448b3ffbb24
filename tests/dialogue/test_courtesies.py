"""Politeness around a question: what is looked up is the question alone, and nothing that it asks is taken away."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.courtesies import Courtesies
from bot.errors import SettingsInvalid

KNOWN = Courtesies.load()


@pytest.mark.parametrize(
    ("language", "message", "asked"),
    [
        ("en", "Hello! Where can I change my password?", "Where can I change my password?"),
        ("en", "hi there why is my account locked", "why is my account locked"),
        ("en", "Sorry to bother you but forgot password", "forgot password"),
        ("en", "how do I make an account thanks!", "how do I make an account"),
        ("en", "do you ship to spain please help", "do you ship to spain"),
        ("en", "I have a quick question: can't log in", "can't log in"),
        ("en", "forgot password\n\nBest regards,\nTom Miller", "forgot password"),
        (
            "en",
            "Dear team,\n\nI hope you are well. I was wondering how you ship.\n\nMany thanks\nJ. Smith",
            "how you ship",
        ),
        (
            "en",
            "Could you please tell me what it costs? Thank you in advance! Kind regards, Anna",
            "what it costs?",
        ),
        ("en", "ok thanks. and for the other one?", "and for the other one?"),
        ("en", "do you ship to spain???!!!", "do you ship to spain?"),
        ("en", "Can I change my order after I placed it? 🙏😊", "Can I change my order after I placed it?"),
        ("en", '"where is my parcel"', "where is my parcel"),
        ("de", "Hallo, ich habe eine kurze Frage: Wo bleibt sie?", "Wo bleibt sie?"),
        (
            "de",
            "Können Sie mir bitte sagen, wann sie kommt? Danke\nMit freundlichen Grüßen\nTom",
            "wann sie kommt?",
        ),
        ("es", "Hola, ¿me podrían decir cuánto cuesta? Gracias de antemano", "cuánto cuesta?"),
        ("fr", "Bonjour, désolé de vous déranger, où est mon colis ? Merci d'avance", "où est mon colis?"),
        ("fr", "hello, où est mon colis thanks", "où est mon colis"),
    ],
)
def test_what_is_looked_up_is_the_question(language: str, message: str, asked: str) -> None:
    assert KNOWN.without(message, language) == asked


@pytest.mark.parametrize(
    "message",
    [
        "Where is my parcel?",
        "hello",
        "Hi! Thanks!",
        "no thanks, I want a refund",
        "My parcel is late. Thanks. Where is it?",
        "it's late, right?",
        "How much is 5%?",
        "does it run C++",
        "price (blue)",
        "Who owns it in the U.S.?",
        "",
        "???",
        "👍",
    ],
)
def test_what_says_something_or_nothing_else_stays(message: str) -> None:
    assert KNOWN.without(message, "en") == message


@given(st.text(alphabet="abc hi thanks.!?\n,'\"🙏", max_size=80))
def test_whatever_is_typed_something_is_left_of_what_was_there(message: str) -> None:
    left = KNOWN.without(message, "en")
    assert left == message or (any(map(str.isalnum, left)) and left.rstrip("?") in message)
    assert KNOWN.without("hi, " * 400 + message, "xx") is not None


def test_a_phrase_that_cannot_be_read_is_refused_by_its_file(tmp_path: Path) -> None:
    file = tmp_path / "courtesies.yaml"
    file.write_text("en: {aside: '('}")
    with pytest.raises(SettingsInvalid, match=r"courtesies\.yaml"):
        Courtesies.load(file)
