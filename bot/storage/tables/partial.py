"""Indexes over some rows of a table alone, declared without PostgreSQL's dialect, which a start on SQLite does without.

An index that is given `postgresql_where` imports that dialect at once: a twentieth of a second of each start.
"""

from typing import Any, Final

from sqlalchemy import Column, Index, MetaData, text

_WHERE: Final = "where"


def partial_index(name: str, *columns: str | Column[Any], where: str, unique: bool = False) -> Index:
    """An index over the rows that a condition holds for."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), info={_WHERE: where})


def tell_postgresql(metadata: MetaData) -> None:
    """Gives every such index its condition for PostgreSQL too; for whoever works on one."""
    for table in metadata.tables.values():
        for index in table.indexes:
            if where := index.info.get(_WHERE):
                index.dialect_options["postgresql"]["where"] = text(where)
