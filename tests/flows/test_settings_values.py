"""A setting that cannot be used is named with the reason; what may hold a password is never shown."""

import pytest

from bot.errors import SettingsInvalid
from bot.settings import load


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("TIERZERO_"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TIERZERO_MAX_MESSAGE_CHARS", "many"),
        ("TIERZERO_MAX_MESSAGE_CHARS", "5"),
        ("TIERZERO_MAX_BODY_BYTES", "-1"),
        ("TIERZERO_RATE_PER_MINUTE", "0"),
        ("TIERZERO_RATE_BURST", "1.5"),
        ("TIERZERO_PUBLIC_URL", "help.example.org"),
        ("TIERZERO_SITE_URL", "javascript:alert(1)"),
        ("TIERZERO_DEMO", "perhaps"),
        ("TIERZERO_LOCALES", ""),
        ("TIERZERO_LOCALES", "de,fr"),
    ],
)
def test_a_bad_value_is_named_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsInvalid) as refused:
        load()
    assert str(refused.value).startswith(f"{name}: ")


def test_every_bad_value_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIERZERO_RATE_BURST", "none")
    monkeypatch.setenv("TIERZERO_PUBLIC_URL", "ftp://me:hunter2@example.org")
    with pytest.raises(SettingsInvalid) as refused:
        load()
    assert "TIERZERO_RATE_BURST" in str(refused.value)
    assert "TIERZERO_PUBLIC_URL" in str(refused.value)
    assert "hunter2" not in str(refused.value)
    assert "hunter2" not in repr(refused.value.__cause__)


def test_the_database_address_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIERZERO_DATABASE_URL", "postgresql://me:hunter2@host/db")
    settings = load()
    assert settings.url == "postgresql://me:hunter2@host/db"
    assert "hunter2" not in repr(settings)
    assert "hunter2" not in str(settings)


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIERZERO_LOCALES", "en, es ,")
    monkeypatch.setenv("TIERZERO_ALLOWED_ORIGINS", "https://a.example,https://b.example")
    settings = load()
    assert settings.locales == ("en", "es")
    assert settings.allowed_origins == ("https://a.example", "https://b.example")


def test_what_is_given_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIERZERO_DATA", "/from/environment")
    assert str(load().data) == "/from/environment"
    assert str(load(data="/given").data) == "/given"
    assert str(load(data=None).data) == "/from/environment"


def test_addresses_lose_their_last_slash() -> None:
    assert load(public_url="https://help.example.org/").public_url == "https://help.example.org"


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        setattr(load(), "demo", False)  # noqa: B010 - the type checker knows that it cannot be
