"""A message is read in another language word by word; names, codes and numbers stay."""

from pathlib import Path

import pytest

from bot.dialogue.glossary import Glossary
from bot.errors import SettingsInvalid

CASE_FILE = "glossary"


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return Glossary.load()


def test_a_message_reads_in_english_as_it_says_beside_it(
    glossary: Glossary, case: tuple[str, str, str]
) -> None:
    language, words, message = case
    assert glossary.render(message, language, "en").text == words


def test_what_the_glossary_knows_is_told_from_what_it_keeps(glossary: Glossary) -> None:
    rendered = glossary.render("Wie entkalke ich die Wren 2?", "de", "en")
    assert (rendered.read, rendered.kept) == (2, ("Wren", "2"))


def test_any_two_languages_can_be_read_in_each_other(glossary: Glossary) -> None:
    assert glossary.renders("fr", "de")
    assert not glossary.renders("de", "de")
    assert not glossary.renders("pl", "en")
    assert glossary.render("supprimer mon compte", "fr", "de").text == "löschen Konto"


@pytest.mark.parametrize("line", ["account | Konto | cuenta", "account | Konto | cuenta | "])
def test_a_line_that_lacks_a_language_is_refused_with_its_number(tmp_path: Path, line: str) -> None:
    path = tmp_path / "glossary.txt"
    path.write_text(f"# en | de | es | fr\n{line}\n", encoding="utf-8")
    with pytest.raises(SettingsInvalid, match="line 2"):
        Glossary.load(path)


@pytest.mark.parametrize("text", ["", "   ", "???", "😡 💥", "x" * 5000, "wie " * 2000, "ö-ö_ö.ö" * 200])
def test_any_message_is_read(glossary: Glossary, text: str) -> None:
    assert glossary.render(text, "de", "en").read >= 0
