"""Brings a database's tables to the state this version of tierzero reads and writes."""

from pathlib import Path
from typing import Final

import sqlalchemy as sa

from bot.errors import NotReady
from bot.storage.engine import Database
from bot.storage.tables import metadata
from bot.storage.tables.partial import tell_postgresql

#: The newest migration. Known here without importing Alembic, so that a start with nothing to do stays fast.
HEAD: Final = "0062"


def migrate(database: Database) -> None:
    """Makes or changes the tables where needed, in one transaction; several processes may call it at once.

    Raises `NotReady` for a database that a newer version has changed, and `StorageUnavailable` when it does
    not answer.
    """
    if not database.sqlite:
        tell_postgresql(metadata)
    if schema_revision(database) == HEAD:
        return
    with database.migrating() as connection:
        _upgrade(connection)


def schema_revision(database: Database) -> str | None:
    """The newest migration a database has had; None for one without tables."""
    with database.reading() as connection:
        return _stored(connection)


def differences(database: Database) -> tuple[str, ...]:
    """What this version needs and the database lacks although its revision is this one's: `table` or `table.column`.

    A database made in the middle of a development may carry the number of a migration that was still changing.
    """
    with database.reading() as connection:
        inspector = sa.inspect(connection)
        there = {
            table: {column["name"] for column in inspector.get_columns(table)}
            for table in inspector.get_table_names()
        }
    lacking: list[str] = []
    for table in metadata.sorted_tables:
        if table.name not in there:
            lacking.append(table.name)
        else:
            lacking += [
                f"{table.name}.{one.name}" for one in table.columns if one.name not in there[table.name]
            ]
    return tuple(lacking)


def _stored(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command  # takes a fifth of a second, and most starts need none of it
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    # The configuration format gives % a meaning that a folder's name does not.
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    found = _stored(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise NotReady(
            f"The database was changed by a newer version of tierzero (its tables are at {found}, this one "
            f"knows {HEAD}); install that version again, or restore a backup made before the update."
        )
    command.upgrade(config, HEAD)
