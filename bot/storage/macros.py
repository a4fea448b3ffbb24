"""The team's own text blocks in the database."""

from collections.abc import Sequence

import sqlalchemy as sa

from bot.desk.macros import Macro
from bot.people.audit import Note
from bot.storage import audit
from bot.storage.engine import Database, is_repeated
from bot.storage.tables import macros


class MacroLog:
    """Implements `bot.assist.macros.MacroStore`; methods raise `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> Sequence[Macro]:
        """All of them."""
        with self._database.reading() as connection:
            return [Macro(**row) for row in connection.execute(sa.select(macros)).mappings()]

    def keep(self, macro: Macro, note: Note) -> bool:
        """Stores a block; False where another version than the one before is there."""
        values = {
            "version": macro.version,
            "active": macro.active,
            "changed_by": macro.changed_by,
            "changed_at": macro.changed_at,
            "title": macro.title,
            "body": macro.body,
        }
        change = sa.update(macros).where(
            macros.c.name == macro.name,
            macros.c.language == macro.language,
            macros.c.version == macro.version - 1,
        )
        try:
            with self._database.writing(durable=True) as connection:
                if macro.version == 1:
                    row = {"name": macro.name, "language": macro.language, **values}
                    connection.execute(sa.insert(macros), row)
                elif connection.execute(change.values(**values)).rowcount != 1:
                    return False
                audit.append(self._database, connection, note)
        except sa.exc.IntegrityError as error:
            if not is_repeated(error):
                raise
            return False
        return True
