"""What was counted of closed days, in the database: counts of whole days, and a record of each conversation."""

import datetime as dt
import json
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

import sqlalchemy as sa

from bot.desk.calendars import Calendar
from bot.ledger.definitions import DEFINITIONS
from bot.ledger.filters import Filter
from bot.ledger.hours import Hours
from bot.ledger.parts import WHOLE, Counted, Part, part_of, parts
from bot.ledger.records import Flag, Record
from bot.ledger.tally import FAILED, JUDGED, Tally, in_order, shares, tally
from bot.storage import codec
from bot.storage.engine import Database
from bot.storage.tables import ledger_days, ledger_parts, ledger_records

_records, _parts = ledger_records.c, ledger_parts.c
_DAYS = sa.select(ledger_days.c.day, ledger_days.c.counts)
_KNOWN = sa.select(ledger_days.c.day)
_DROP_RECORDS = sa.delete(ledger_records)
_DROP_PARTS = sa.delete(ledger_parts)
_WAITS: Final = (_records.first_response, _records.resolution, _records.handled)
#: Room for the digest of the business hours beside the number of the definitions, in a column of 32 bits.
_CALENDARS: Final = 1_000_000


def drop_days(connection: sa.Connection, first: dt.date, last: dt.date) -> None:
    """Forgets the counts of some days, so that they are made anew; their records are replaced then."""
    connection.execute(sa.delete(ledger_days).where(ledger_days.c.day.between(first, last)))


