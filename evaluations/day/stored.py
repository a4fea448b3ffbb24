"""A database of the product in, its rows out as they lie there, read without any of the product's code."""

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Protocol
from urllib.parse import unquote

#: How SQLite is addressed; the path follows.
SQLITE: Final = "sqlite:///"


class Reading(Protocol):
    """Takes a query without values, gives rows."""

    def __call__(self, query: str) -> list[tuple[Any, ...]]:
        """The rows."""


@contextmanager
def reading(url: str) -> Iterator[Reading]:
    """Opens the database for reading; every query sees what is committed by then."""
    if url.startswith(SQLITE):
        lite = sqlite3.connect(f"file:{unquote(url.removeprefix(SQLITE))}?mode=ro", uri=True, timeout=30)
        try:
            yield lambda query: lite.execute(query).fetchall()
        finally:
            lite.close()
        return
    import psycopg

    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True) as post:
        yield lambda query: list(post.execute(query.encode()).fetchall())


def moment(value: str | dt.datetime) -> dt.datetime:
    """A stored time, aware; SQLite has it as text in UTC."""
    found = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.replace(tzinfo=dt.UTC) if found.tzinfo is None else found.astimezone(dt.UTC)
