"""What one customer loads of the chat: the script and the texts of one language."""

import gzip
import json

import pytest

from bot.web.assets import FOLDER

#: Bytes, compressed as the service sends them.
BUDGET = 15 * 1024
LANGUAGES = sorted(path.stem for path in (FOLDER / "languages").glob("*.json"))


def test_the_chat_has_its_five_languages() -> None:
    assert LANGUAGES == ["ar", "de", "en", "es", "fr"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_script_and_language_stay_within_the_budget(language: str) -> None:
    parts = [FOLDER / "widget.js", FOLDER / "languages" / f"{language}.json"]
    assert sum(len(gzip.compress(part.read_bytes(), 9)) for part in parts) <= BUDGET


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text_with_its_places(language: str) -> None:
    english = json.loads((FOLDER / "languages" / "en.json").read_text(encoding="utf-8"))
    told = json.loads((FOLDER / "languages" / f"{language}.json").read_text(encoding="utf-8"))
    assert len(told) == len(english)
    assert all(told)
    for mine, theirs in zip(told, english, strict=True):
        assert [sign for sign in "{}|" for _ in range(mine.count(sign))] == [
            sign for sign in "{}|" for _ in range(theirs.count(sign))
        ]