class CountedLog:
    """Implements `bot.ledger.ports.CountedStore`; methods raise `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database, hours: Hours | None = None) -> None:
        """Counts that were made by other definitions or business hours than these are taken for none."""
        self._database = database
        self._made_by = _made_by((hours or Hours()).calendar)

    def days(self, first: dt.date, last: dt.date) -> Mapping[dt.date, Tally]:
        """Counts that are kept of the days from `first` to `last`."""
        with self._database.reading() as connection:
            rows = connection.execute(_DAYS.where(*self._these(first, last))).all()
        return {day: _tally(stored) for day, stored in rows}

    def known(self, first: dt.date, last: dt.date) -> frozenset[dt.date]:
        """The days of which counts are kept."""
        with self._database.reading() as connection:
            return frozenset(connection.execute(_KNOWN.where(*self._these(first, last))).scalars())

    def keep(self, day: dt.date, of: Sequence[Record]) -> None:
        """Keeps a day; another process may have done so meanwhile, with the same outcome."""
        counted = {"day": day, "definitions": self._made_by, "counts": json.dumps(_plain(tally(of)))}
        keep = self._database.insert(ledger_days)
        replaced = {name: keep.excluded[name] for name in ("definitions", "counts")}
        part = self._database.insert(ledger_parts).on_conflict_do_nothing()
        row = self._database.insert(ledger_records)
        # A conversation is in one day alone; who counted it a moment ago wrote the same.
        renewed = {column.name: row.excluded[column.name] for column in ledger_records.c}
        with self._database.writing() as connection:
            connection.execute(_DROP_RECORDS.where(_records.day == day))
            connection.execute(_DROP_PARTS.where(_parts.day == day))
            if of:
                connection.execute(part, [_part_row(day, *one) for one in parts(of).items()])
                rows = [_row(one, day) for one in of]
                connection.execute(
                    row.on_conflict_do_update(index_elements=["conversation_id"], set_=renewed), rows
                )
            connection.execute(keep.on_conflict_do_update(index_elements=["day"], set_=replaced), counted)

    def filtered(self, first: dt.date, last: dt.date, wanted: Filter) -> Mapping[dt.date, Tally]:
        """Counts of the conversations that a filter asks for, by day.

        Those of a part are kept; of more at once the database counts the records, and groups, so that few rows come.
        """
        part = part_of(wanted)
        if part is not None and part.name != WHOLE:
            return self._of_part(first, last, part)
        return self.recounted(first, last, wanted)

    def recounted(self, first: dt.date, last: dt.date, wanted: Filter) -> Mapping[dt.date, Tally]:
        """The same, always from the records."""
        where = [_records.day.between(first, last), *conditions(wanted)]
        with self._database.reading() as connection:
            return _Grouped(connection, where).tallies()

    def _of_part(self, first: dt.date, last: dt.date, part: Part) -> Mapping[dt.date, Tally]:
        asked = (
            sa.select(_parts.day, _parts.counts)
            .join_from(ledger_parts, ledger_days, ledger_days.c.day == _parts.day)
            .where(_parts.name == part.name, _parts.value == part.value, *self._these(first, last))
        )
        with self._database.reading() as connection:
            rows = connection.execute(asked).all()
        return {day: _tally(stored) for day, stored in rows}

    def _these(self, first: dt.date, last: dt.date) -> tuple[sa.ColumnElement[bool], ...]:
        return (ledger_days.c.day.between(first, last), ledger_days.c.definitions == self._made_by)


def conditions(wanted: Filter) -> list[sa.ColumnElement[bool]]:
    """A filter as conditions on records."""
    exact = (("language", wanted.language), ("channel", wanted.channel), ("product", wanted.product))
    found: list[sa.ColumnElement[bool]] = [_records[name] == value for name, value in exact if value]
    if wanted.tag:
        found.append(_records.tags.contains(f" {wanted.tag} ", autoescape=True))
    return found


class _Grouped:
    """Counts of some records by day, one question to the database for each kind of count."""

    def __init__(self, connection: sa.Connection, where: Sequence[sa.ColumnElement[bool]]) -> None:
        self._connection = connection
        self._where = where

    def tallies(self) -> dict[dt.date, Tally]:
        """All of them."""
        by_flags: dict[dt.date, Counter[int]] = {}
        for day, flags, count in self._counted(_records.flags):
            by_flags.setdefault(day, Counter())[flags] = count
        always = sa.true()
        parts: dict[str, Mapping[dt.date, Any]] = {
            "reasons": self._named(_records.hand_off, _records.hand_off != ""),
            "channels": self._named(_records.channel, always),
            "languages": self._named(_records.language, always),
            "ratings": self._named(_records.rated, _records.rated.is_not(None)),
            "recommendations": self._named(_records.recommends, _records.recommends.is_not(None)),
            "agents": self._named(_records.solved_by, _records.solved_by != ""),
            **self._articles(),
            **self._waits(),
        }
        found = {}
        for day, counted in by_flags.items():
            known: dict[str, Any] = {name: days[day] for name, days in parts.items() if day in days}
            numbers: dict[str, Any] = {"small_talk": counted.pop(0, 0), **shares(counted)}
            found[day] = Tally(**numbers, escalations=_judged(counted), **known)
        return found

    def _counted(
        self, *by: sa.ColumnElement[Any], only: Sequence[sa.ColumnElement[bool]] = ()
    ) -> Sequence[Any]:
        columns = (_records.day, *by)
        asked = sa.select(*columns, sa.func.count()).where(*self._where, *only).group_by(*columns)
        return self._connection.execute(asked).all()

    def _named(
        self, by: sa.ColumnElement[Any], only: sa.ColumnElement[bool]
    ) -> Mapping[dt.date, Mapping[str, int]]:
        found: dict[dt.date, dict[str, int]] = {}
        for day, name, count in self._counted(by, only=[only, _records.flags != 0]):
            found.setdefault(day, {})[str(name)] = count
        return found

    def _articles(self) -> Mapping[str, Mapping[dt.date, Mapping[str, int]]]:
        found: dict[str, dict[dt.date, Counter[str]]] = {
            name: {} for name in ("articles", "articles_confirmed", "articles_failed")
        }
        rows = self._counted(
            _records.articles, _records.flags, only=[_records.articles != "", _records.flags != 0]
        )
        for day, stored, flags, count in rows:
            which = ["articles"]
            which += ["articles_confirmed"] if flags & Flag.SURELY_DEFLECTED else []
            which += ["articles_failed"] if flags & FAILED else []
            for article in codec.strings_from_json(stored):
                for name in which:
                    found[name].setdefault(day, Counter())[article] += count
        return found

    def _waits(self) -> Mapping[str, Mapping[dt.date, tuple[float | None, ...]]]:
        with_people = _records.flags.bitwise_and(int(Flag.WITH_PEOPLE)) != 0
        rows = self._connection.execute(sa.select(_records.day, *_WAITS).where(*self._where, with_people))
        found: dict[str, dict[dt.date, list[float | None]]] = {
            name: {} for name in ("first_responses", "resolutions", "handled")
        }
        for day, first, last, handled in rows:
            found["first_responses"].setdefault(day, []).append(first)
            found["resolutions"].setdefault(day, []).append(last)
            if handled is not None:
                found["handled"].setdefault(day, []).append(handled)
        return {name: {day: in_order(waits) for day, waits in days.items()} for name, days in found.items()}


def _judged(counted: Mapping[int, int]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for flags, count in counted.items():
        found.update({name: count for flag, name in JUDGED if flags & flag})
    return dict(found)


def _made_by(calendar: Calendar) -> int:
    """A number for the definitions and the business hours together."""
    week = sorted((day, repr(periods)) for day, periods in calendar.week.items())
    told = f"{calendar.zone} {week} {sorted(calendar.holidays)}"
    return DEFINITIONS * _CALENDARS + zlib.crc32(told.encode()) % _CALENDARS


def _row(one: Record, day: dt.date) -> dict[str, Any]:
    plain = {column.name: getattr(one, column.name, None) for column in ledger_records.c}
    return plain | {
        "day": day,
        "tags": f" {' '.join(one.tags)} " if one.tags else "",
        "articles": codec.strings_to_json(one.articles) if one.articles else "",
    }


def _part_row(day: dt.date, part: Part, counted: Counted) -> dict[str, Any]:
    # The whole day's counts are kept with the day.
    plain = {} if part.name == WHOLE else {name: one for name, one in _plain(counted.tally).items() if one}
    opened = {hour: (one.conversations, one.handed_off) for hour, one in counted.hours.items()}
    return {
        "day": day,
        "name": part.name,
        "value": part.value,
        "hours": json.dumps(opened),
        "counts": json.dumps(plain),
    }


def _plain(counted: Tally) -> dict[str, Any]:
    return {one.name: getattr(counted, one.name) for one in fields(counted)}


def _tally(stored: str) -> Tally:
    counted: dict[str, Any] = json.loads(stored)
    for name in ("first_responses", "resolutions", "handled"):
        counted[name] = tuple(counted.get(name, ()))
    return Tally(**counted)
