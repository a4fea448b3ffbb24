"""Accounts, sessions and keys on both databases, and that each change is in the audit log with it."""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.people.accounts import Account, ApiKey, Session, Stage
from bot.people.audit import Note, verify
from bot.people.roles import Permission, Role
from bot.storage.engine import Database
from bot.storage.people import PeopleLog
from tests.storage.samples import LATER, NOON

MARIA = Account("m", "maria@example.org", "Maria", Role.AGENT, True, "", "", 0, NOON, 1)
SESSION = Session("s", "d" * 64, "m", Stage.PASSWORD, NOON, NOON, "192.0.2.7", "Browser")


def note(what: str = "test.done") -> Note:
    return Note(NOON, "command", what, "account:m", {"é": "ü"})


@pytest.fixture
def people(database: Database) -> PeopleLog:
    log = PeopleLog(database)
    assert log.add(MARIA, "invitation", LATER, note("account.added"))
    return log


def whats(people: PeopleLog) -> list[str]:
    return [entry.note.what for entry in people.entries()]


def test_an_account_comes_back_as_it_was_stored(people: PeopleLog) -> None:
    assert people.account("m") == MARIA
    assert people.by_email("maria@example.org") == MARIA
    assert people.account("nobody") is None


def test_an_address_is_taken_once(people: PeopleLog) -> None:
    assert not people.add(replace(MARIA, id="other"), "another", LATER, note())
    assert whats(people) == ["account.added"]


def test_two_changes_of_one_reading_are_told_apart(people: PeopleLog) -> None:
    assert people.change(replace(MARIA, role=Role.LEAD), note("first"))
    assert not people.change(replace(MARIA, role=Role.ADMIN), note("second"))
    assert people.accounts()[0].role is Role.LEAD
    assert whats(people) == ["account.added", "first"]


def test_a_used_code_stays_used_whatever_is_written_after(people: PeopleLog) -> None:
    assert people.use_step("m", 7)
    assert not people.use_step("m", 7)
    assert not people.use_step("m", 6)
    assert people.change(MARIA, note())
    assert not people.use_step("m", 7)
    assert people.use_step("m", 8)


def test_an_invitation_is_used_once_and_ends_all_sessions(people: PeopleLog) -> None:
    people.open_session(SESSION, note())
    assert people.invited("invitation", NOON) == MARIA
    changed = replace(MARIA, password="hash")
    assert people.accept("invitation", changed, NOON, note("set"))
    assert not people.accept("invitation", replace(changed, version=2), NOON, note("again"))
    assert people.sessions("m") == []
    assert people.account("m") == replace(changed, version=2)


def test_an_invitation_that_is_too_old_changes_nothing(people: PeopleLog) -> None:
    after = LATER + dt.timedelta(seconds=1)
    assert people.invited("invitation", after) is None
    assert not people.accept("invitation", replace(MARIA, password="hash"), after, note())
    assert people.account("m") == MARIA


def test_a_newer_invitation_ends_the_older(people: PeopleLog) -> None:
    people.invite("m", "newer", LATER, note())
    assert people.invited("invitation", NOON) is None
    assert people.invited("newer", NOON) == MARIA


def test_a_session_moves_on_under_a_new_token(people: PeopleLog) -> None:
    people.open_session(SESSION, note())
    full = replace(SESSION, digest="e" * 64, stage=Stage.FULL)
    assert people.advance_session(SESSION.digest, full, note())
    assert people.session(SESSION.digest) is None
    assert people.session(full.digest) == (full, MARIA)
    assert not people.advance_session(SESSION.digest, full, note())


def test_nobody_ends_the_session_of_another(people: PeopleLog) -> None:
    people.open_session(SESSION, note())
    assert not people.end_session("somebody else", "s", note())
    assert people.end_session("m", "s", note())
    assert people.session(SESSION.digest) is None


def test_recovery_codes_are_used_once(people: PeopleLog) -> None:
    people.set_recovery("m", ["one", "two"])
    assert people.recovery_left("m") == 2
    assert people.use_recovery("m", "one", note("used"))
    assert not people.use_recovery("m", "one", note("used"))
    assert people.recovery_left("m") == 1
    assert whats(people).count("used") == 1


def test_failures_are_counted_within_their_time(people: PeopleLog) -> None:
    people.failed("password:x", NOON)
    people.failed("password:x", LATER)
    people.failed("password:y", LATER)
    assert people.failures("password:x", NOON - dt.timedelta(seconds=1)) == 2
    assert people.failures("password:x", NOON) == 1


def test_keys_come_back_and_are_revoked_once(people: PeopleLog) -> None:
    key = ApiKey(
        "k",
        "Helpdesk",
        "digest",
        frozenset({Permission.SUGGESTIONS_READ}),
        "command",
        NOON,
        LATER,
        None,
        None,
    )
    people.add_key(key, note())
    assert people.key("k") == key
    people.key_used("k", NOON)
    assert people.revoke_key("k", LATER, note())
    assert not people.revoke_key("k", LATER, note())
    assert people.keys() == [replace(key, revoked_at=LATER, used_at=NOON)]


def test_the_log_is_whole_though_many_write_at_once(people: PeopleLog) -> None:
    def write() -> None:
        for _ in range(8):
            people.note(note())

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verdict = verify(people.entries())
    assert (verdict.entries, verdict.broken_at) == (33, None)
    assert [entry.number for entry in people.newest(3, None)] == [33, 32, 31]
    assert [entry.number for entry in people.newest(2, 5)] == [4, 3]


def test_an_entry_changed_in_the_database_shows(
    people: PeopleLog, database: Database, opened: Callable[..., Database]
) -> None:
    people.note(note())
    people.note(note())
    with database.writing() as connection:
        connection.execute(sa.text("UPDATE audit_log SET who = 'account:other' WHERE number = 2"))
    assert verify(people.entries()).broken_at == 2
