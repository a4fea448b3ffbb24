"""A database address in, an open `Database` out: connections, transactions and the errors they end in."""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, cast

import sqlalchemy as sa
from sqlalchemy import exc

from bot.errors import SettingsInvalid, StorageUnavailable
from bot.storage import sqlite
from bot.storage.prepared import Prepared, Values

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.dialects import sqlite as sqlite_dialect

#: How long one writer waits for another before it gives up. Only a large publish holds the lock for long.
BUSY_SECONDS: Final = 10.0

#: Threads of the service take turns on these; a turn is well below a millisecond, so few are enough.
POOL_SIZE: Final = 8

#: Connections that stay out of the pool for reading single rows; the pool may lend as many more as it has.
KEPT_OUT: Final = 4

#: Another process may be at a long change of the tables.
_MIGRATION_SECONDS = 300
#: Any number will do as long as nothing else on the server locks the same one.
_MIGRATION_LOCK = 7_411_002_026

_EXAMPLES = "use sqlite:////var/lib/tierzero/tierzero.db or postgresql://user@host/name"
_NO_TABLE = "42P01"
_UNIQUE_VIOLATION = "23505"

#: A server that vanished without a word is noticed in half a minute, not in TCP's two hours.
_POSTGRES_DEFAULTS = {
    "application_name": "tierzero",
    "connect_timeout": "5",
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}


class Database:
    """An open database, SQLite or PostgreSQL; safe to share between threads.

    Every method that talks to it raises `StorageUnavailable` when it does not answer. The message can be
    shown to anybody; what the driver said stands in the exception's notes and cause.
    """

    def __init__(self, engine: sa.Engine, busy_seconds: float) -> None:
        self.sqlite: Final = engine.dialect.name == "sqlite"
        self.name: Final = _public_name(engine.url)
        """Says which database it is, without a password or any other option of its address."""
        self.insert: Final = _insert(engine.dialect.name)
        """Inserts that may say what to do with a row that is there already."""
        self._engine = engine
        self._dialect = engine.dialect
        #: Connections that read single rows, lent by the pool and not given back; a list, since its ends are safe to
        #: share between threads.
        self._kept: list[sa.PoolProxiedConnection] = []
        #: The connection of SQLite's one writer at a time, kept out likewise; None at first, and after a failure.
        self._writer: sa.Connection | None = None
        # A single statement is its own snapshot, so reads need no BEGIN and no COMMIT.
        self._readers = engine if self.sqlite else engine.execution_options(isolation_level="AUTOCOMMIT")
        self._writers = sqlite.writers(engine) if self.sqlite else engine
        self._busy_seconds = busy_seconds
        # SQLite lets writers poll for its lock; within one process a queue is fair and wakes up at once.
        self._turn = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection for single SELECTs; each sees one consistent state of its own."""
        with self._translated(), self._readers.connect() as connection:
            yield connection

    def all(self, prepared: Prepared, values: Values) -> Sequence[Sequence[Any]]:
        """All rows of a prepared SELECT, which sees one consistent state of its own."""
        if not self.sqlite:
            with self.reading() as connection:
                return prepared.all(connection, values)
        with self._translated():
            # Past SQLAlchemy's connection, and kept out of the pool from one row to the next: to take one out and put
            # it back costs as much as SQLite takes for several rows.
            try:
                lent = self._kept.pop()
            except IndexError:
                lent = self._readers.raw_connection()
            try:
                rows = prepared.read(cast(sqlite3.Connection, lent.driver_connection), self._dialect, values)
            except BaseException:
                lent.close()
                raise
            if len(self._kept) < KEPT_OUT:
                self._kept.append(lent)
            else:
                lent.close()
            return rows

    @contextmanager
    def streaming(self) -> Iterator[sa.Connection]:
        """A connection for one SELECT whose rows are fetched as they are used."""
        # PostgreSQL's cursors live in a transaction, which `reading` does not open.
        with self._translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[sa.Connection]:
        """One transaction: committed when the block ends, rolled back when it raises.

        A committed transaction survives the end of the process. With `durable` it also survives a loss of
        power, which costs SQLite a wait for the disk; PostgreSQL always waits.
        Raises `sqlalchemy.exc.IntegrityError` where a constraint refuses a row.
        """
        with self._translated(), self._kept_writer() as connection:
            if durable:
                self._pragma(connection, "synchronous=FULL")
            try:
                with connection.begin():
                    yield connection
            finally:
                if durable:
                    self._pragma(connection, "synchronous=NORMAL")

    @contextmanager
    def migrating(self) -> Iterator[sa.Connection]:
        """A transaction that one process at a time can have, and waits for longer than for any other."""
        with self._translated(), self._queue(), self._writers.connect() as connection:
            self._pragma(connection, f"busy_timeout={_MIGRATION_SECONDS * 1000}")
            # Replacing a table must not delete what refers to it; SQLite allows the switch only out here.
            self._pragma(connection, "foreign_keys=OFF")
            try:
                with connection.begin():
                    if not self.sqlite:
                        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
                    yield connection
            finally:
                self._pragma(connection, "foreign_keys=ON")
                self._pragma(connection, f"busy_timeout={int(self._busy_seconds * 1000)}")

    def compact(self) -> None:
        """Gives up the room of deleted rows; of SQLite no file has what stood there after it.

        Raises `StorageUnavailable` where others use the database too much for it just now.
        """
        with self._translated(), self._queue(), self._readers.connect() as connection:
            connection.exec_driver_sql("VACUUM")
            if self.sqlite and connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one():
                raise StorageUnavailable("The database is read by others; its log could not be emptied.")

    def close(self) -> None:
        """Closes all connections; a `Database` may not be used afterwards."""
        while self._kept:
            self._kept.pop().close()
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        self._engine.dispose()

    @contextmanager
    def _kept_writer(self) -> Iterator[sa.Connection]:
        """A connection to write with, when it is this writer's turn."""
        if not self.sqlite:
            with self._writers.connect() as connection:
                yield connection
            return
        with self._queue():
            connection, self._writer = self._writer or self._writers.connect(), None
            try:
                yield connection
            except BaseException:
                # Whatever state it is in, the next one begins with another.
                connection.close()
                raise
            self._writer = connection

    @contextmanager
    def _queue(self) -> Iterator[None]:
        if not self.sqlite:
            yield
            return
        if not self._turn.acquire(timeout=self._busy_seconds):
            raise StorageUnavailable("The database is busy with a long write; try again in a moment.")
        try:
            yield
        finally:
            self._turn.release()

    def _pragma(self, connection: sa.Connection, setting: str) -> None:
        # Past SQLAlchemy, because these may not be set inside the transaction it would begin.
        driver = connection.connection.driver_connection
        if self.sqlite and driver is not None:
            driver.execute(f"PRAGMA {setting}")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (exc.IntegrityError, exc.DataError):
            raise
        except (exc.DBAPIError, exc.TimeoutError, sqlite3.Error) as error:
            raise self._unavailable(error) from error

    def _unavailable(self, error: exc.DBAPIError | exc.TimeoutError | sqlite3.Error) -> StorageUnavailable:
        cause = error.orig if isinstance(error, exc.DBAPIError) else error
        if getattr(cause, "sqlstate", None) == _NO_TABLE or "no such table" in str(cause):
            sentence = "The database is not set up yet; start tierzero once so that it makes its tables."
        elif "is locked" in str(cause):
            sentence = "The database is busy with a long write; try again in a moment."
        elif "malformed" in str(cause) or "not a database" in str(cause):
            sentence = "The database file is damaged or is no database; put a backup in its place."
        else:
            sentence = "The database does not answer; check that it runs, has room and may be written to."
        unavailable = StorageUnavailable(sentence)
        unavailable.add_note(f"{self.name}: {str(cause).strip() or type(cause).__name__}")
        return unavailable


