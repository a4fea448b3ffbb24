"""What cannot be remembered was forgotten: messages are looked up in the word that articles have."""

from pathlib import Path

import pytest

from bot.dialogue.plainly import Plainly
from bot.errors import SettingsInvalid


@pytest.fixture(scope="module")
def plainly() -> Plainly:
    return Plainly.load()


@pytest.mark.parametrize(
    ("language", "message", "plain"),
    [
        ("en", "i cant remember my pin anymore", "i forgot my pin anymore"),
        ("en", "I don't know my password", "I forgot my password"),
        ("en", "I don't know what to do", "I don't know what to do"),
        ("en", "does it remember me?", "does it remember me?"),
        ("de", "ich weiß mein Passwort nicht mehr", "ich habe mein Passwort vergessen"),
        ("de", "kann mich nicht an die PIN erinnern", "habe die PIN vergessen"),
        ("de", "ich weiß nicht mehr weiter", "ich weiß nicht mehr weiter"),
        ("es", "no me acuerdo de la clave", "olvidé la clave"),
        ("fr", "je ne me souviens plus de mon code", "j'ai oublié mon code"),
        ("pl", "nie pamiętam hasła", "nie pamiętam hasła"),
    ],
)
def test_a_message_is_looked_up_in_plain_words(
    plainly: Plainly, language: str, message: str, plain: str
) -> None:
    assert plainly.said(message, language) == plain


def test_a_story_is_left_as_it_is_told(plainly: Plainly) -> None:
    told = "i cant remember " + "when it was that i came here " * 10
    assert plainly.said(told, "en") == told


@pytest.mark.parametrize("content", ["en: [{from: a}]", "en: [{from: '(', to: b}]", "en: [a]"])
def test_a_saying_that_cannot_be_read_is_refused_by_its_file(tmp_path: Path, content: str) -> None:
    file = tmp_path / "sayings.yaml"
    file.write_text(content)
    with pytest.raises(SettingsInvalid, match=r"sayings\.yaml"):
        Plainly.load(file)
