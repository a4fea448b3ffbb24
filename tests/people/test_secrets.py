"""Passwords, one-time codes, sealed values and the key file."""

import datetime as dt
import stat
from pathlib import Path

import pyotp
import pytest

from bot.errors import BadRequest, NotReady, SettingsInvalid
from bot.people import one_time_codes, passwords, tokens
from bot.people.keyring import Keyring
from bot.people.policy import load_policy

AT = dt.datetime(2026, 11, 22, 9, 0, 7, tzinfo=dt.UTC)
GOOD = "correct horse battery"


def test_a_hash_matches_its_password_alone() -> None:
    stored = passwords.hashed(GOOD)
    assert stored.startswith("$argon2id$")
    assert passwords.matches(stored, GOOD)
    assert not passwords.matches(stored, GOOD + " ")
    assert not passwords.matches("", GOOD)
    assert not passwords.matches("damaged", GOOD)


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "aaaaaaaaaaaaaaa",
        "abcdefghijklmnop",
        "1234567890123456",
        "maria.lopez12",
        "marialopez42",
        "Password1234!",
        "x" * 300,
    ],
)
def test_passwords_that_are_guessed_first_are_refused(password: str) -> None:
    with pytest.raises(BadRequest):
        passwords.check(password, email="maria.lopez@example.org", name="Maria Lopez")


@pytest.mark.parametrize(
    "password", [GOOD, "Schmetterling im Regen", "日本語のパスワードです！長い", "q8#Zt!mB0x&w"]
)
def test_sentences_and_random_ones_are_taken(password: str) -> None:
    passwords.check(password, email="maria.lopez@example.org", name="Maria Lopez")


def code(secret: str, at: dt.datetime) -> str:
    return pyotp.TOTP(secret).at(at)


def test_a_code_holds_for_its_step_and_one_on_either_side() -> None:
    secret = one_time_codes.new_secret()
    now = int(AT.timestamp()) // 30
    for off in (-1, 0, 1):
        made = code(secret, AT + dt.timedelta(seconds=30 * off))
        assert one_time_codes.accepted_step(secret, made, AT, 0) == now + off
    for off in (-2, 2):
        made = code(secret, AT + dt.timedelta(seconds=30 * off))
        assert one_time_codes.accepted_step(secret, made, AT, 0) is None


def test_a_code_is_good_once_and_none_before_it() -> None:
    secret = one_time_codes.new_secret()
    step = one_time_codes.accepted_step(secret, code(secret, AT), AT, 0)
    assert step is not None
    assert one_time_codes.accepted_step(secret, code(secret, AT), AT, step) is None
    before = code(secret, AT - dt.timedelta(seconds=30))
    assert one_time_codes.accepted_step(secret, before, AT, step) is None


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "１２３４５６", "\udcff", "0" * 1000])
def test_what_is_no_code_is_refused(typed: str) -> None:
    assert one_time_codes.accepted_step("JBSWY3DPEHPK3PXP" * 2, typed, AT, 0) is None


def test_recovery_codes_read_the_same_however_they_are_typed() -> None:
    codes = one_time_codes.recovery_codes()
    assert len(set(codes)) == 10
    plain = one_time_codes.plain_recovery_code(codes[0])
    assert plain == codes[0].replace("-", "")
    assert one_time_codes.plain_recovery_code(f" {codes[0].lower().replace('-', ' ')} ") == plain
    assert one_time_codes.plain_recovery_code("o1l-0I") == "01101"


def test_the_qr_code_carries_no_inline_style() -> None:
    drawn = one_time_codes.picture(
        one_time_codes.address("JBSWY3DPEHPK3PXP" * 2, account="a@b.org", issuer="Shop")
    )
    assert drawn.startswith("<svg")
    assert "style" not in drawn


def test_what_is_sealed_opens_with_the_same_file_and_no_other(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    sealed = Keyring.open(file).seal("secret words")
    assert "secret" not in sealed
    assert Keyring.open(file).unseal(sealed) == "secret words"
    with pytest.raises(NotReady):
        Keyring.open(tmp_path / "other").unseal(sealed)
    with pytest.raises(NotReady):
        Keyring.open(file).unseal(sealed[:-4] + "AAAA")
    with pytest.raises(NotReady):
        Keyring.open(file).unseal("nothing of ours")


def test_an_older_key_still_opens_what_it_sealed(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    sealed = Keyring.open(file).seal("old")
    newer = tmp_path / "newer"
    Keyring.open(newer)
    file.write_text(newer.read_text() + file.read_text())
    ring = Keyring.open(file)
    assert ring.unseal(sealed) == "old"
    assert ring.derived("forms") == Keyring.open(newer).derived("forms")
    assert ring.derived("forms") != ring.derived("links")


def test_only_its_owner_may_read_the_key_file(tmp_path: Path) -> None:
    Keyring.open(tmp_path / "sub" / "keys")
    assert stat.S_IMODE((tmp_path / "sub" / "keys").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "sub").iterdir()] == ["keys"]


@pytest.mark.parametrize("content", ["", "c2hvcnQ=\n", "not base 64!\n"])
def test_a_damaged_key_file_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "keys").write_text(content)
    with pytest.raises(SettingsInvalid):
        Keyring.open(tmp_path / "keys")


def test_tokens_are_stored_as_digests_only() -> None:
    token = tokens.new_token()
    assert token not in tokens.digest(token)
    assert tokens.same(token, token)
    assert not tokens.same(token, tokens.new_token())


def test_the_shipped_policy_asks_all_staff_for_a_second_factor() -> None:
    policy = load_policy()
    assert {role.value for role in policy.second_factor} == {
        "agent",
        "senior",
        "quality",
        "specialist",
        "lead",
        "manager",
        "admin",
    }


@pytest.mark.parametrize(
    "change", ["attempts: 0", "attempts: many", "second_factor: [boss]", "session_idle_minutes: true"]
)
def test_a_policy_with_a_value_of_no_use_is_refused(tmp_path: Path, change: str) -> None:
    shipped = Path(load_policy.__globals__["SHIPPED"]).read_text(encoding="utf-8")
    (tmp_path / "policy.yaml").write_text(f"{shipped}\n{change}\n")
    with pytest.raises(SettingsInvalid):
        load_policy(tmp_path / "policy.yaml")