def open_database(url: str, *, busy_seconds: float = BUSY_SECONDS) -> Database:
    """Opens `sqlite:///path` or `postgresql://user@host/name`, which is connected to on first use.

    Whoever waits longer than `busy_seconds` for a writer or a free connection gets `StorageUnavailable`.

    Raises `SettingsInvalid` for an address that cannot be used, and `StorageUnavailable` where the SQLite
    file cannot be made.
    """
    address = _parsed(url)
    if address.get_backend_name() == "sqlite":
        engine = sqlite.engine(address, pool_size=POOL_SIZE, wait=busy_seconds)
        return Database(engine, busy_seconds)
    try:
        return Database(_postgresql(address, busy_seconds), busy_seconds)
    except ModuleNotFoundError as error:
        raise SettingsInvalid(
            "The database address asks for PostgreSQL, whose driver is missing: install tierzero[postgres]"
        ) from error


def is_repeated(error: exc.IntegrityError) -> bool:
    """Whether a row was refused because one like it is there already."""
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return cause.sqlite_errorcode in (
            sqlite3.SQLITE_CONSTRAINT_UNIQUE,
            sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
        )
    return getattr(cause, "sqlstate", None) == _UNIQUE_VIOLATION


def _parsed(url: str) -> sa.URL:
    try:
        address = sa.make_url(url)
    except (exc.ArgumentError, ValueError):
        # Without the cause: it may quote a piece of the password.
        raise SettingsInvalid(f"The database address cannot be read; {_EXAMPLES}") from None
    if address.drivername in ("postgres", "postgresql"):
        address = address.set(drivername="postgresql+psycopg")
    if address.drivername in ("sqlite", "sqlite+pysqlite"):
        file = address.database or ""
        if file in ("", ":memory:") or file.startswith("file:"):
            raise SettingsInvalid(f"The SQLite address names no file; {_EXAMPLES}")
    elif address.drivername != "postgresql+psycopg":
        raise SettingsInvalid(f"The database kind {address.drivername!r} is not supported; {_EXAMPLES}")
    return address


def _public_name(address: sa.URL) -> str:
    if address.get_backend_name() == "sqlite":
        return f"SQLite {address.database}"
    host = address.host or address.query.get("host") or "localhost"
    return f"PostgreSQL {address.database or ''} at {host}"


def _postgresql(address: sa.URL, wait: float) -> sa.Engine:
    defaults = {key: value for key, value in _POSTGRES_DEFAULTS.items() if key not in address.query}
    return sa.create_engine(
        address,
        connect_args=defaults,
        hide_parameters=True,  # an error in the log must not carry what customers wrote
        pool_size=POOL_SIZE,
        max_overflow=POOL_SIZE,
        pool_timeout=wait,
        pool_pre_ping=True,  # one round trip, and a restarted server costs no request
    )


def _insert(dialect: str) -> "Callable[[sa.Table], sqlite_dialect.Insert | postgresql.Insert]":
    # A start on SQLite does without PostgreSQL's dialect, a twentieth of a second.
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite as sqlite_dialect

        return sqlite_dialect.insert
    from sqlalchemy.dialects import postgresql

    return postgresql.insert
