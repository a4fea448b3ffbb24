"""Opening databases, and what is said when one does not answer."""

import sqlite3
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.errors import SettingsInvalid, StorageUnavailable
from bot.ports import Feedback
from bot.storage.articles import ArticleShelf
from bot.storage.conversations import ConversationLog
from bot.storage.engine import Database, open_database
from tests.storage.conftest import PostgresServer
from tests.storage.samples import NOON, article, generation, release, turn

UNAVAILABLE = "The database does not answer; check that it runs, has room and may be written to."
BUSY = "The database is busy with a long write; try again in a moment."


@pytest.fixture
def sqlite_file(migrated_file: Path, tmp_path: Path) -> Path:
    file = tmp_path / "tierzero.db"
    file.write_bytes(migrated_file.read_bytes())
    return file


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "The database address cannot be read"),
        ("tierzero.db", "The database address cannot be read"),
        ("postgresql://u:hush@host:port/x", "The database address cannot be read"),
        ("mysql://u:hush@host/x", "The database kind 'mysql' is not supported"),
        ("postgresql+asyncpg://u:hush@host/x", "The database kind 'postgresql+asyncpg' is not supported"),
        ("sqlite://", "The SQLite address names no file"),
        ("sqlite:///:memory:", "The SQLite address names no file"),
        ("sqlite:///file:x?uri=true", "The SQLite address names no file"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_its_password(url: str, said: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        open_database(url)
    assert str(refused.value) == (
        f"{said}; use sqlite:////var/lib/tierzero/tierzero.db or postgresql://user@host/name"
    )
    assert "hush" not in "".join(traceback.format_exception(refused.value))


@pytest.mark.parametrize(
    "url", ["postgresql://ada:hush@127.0.0.1:1/x", "postgres://ada@127.0.0.1:1/x?password=hush"]
)
def test_a_server_that_is_not_there_is_unavailable_and_its_password_is_not_shown(
    url: str, opened: Callable[..., Database]
) -> None:
    database = opened(url)
    assert database.name == "PostgreSQL x at 127.0.0.1"
    with pytest.raises(StorageUnavailable) as refused:
        ConversationLog(database).ping()
    assert str(refused.value) == UNAVAILABLE
    assert refused.value.__notes__[0].startswith("PostgreSQL x at 127.0.0.1: connection")
    assert refused.value.__cause__ is not None
    assert "hush" not in "".join(traceback.format_exception(refused.value))


def test_a_stopped_server_is_unavailable_to_every_call_and_used_again_once_it_runs(
    postgres: PostgresServer, opened: Callable[..., Database]
) -> None:
    database = opened(postgres.migrated())
    shelf, log = ArticleShelf(database), ConversationLog(database)
    log.record(turn(0), seen=0)
    calls: list[Callable[[], object]] = [
        shelf.generation,
        shelf.published,
        lambda: list(shelf.chunks()),
        lambda: shelf.publish([release(article())], generation(), NOON),
        lambda: log.get("c1"),
        lambda: log.record(turn(1), seen=2),
        lambda: log.add_feedback(Feedback("out-c1-0", True, "", NOON)),
        log.ping,
    ]
    postgres.stop()
    try:
        for call in calls:
            with pytest.raises(StorageUnavailable, match="does not answer"):
                call()
    finally:
        postgres.start()
    log.record(turn(1), seen=2)
    assert shelf.generation() is None


def test_a_server_that_restarts_between_two_calls_costs_none(
    postgres: PostgresServer, opened: Callable[..., Database]
) -> None:
    log = ConversationLog(opened(postgres.migrated()))
    log.record(turn(0), seen=0)
    postgres.stop()
    postgres.start()
    log.record(turn(1), seen=2)
    found = log.get("c1")
    assert found is not None
    assert len(found.messages) == 4


def test_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    file = tmp_path / "nowhere" / "tierzero.db"
    with pytest.raises(StorageUnavailable, match="check its folder and permissions") as refused:
        open_database(f"sqlite:///{file}")
    assert refused.value.__notes__ == [f"{file}: No such file or directory"]


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path, opened: Callable[..., Database]) -> None:
    file = tmp_path / "tierzero.db"
    file.write_bytes(b"# Returns\n" * 1000)
    with pytest.raises(StorageUnavailable) as refused:
        ConversationLog(opened(f"sqlite:///{file}")).ping()
    assert str(refused.value) == "The database file is damaged or is no database; put a backup in its place."
    assert refused.value.__notes__ == [f"SQLite {file}: file is not a database"]


def test_what_customers_wrote_is_not_in_an_error(sqlite_file: Path, opened: Callable[..., Database]) -> None:
    database = opened(f"sqlite:///{sqlite_file}")
    with database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE ticket_events")
        connection.exec_driver_sql("ALTER TABLE messages RENAME TO elsewhere")
    with pytest.raises(StorageUnavailable) as refused:
        ConversationLog(database).record(turn(0), seen=0)
    shown = "".join(traceback.format_exception(refused.value))
    assert "INSERT INTO messages" in shown
    assert "question" not in shown
    assert "answer" not in shown


def test_what_a_failed_write_left_is_not_in_the_next_one(url: str, opened: Callable[..., Database]) -> None:
    database = opened(url)
    log = ConversationLog(database)

    def write_and_fail() -> None:
        with database.writing() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'half'")
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        write_and_fail()
    log.record(turn(0), seen=0)
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() != "half"
    assert log.get("c1") is not None


def test_a_new_database_file_can_be_read_by_its_owner_only(
    tmp_path: Path, opened: Callable[..., Database]
) -> None:
    opened(f"sqlite:///{tmp_path / 'tierzero.db'}")
    assert (tmp_path / "tierzero.db").stat().st_mode & 0o777 == 0o600


def test_every_connection_has_the_settings_that_keep_data_safe(
    sqlite_file: Path, opened: Callable[..., Database]
) -> None:
    database = opened(f"sqlite:///{sqlite_file}")
    shelf = ArticleShelf(database)
    settings = ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")

    def found() -> list[object]:
        with database.reading() as connection:
            return [connection.exec_driver_sql(f"PRAGMA {setting}").scalar() for setting in settings]

    assert found() == ["wal", 1, 1, 10_000]
    with database.writing(durable=True) as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    shelf.publish([release(article())], generation(), NOON)
    with database.migrating() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 300_000
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 0
    assert found() == ["wal", 1, 1, 10_000]


def test_a_writer_waits_for_the_writer_of_another_process(
    sqlite_file: Path, opened: Callable[..., Database]
) -> None:
    log = ConversationLog(opened(f"sqlite:///{sqlite_file}"))
    other = sqlite3.connect(sqlite_file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release_it = threading.Timer(0.2, other.execute, ["ROLLBACK"])
    release_it.start()
    log.record(turn(0), seen=0)
    release_it.join()
    other.close()
    assert log.get("c1") is not None


@pytest.fixture
def read_by_another(tmp_path: Path) -> Iterator[tuple[str, sqlite3.Connection]]:
    """A file without write-ahead log that another process reads, so that the log cannot be switched on."""
    file = tmp_path / "tierzero.db"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE seen (id INTEGER)")
    other.execute("BEGIN")
    other.execute("SELECT * FROM seen").fetchall()
    yield f"sqlite:///{file}", other
    other.close()


def test_the_switch_to_write_ahead_waits_for_another_process(
    read_by_another: tuple[str, sqlite3.Connection], opened: Callable[..., Database]
) -> None:
    url, other = read_by_another
    finish = threading.Timer(0.2, other.execute, ["ROLLBACK"])
    finish.start()
    with opened(url).reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    finish.join()


def test_a_switch_to_write_ahead_that_never_comes_through_is_told(
    read_by_another: tuple[str, sqlite3.Connection], opened: Callable[..., Database]
) -> None:
    url, _ = read_by_another
    with pytest.raises(StorageUnavailable) as refused, opened(url, busy_seconds=0.05).reading():
        pass
    assert str(refused.value) == BUSY


def test_who_waits_too_long_for_another_process_is_told_that_it_is_busy(
    sqlite_file: Path, opened: Callable[..., Database]
) -> None:
    log = ConversationLog(opened(f"sqlite:///{sqlite_file}", busy_seconds=0.05))
    other = sqlite3.connect(sqlite_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailable) as refused:
        log.record(turn(0), seen=0)
    assert str(refused.value) == BUSY
    assert log.get("c1") is None
    other.execute("ROLLBACK")
    other.close()
    log.record(turn(0), seen=0)


def test_who_waits_too_long_for_another_thread_is_told_that_it_is_busy(
    sqlite_file: Path, opened: Callable[..., Database]
) -> None:
    database = opened(f"sqlite:///{sqlite_file}", busy_seconds=0.05)
    log = ConversationLog(database)
    ended: list[StorageUnavailable] = []

    def write() -> None:
        try:
            log.record(turn(0), seen=0)
        except StorageUnavailable as error:
            ended.append(error)

    with database.writing():
        writer = threading.Thread(target=write)
        writer.start()
        writer.join()
    assert [str(error) for error in ended] == [BUSY]
    log.record(turn(0), seen=0)


def test_more_readers_than_connections_take_turns_or_are_told(
    url: str, opened: Callable[..., Database]
) -> None:
    database = opened(url, busy_seconds=0.05)
    shelf = ArticleShelf(database)
    shelf.publish([release(article())], generation(), NOON)
    streams = [shelf.chunks() for _ in range(16)]
    for stream in streams:
        next(stream)
    with pytest.raises(StorageUnavailable, match="does not answer"):
        shelf.generation()
    for stream in streams:
        stream.close()
    assert shelf.generation() == generation()
