"""SQLite as this service needs it: write-ahead log, foreign keys, writers that wait for their turn."""

import sqlite3
import time
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event

from bot.errors import StorageUnavailable

_BEGIN = "sqlite_begin"
_RETRY_SECONDS = 0.01
#: Moving the log into the file waits for the disk: with SQLite's 1000 pages it is one turn in a hundred that
#: pays 8 ms for it (measured), with 4000 one in four hundred.
_CHECKPOINT_PAGES = 4000
#: What is left of the log after a large publish.
_LOG_BYTES = 64 * 1024 * 1024


def engine(address: sa.URL, *, pool_size: int, wait: float) -> sa.Engine:
    """An engine on the file of `address`, made where it is missing; a lock is waited for `wait` seconds.

    Raises `StorageUnavailable` where the file cannot be made.
    """
    file = Path(address.database or "")
    try:
        # SQLite would make it readable by everybody; it holds what customers wrote.
        file.touch(mode=0o600, exist_ok=True)
    except OSError as error:
        unavailable = StorageUnavailable(
            "The database file cannot be made; check its folder and permissions."
        )
        unavailable.add_note(f"{file}: {error.strerror}")
        raise unavailable from error
    made = sa.create_engine(
        address,
        connect_args={"check_same_thread": False, "timeout": wait},
        hide_parameters=True,  # an error in the log must not carry what customers wrote
        poolclass=sa.QueuePool,
        pool_size=pool_size,
        max_overflow=pool_size + 1,  # one stays with whoever writes
        pool_timeout=wait,
    )

    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        # The driver would begin transactions by itself, too late to be safe; `_begin` decides instead.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute(f"PRAGMA wal_autocheckpoint={_CHECKPOINT_PAGES}")
        connection.execute(f"PRAGMA journal_size_limit={_LOG_BYTES}")
        _write_ahead(connection, time.monotonic() + wait)

    event.listen(made, "connect", prepare)
    event.listen(made, "begin", _begin)
    return made


def writers(readers: sa.Engine) -> sa.Engine:
    """The same connections, with transactions that take the write lock at once.

    One that began by reading could not wait for another writer: what it had read would be out of date.
    """
    return readers.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})


def _begin(connection: sa.Connection) -> None:
    statement = connection.get_execution_options().get(_BEGIN)
    driver = connection.connection.driver_connection
    if statement and driver is not None:
        # Past SQLAlchemy, which makes a result of it: every turn begins one.
        driver.execute(statement)


def _write_ahead(connection: sqlite3.Connection, deadline: float) -> None:
    """Readers and a writer side by side. The file remembers the mode, so this changes something only once."""
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            # Unlike other statements, this one does not wait while another process makes the same switch.
            if time.monotonic() > deadline:
                raise
            time.sleep(_RETRY_SECONDS)
