"""What is known of a language, made when it is first spoken; rule files that were read before are read so."""

import threading
from pathlib import Path

import pytest

from bot import rules_read
from bot.dialogue import glossary
from bot.dialogue.circles import Circles
from bot.dialogue.context import Context
from bot.dialogue.glossary import Glossary
from bot.dialogue.smalltalk import SmallTalk
from bot.dialogue.spoken import Spoken
from bot.dialogue.triggers import Triggers
from bot.dialogue.triggers import match as matching
from bot.dialogue.underspecified import Underspecified
from bot.errors import SettingsInvalid


def test_a_language_is_made_once_and_only_when_it_is_asked_for() -> None:
    made: list[str] = []
    spoken = Spoken({name: lambda name=name: made.append(name) or name.upper() for name in ("en", "de")})
    assert (list(spoken), len(spoken), "de" in spoken, "fr" in spoken, made) == (
        ["en", "de"],
        2,
        True,
        False,
        [],
    )
    assert (spoken["de"], spoken.get("de"), spoken.get("fr")) == ("DE", "DE", None)
    assert made == ["de"]
    spoken.prepare()
    assert made == ["de", "en"]


def test_several_threads_get_the_same_one() -> None:
    spoken = Spoken({"en": object})
    begin = threading.Barrier(8)
    got: list[object] = []

    def ask() -> None:
        begin.wait()
        got.append(spoken["en"])

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(one) for one in got}) == 1


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I want to talk to a real person", "en"),
        ("Ich will mit einem Menschen sprechen", "de"),
        ("hacked!", ""),
    ],
)
def test_rules_that_are_read_later_fire_as_those_read_at_once(text: str, language: str) -> None:
    assert Triggers.load(later=True).match(text, language) == Triggers.load().match(text, language)


def test_phrases_and_words_that_are_read_later_are_the_same() -> None:
    assert SmallTalk.load(later=True).classify("vielen dank", "en") == SmallTalk.load().classify(
        "vielen dank", "en"
    )
    for text in ("it doesnt work", "es geht nicht", "where is my lamp"):
        assert Underspecified.load(later=True).is_vague(text, "de") == Underspecified.load().is_vague(
            text, "de"
        )
        assert Context.load(later=True).leans(text, "de") == Context.load().leans(text, "de")
    rendered = Glossary.load(later=True).render("Wie kündige ich mein Abo?", "de", "en")
    assert rendered == Glossary.load().render("Wie kündige ich mein Abo?", "de", "en")
    assert Circles.load(later=True).noticed(None, "again", "de") == ""


def test_a_rule_file_says_the_language_that_it_is_named_after(tmp_path: Path) -> None:
    shipped = (matching.RULES / "de.yaml").read_text("utf-8")
    (tmp_path / "en.yaml").write_text(shipped, encoding="utf-8")
    with pytest.raises(SettingsInvalid, match=r"en\.yaml.*must be in de\.yaml"):
        Triggers.load(tmp_path)


def test_files_count_as_read_until_one_of_them_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not rules_read.were_read(tmp_path)
    rules_read.remember(tmp_path)
    assert rules_read.were_read(tmp_path)
    changed = tmp_path / "glossary.txt"
    changed.write_bytes(glossary.FILE.read_bytes() + b"\nlamp | Lampe | lampara | lampe\n")
    for file in glossary.FILE.parent.glob("*.yaml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(glossary, "FILE", changed)
    assert not rules_read.were_read(tmp_path)


def test_a_folder_that_cannot_be_written_to_only_means_that_all_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    rules_read.remember(tmp_path / "file" / "below")
    assert not rules_read.were_read(tmp_path / "file" / "below")
