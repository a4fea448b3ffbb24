"""Migrations on both databases: from empty, again, by several processes at once, and from the future."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

import bot.storage
from bot.errors import NotReady, StorageUnavailable
from bot.storage.articles import ArticleShelf
from bot.storage.conversations import ConversationLog
from bot.storage.engine import Database
from bot.storage.schema import HEAD, differences, migrate, schema_revision
from bot.storage.tables import metadata
from tests.storage.samples import NOON, article, generation, release, turn


def test_an_empty_database_gets_all_tables(empty_url: str, opened: Callable[..., Database]) -> None:
    database = opened(empty_url)
    assert schema_revision(database) is None
    migrate(database)
    assert schema_revision(database) == HEAD
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_database_that_lacks_what_its_revision_promises_is_told(database: Database) -> None:
    assert differences(database) == ()
    with database.migrating() as connection:
        connection.exec_driver_sql("ALTER TABLE feedback DROP COLUMN comment")
    assert differences(database) == ("feedback.comment",)
    assert schema_revision(database) == HEAD


def test_migrating_again_changes_nothing(database: Database) -> None:
    ArticleShelf(database).publish([release(article())], generation(), NOON)
    migrate(database)
    assert ArticleShelf(database).generation() == generation()


def test_the_newest_migration_is_the_one_the_code_names() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(bot.storage.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


_PROCESS = """
import sys
import alembic.command
from bot.storage.engine import open_database
from bot.storage.schema import migrate
print("ready", flush=True)
sys.stdin.readline()
migrate(open_database(sys.argv[1]))
"""


def test_processes_that_start_together_migrate_once(empty_url: str, opened: Callable[..., Database]) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _PROCESS, empty_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    # All are past their imports; the line lets them go at the same time.
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, "")
    database = opened(empty_url)
    assert schema_revision(database) == HEAD
    ConversationLog(database).record(turn(0), seen=0)


def test_a_database_from_the_future_is_refused_and_left_alone(database: Database) -> None:
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NotReady) as refused:
        migrate(database)
    assert str(refused.value) == (
        "The database was changed by a newer version of tierzero (its tables are at 9999, this one knows "
        f"{HEAD}); install that version again, or restore a backup made before the update."
    )
    assert schema_revision(database) == "9999"


def test_a_migration_that_fails_leaves_no_half_made_tables(
    empty_url: str, opened: Callable[..., Database]
) -> None:
    database = opened(empty_url)
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE tickets (id INTEGER)")  # in the way of ours
    with pytest.raises(Exception, match=r"(?i)tickets|database"):
        migrate(database)
    assert schema_revision(database) is None
    with database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE tickets")
    migrate(database)
    assert schema_revision(database) == HEAD


def test_a_database_without_tables_says_what_to_do(empty_url: str, opened: Callable[..., Database]) -> None:
    database = opened(empty_url)
    for ask in (ConversationLog(database).ping, ArticleShelf(database).generation):
        with pytest.raises(StorageUnavailable, match="not set up yet; start tierzero once"):
            ask()
