import datetime as dt
from pathlib import Path

import pytest

from bot.dialogue.triggers import Handlings
from bot.dialogue.wording import FOLDER, Wording, placeholders
from bot.errors import SettingsInvalid

ENGLISH = 'hello: "Hello {name}"\nbye: "Bye"\n'


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording.load()


def test_all_five_languages_say_the_same_things_with_the_same_places(wording: Wording) -> None:
    assert wording.languages == ("ar", "de", "en", "es", "fr")


def test_a_time_in_arabic_reads_right_with_every_number(wording: Wording) -> None:
    told = [wording.within(dt.timedelta(hours=count), "ar") for count in (1, 4, 24, 120)]
    assert told == [
        "خلال ساعة",
        "خلال الساعات الـ4 القادمة",
        "خلال الساعات الـ24 القادمة",
        "خلال الأيام الـ5 القادمة",
    ]


def test_every_hand_off_has_its_sentence(wording: Wording) -> None:
    for handling in Handlings.load():
        for language in wording.languages:
            said = wording.say(handling.sentence, language, by="within 4 hours")
            assert said.strip()
            assert "{" not in said


def test_a_sentence_is_said_in_the_default_language_where_there_is_no_other(wording: Wording) -> None:
    assert wording.say("greeting", "sw") == wording.say("greeting", "en")


@pytest.mark.parametrize(
    ("named", "language", "told"),
    [
        ("de", "fr", "allemand"),
        ("ar", "en", "Arabic"),
        ("en-GB", "es", "inglés"),
        ("nl", "en", "Nederlands"),
        ("qq", "en", "qq"),
    ],
)
def test_a_language_without_a_sentence_of_its_own_is_named_in_its_own_words(
    wording: Wording, named: str, language: str, told: str
) -> None:
    assert wording.language_name(named, language) == told


def test_a_default_language_without_sentences_is_refused_with_those_that_have_them() -> None:
    with pytest.raises(SettingsInvalid, match=r"no nl\.yaml, .*: ar, de, en, es, fr"):
        Wording.load(default="nl")


def test_an_unsupported_language_is_told_in_itself(wording: Wording) -> None:
    assert wording.say("unsupported_language", "it").startswith("Non posso ancora")
    assert wording.say("unsupported_language", "sw") == wording.say("unsupported_language", "en")


def test_braces_in_a_value_stay_as_they_are(wording: Wording) -> None:
    assert "“{by} {0}”" in wording.say("answer_lead", "en", title="{by} {0}")


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (dt.timedelta(minutes=15), "within an hour"),
        (dt.timedelta(hours=1), "within an hour"),
        (dt.timedelta(hours=3, minutes=1), "within 4 hours"),
        (dt.timedelta(hours=48), "within 48 hours"),
        (dt.timedelta(days=5), "within 5 days"),
        (dt.timedelta(hours=-1), "within an hour"),
    ],
)
def test_a_time_is_rounded_up_so_that_it_holds(wording: Wording, left: dt.timedelta, told: str) -> None:
    assert wording.within(left, "en") == told


def test_no_sentence_shouts_or_blames(wording: Wording) -> None:
    for file in FOLDER.glob("*.yaml"):
        assert "!" not in file.read_text(encoding="utf-8").replace("# ", "")


@pytest.mark.parametrize(
    ("german", "problem"),
    [
        ('hello: "Hallo {name}"\n', "“bye” is missing"),
        (ENGLISH + 'more: "Mehr"\n', "“more” is not known"),
        ('hello: "Hallo {names}"\nbye: "Tschüss"\n', "“hello” must have the places ['name'], not ['names']"),
        ('hello: "Hallo {name"\nbye: "Tschüss"\n', "“hello”"),
        ('hello: "Hallo {name}"\nbye: 5\n', "write both in quotes"),
    ],
)
def test_a_file_that_says_other_things_is_refused(tmp_path: Path, german: str, problem: str) -> None:
    (tmp_path / "en.yaml").write_text(ENGLISH, encoding="utf-8")
    (tmp_path / "de.yaml").write_text(german, encoding="utf-8")
    with pytest.raises(SettingsInvalid) as raised:
        Wording.load(tmp_path)
    assert problem in str(raised.value)
    assert "de.yaml" in str(raised.value)


def test_the_default_language_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match=r"has no en\.yaml"):
        Wording.load(tmp_path)


def test_places_of_a_sentence_are_its_names_in_brackets() -> None:
    assert placeholders("a {b} {c} {{d}}") == {"b", "c"}
