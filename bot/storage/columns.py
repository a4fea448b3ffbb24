"""Column types: text that both databases can hold, and moments in UTC."""

import datetime as dt
import re
from typing import Any

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

#: Stands where a stranger's text had a character that PostgreSQL's text or UTF-8 cannot hold.
REPLACEMENT = "\ufffd"

_ILLEGAL = re.compile("[\x00\ud800-\udfff]")


def legal(text: str) -> str:
    """`text` with NUL and lone surrogates replaced one for one by U+FFFD, so that offsets still hold."""
    if text.isascii() and "\x00" not in text:
        return text
    return _ILLEGAL.sub(REPLACEMENT, text)


class LegalText(TypeDecorator[str]):
    """Text made legal on its way in, stored or compared; sorted by code point on both databases."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Collation C on PostgreSQL: the order Python and SQLite have, and the cheapest index."""
        return Text(collation="C") if dialect.name == "postgresql" else Text()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Makes the value legal."""
        return None if value is None else legal(value)


def in_utc(moment: dt.datetime) -> dt.datetime:
    """The same moment in UTC; raises `ValueError` for a naive time, of which nobody could say which moment it means."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone; pass an aware time")
    return moment.astimezone(dt.UTC)


class Moment(TypeDecorator[dt.datetime]):
    """A point in time to the microsecond: aware going in, UTC in the database, aware UTC coming out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Refuses a naive time: nobody could say which moment it means."""
        return None if value is None else in_utc(value)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """SQLite gives the UTC time back naive, PostgreSQL in the session's zone."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)
