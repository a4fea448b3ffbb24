"""The policy file: what a team may change, and how a mistake in it is told."""

from pathlib import Path

import pytest

from bot.errors import SettingsInvalid
from bot.redaction import Kind, Level, Policy, Redactor
from bot.redaction.policy import FILE


def changed(folder: Path, *changes: tuple[str, str]) -> Path:
    text = FILE.read_text(encoding="utf-8")
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    file = folder / "policy.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def redactor(folder: Path, *changes: tuple[str, str]) -> Redactor:
    return Redactor(Policy.load(changed(folder, *changes)))


def test_the_shipped_policy_masks_every_kind_and_stores_no_secret() -> None:
    levels = Policy.load().levels
    assert levels[Level.MASKING] == frozenset(Kind)
    assert levels[Level.STORAGE] == {
        Kind.KEY,
        Kind.PASSWORD,
        Kind.CARD,
        Kind.CARD_CODE,
        Kind.CODE,
        Kind.BANK_ACCOUNT,
        Kind.NATIONAL_ID,
    }


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("version: 1", "version: 2", "“version” must be 1, not 2"),
        ("masking: |\n  key\n", "masking: |\n", "“masking” must also have key"),
        ("masking: |\n  key\n", "masking: |\n  keys\n", "“keys” must be one of"),
        ("before_storage: |", "before_store: |", "“before_store” is not known here"),
        ('card: "[card ending {last4}]"', 'card: "card {last4}"', "words in square brackets"),
        ('card: "[card ending {last4}]"', 'card: "[card {number}]"', "words in square brackets"),
        ('  email: "[email address]"\n', "", "must say what stands for “email”"),
        ("  never: |", '  never: "A-##"', "needs at least 4 of the signs"),
        ('sk-: "20"', 'sk-: "2"', "needs a number of characters from 8 to 500"),
        ("  title: |", "  titles: |", "“titles” is not known here"),
    ],
)
def test_a_mistake_is_told_with_the_file_and_the_place(
    tmp_path: Path, before: str, after: str, told: str
) -> None:
    file = changed(tmp_path, (before, after))
    with pytest.raises(SettingsInvalid) as raised:
        Policy.load(file)
    assert str(file) in str(raised.value)
    assert told in str(raised.value)


def test_an_empty_word_list_is_refused(tmp_path: Path) -> None:
    text = FILE.read_text(encoding="utf-8")
    start = text.index("  card_code: |\n    cvv")
    file = tmp_path / "policy.yaml"
    file.write_text(
        text[:start] + '  card_code: ""\n' + text[text.index("  # After these a number") :], encoding="utf-8"
    )
    with pytest.raises(SettingsInvalid, match="“card_code” must have at least one word"):
        Policy.load(file)


def test_a_kind_may_be_left_in_what_is_stored(tmp_path: Path) -> None:
    lenient = redactor(
        tmp_path,
        (
            "before_storage: |\n  key             # private keys, API keys, tokens, signed links\n  password\n",
            "before_storage: |\n",
        ),
    )
    assert lenient.redact("my password is hunter22").text == "my password is hunter22"
    assert lenient.redact("my password is hunter22", Level.MASKING).text == "my password is [password]"


def test_a_shape_of_the_team_is_left_alone_whatever_it_looks_like(tmp_path: Path) -> None:
    text = "about 4242-4242-4242-4242 and 5101 2345 6789 0126"
    guarded = redactor(tmp_path, ("  never: |", '  never: "42##-####-####-####"'))
    assert guarded.redact(text).text == "about 4242-4242-4242-4242 and [card ending 0126]"


def test_a_number_of_the_team_can_be_masked(tmp_path: Path) -> None:
    own = redactor(tmp_path, ("  own: |", '  own: "MEMBER-######"'))
    assert own.redact("I am member-123456", Level.MASKING).text == "I am [personal number]"
    assert own.redact("I am MEMBER-1234567", Level.MASKING).text == "I am MEMBER-1234567"
    assert own.redact("I am member-123456").text == "I am member-123456"


def test_a_word_of_the_team_announces(tmp_path: Path) -> None:
    more = redactor(tmp_path, ("    kennwort\n", "    kennwort\n    losungswort\n"))
    assert more.redact("Losungswort: geheim12").text == "Losungswort: [password]"


def test_placeholders_may_be_in_the_language_of_the_team(tmp_path: Path) -> None:
    german = redactor(tmp_path, ('card: "[card ending {last4}]"', 'card: "[Karte mit {last4} am Ende]"'))
    once = german.redact("4242 4242 4242 4242")
    assert once.text == "[Karte mit 4242 am Ende]"
    assert german.redact(once.text).found == ()


def test_phone_numbers_are_read_for_the_country_of_the_conversation() -> None:
    policy = Policy.load()
    assert policy.regions_of("en-GB")[:2] == ("GB", "US")
    assert policy.regions_of("de_CH")[:3] == ("CH", "DE", "AT")
    assert policy.regions_of("")[0] == "US"


def test_a_finding_never_holds_what_it_found() -> None:
    redacted = Redactor.load().redact("my password is hunter22")
    assert "hunter22" not in repr(redacted)
