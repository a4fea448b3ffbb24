"""What one customer loads of the chat: a script and the texts of one language, and the same of its extras once used."""

import gzip
import json

import pytest

from bot.web.assets import FOLDER

#: Bytes, compressed as the service sends them: of every chat, and of what is loaded once it is used (decision 0026).
BUDGETS = {"widget.js": ("", 15 * 1024), "extras.js": ("-extras", 6 * 1024)}
FILES = sorted(path.stem for path in (FOLDER / "languages").glob("*.json"))
LANGUAGES = [name for name in FILES if "-" not in name]


def test_the_chat_has_its_five_languages() -> None:
    assert LANGUAGES == ["ar", "de", "en", "es", "fr"]
    assert sorted(LANGUAGES + [f"{language}-extras" for language in LANGUAGES]) == FILES


@pytest.mark.parametrize("script", BUDGETS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_script_and_language_stay_within_the_budget(script: str, language: str) -> None:
    kind, most = BUDGETS[script]
    parts = [FOLDER / script, FOLDER / "languages" / f"{language}{kind}.json"]
    assert sum(len(gzip.compress(part.read_bytes(), 9)) for part in parts) <= most


@pytest.mark.parametrize("language", FILES)
def test_every_language_has_every_text_with_its_places(language: str) -> None:
    same = "en" + language[2:]
    english = json.loads((FOLDER / "languages" / f"{same}.json").read_text(encoding="utf-8"))
    told = json.loads((FOLDER / "languages" / f"{language}.json").read_text(encoding="utf-8"))
    assert len(told) == len(english)
    assert all(told)
    for mine, theirs in zip(told, english, strict=True):
        assert [sign for sign in "{}|" for _ in range(mine.count(sign))] == [
            sign for sign in "{}|" for _ in range(theirs.count(sign))
        ]
