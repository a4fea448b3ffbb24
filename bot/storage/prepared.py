"""A statement that every turn runs: put together once, and on SQLite handed to the driver as it is.

SQLite answers within a few microseconds, so there what SQLAlchemy does around a statement is most of what it costs;
values still go in and come out as the types of their columns say. PostgreSQL is asked the usual way: its wire costs
more than that.
"""

import datetime as dt
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy import exc

from bot.storage.columns import LegalText, Moment, in_utc, legal

Values = Mapping[str, Any]
_Convert = Callable[[Any], Any]


class _Value(NamedTuple):
    """One value of a statement, at its place."""

    name: str
    given: bool
    """Whether whoever runs the statement gives it; else it is a constant of the statement."""
    constant: Any
    convert: _Convert | None


@dataclass(frozen=True, slots=True)
class _Text:
    """A statement as SQLite reads it."""

    sql: str
    values: tuple[_Value, ...]
    results: tuple[tuple[int, _Convert], ...]
    """Places of the columns that come out otherwise than SQLite has them."""

    def filled(self, values: Values) -> list[Any]:
        """The values in their places; raises `KeyError` for one that is missing."""
        placed = []
        for name, given, constant, convert in self.values:
            value = values[name] if given else constant
            placed.append(value if convert is None else convert(value))
        return placed

    def read(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """A row with the values of its columns' types."""
        columns = list(row)
        for place, convert in self.results:
            columns[place] = convert(columns[place])
        return tuple(columns)


class Prepared:
    """A SELECT, INSERT or UPDATE of fixed length. Raises what SQLAlchemy raises."""

    def __init__(self, statement: sa.Select[Any] | sa.Insert | sa.Update) -> None:
        self._statement = statement
        #: By the names of the values: an INSERT has the columns that are given.
        self._texts: dict[tuple[str, ...], _Text] = {}

    def all(self, connection: sa.Connection, values: Values) -> Sequence[Sequence[Any]]:
        """All rows of a SELECT."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self._statement, values).all()
        return self.read(_driver(connection), connection.dialect, values)

    def read(
        self, driver: sqlite3.Connection, dialect: sa.Dialect, values: Values
    ) -> Sequence[Sequence[Any]]:
        """All rows of a SELECT, on a connection of SQLite's driver."""
        text = self._text(dialect, values)
        rows = _sent(driver, dialect, text.sql, [text.filled(values)]).fetchall()
        return [text.read(row) for row in rows] if text.results else rows

    def run(self, connection: sa.Connection, *rows: Values) -> int:
        """Writes rows of the same columns; the number of rows that one UPDATE changed."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self._statement, rows if len(rows) > 1 else rows[0]).rowcount
        text, dialect = self._text(connection.dialect, rows[0]), connection.dialect
        return _sent(_driver(connection), dialect, text.sql, [text.filled(row) for row in rows]).rowcount

    def _text(self, dialect: sa.Dialect, values: Values) -> _Text:
        names = tuple(values)
        text = self._texts.get(names)
        if text is None:
            text = self._texts[names] = self._compiled(dialect, names)
        return text

    def _compiled(self, dialect: sa.Dialect, names: Sequence[str]) -> _Text:
        compiled = self._statement.compile(dialect=dialect, column_keys=list(names))
        if compiled.post_compile_params or compiled.insert_prefetch or compiled.update_prefetch:
            raise ValueError(f"A statement that is put together at each run cannot be prepared: {compiled}")
        places = [compiled.binds[name] for name in compiled.positiontup or ()]
        columns = enumerate(_columns(self._statement))
        results = [(place, _result(column.type, dialect)) for place, column in columns]
        return _Text(
            compiled.string,
            tuple(
                _Value(bind.key, bind.required or bind.key in names, bind.value, _bound(bind.type, dialect))
                for bind in places
            ),
            tuple((place, convert) for place, convert in results if convert is not None),
        )


def _columns(statement: sa.Select[Any] | sa.Insert | sa.Update) -> Sequence[sa.ColumnElement[Any]]:
    return list(statement.selected_columns) if isinstance(statement, sa.Select) else ()


def _bound(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> _Convert | None:
    if isinstance(kind, LegalText):
        # What SQLAlchemy calls around it does nothing more on SQLite, and a turn binds eighty texts.
        return _legal
    if isinstance(kind, Moment):
        return _moment
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _result(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> _Convert | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _legal(text: str | None) -> str | None:
    return legal(text) if text else text


def _moment(value: dt.datetime | None) -> str | None:
    """As SQLAlchemy writes it, which takes five times as long."""
    return None if value is None else in_utc(value).replace(tzinfo=None).isoformat(" ", "microseconds")


def _driver(connection: sa.Connection) -> sqlite3.Connection:
    return cast(sqlite3.Connection, connection.connection.driver_connection)


def _sent(
    driver: sqlite3.Connection, dialect: sa.Dialect, sql: str, rows: Sequence[Sequence[Any]]
) -> sqlite3.Cursor:
    try:
        return driver.execute(sql, rows[0]) if len(rows) == 1 else driver.executemany(sql, rows)
    except sqlite3.Error as error:
        # As SQLAlchemy raises it: without the values, which are what customers wrote.
        raise exc.DBAPIError.instance(
            sql, None, error, sqlite3.Error, hide_parameters=True, dialect=dialect
        ) from error
