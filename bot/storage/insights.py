"""Questions about the records of counted conversations: by the hour, by what they can be filtered by, one by one."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from bot.insights.evidence import Behind, Cut
from bot.insights.overview import Choices
from bot.ledger.evidence import Line
from bot.ledger.filters import Filter
from bot.ledger.parts import Hour, part_of
from bot.ledger.records import Flag
from bot.storage.counted import conditions
from bot.storage.engine import Database
from bot.storage.tables import ledger_days, ledger_parts, ledger_records

_c, _p = ledger_records.c, ledger_parts.c
#: What a part can be chosen by, in the order of `Choices`.
_FILTERS: Final = ("language", "channel", "product", "tag")
#: The hours of a part in which nothing was asked.
_NOBODY: Final = "{}"
_HANDED_OFF: Final = int(Flag.HANDED_OFF)
_BEHIND: Final = (
    *(_c.conversation_id, _c.opened_at, _c.channel, _c.language, _c.product, _c.flags, _c.hand_off),
    *(_c.first_response, _c.resolution, _c.handled, _c.rated, _c.recommends, _c.solved_by),
)


class InsightLog:
    """Implements `bot.insights.overview.RecordStore` and `bot.insights.evidence.EvidenceStore`.

    Methods raise `StorageUnavailable` when nothing answers.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def hours(self, first: dt.date, last: dt.date, wanted: Filter) -> Mapping[int, Hour]:
        """Conversations by the hour of the week they were opened in."""
        part = part_of(wanted)
        if part is None:
            return self._recounted(first, last, wanted)
        found: dict[int, tuple[int, int]] = {}
        asked = sa.select(_p.hours).where(
            _p.name == part.name, _p.value == part.value, *_counted(first, last)
        )
        with self._database.reading() as connection:
            for stored in connection.execute(asked).scalars():
                for hour, (count, off) in json.loads(stored).items():
                    before = found.get(int(hour), (0, 0))
                    found[int(hour)] = (before[0] + count, before[1] + off)
        return {hour: Hour(*counts) for hour, counts in found.items()}

    def _recounted(self, first: dt.date, last: dt.date, wanted: Filter) -> Mapping[int, Hour]:
        handed_off = sa.func.sum(sa.case((_c.flags.bitwise_and(_HANDED_OFF) != 0, 1), else_=0))
        asked = (
            sa.select(_c.hour, sa.func.count(), handed_off)
            .where(_c.day.between(first, last), _c.flags != 0, *conditions(wanted))
            .group_by(_c.hour)
        )
        with self._database.reading() as connection:
            return {hour: Hour(count, int(off)) for hour, count, off in connection.execute(asked)}

    def choices(self, first: dt.date, last: dt.date) -> Choices:
        """What conversations of those days can be filtered by."""
        asked = sa.select(_p.name, _p.value).where(*_counted(first, last), _p.hours != _NOBODY).distinct()
        with self._database.reading() as connection:
            rows = connection.execute(asked).all()
        named = {name: sorted(value for of, value in rows if of == name) for name in _FILTERS}
        return Choices(*(tuple(named[name]) for name in _FILTERS))

    def behind(
        self, first: dt.date, last: dt.date, wanted: Filter, cut: Cut, most: int, skipped: int
    ) -> tuple[Sequence[Behind], int]:
        """Conversations behind a line, the newest or the longest first, and how many there are."""
        where = [_c.day.between(first, last), *conditions(wanted), *_of_line(cut.line), *_of_cut(cut)]
        order: list[sa.ColumnElement[Any]] = [_c.opened_at.desc(), _c.conversation_id]
        if cut.line.longest:
            field = _c[cut.line.known]
            order = [sa.case((field.is_(None), 0), else_=1), field.desc(), *order]
        with self._database.reading() as connection:
            total = connection.execute(sa.select(sa.func.count()).where(*where)).scalar_one()
            asked = sa.select(*_BEHIND).where(*where).order_by(*order).limit(most).offset(skipped)
            rows: Sequence[Any] = connection.execute(asked).all()
        return [Behind(*row) for row in rows], total

    def named(self, ids: Sequence[str]) -> Sequence[Behind]:
        """Some conversations, the newest first."""
        asked = sa.select(*_BEHIND).where(_c.conversation_id.in_(ids))
        with self._database.reading() as connection:
            rows: Sequence[Any] = connection.execute(
                asked.order_by(_c.opened_at.desc(), _c.conversation_id.desc())
            ).all()
        return [Behind(*row) for row in rows]

    def opened_on(self, day: dt.date) -> Sequence[str]:
        """Ids of the conversations of a counted day (UTC)."""
        with self._database.reading() as connection:
            return connection.execute(sa.select(_c.conversation_id).where(_c.day == day)).scalars().all()


def _counted(first: dt.date, last: dt.date) -> list[sa.ColumnElement[bool]]:
    """Parts of days whose counts are kept."""
    return [_p.day.between(first, last), _p.day.in_(sa.select(ledger_days.c.day))]


def _of_line(line: Line) -> list[sa.ColumnElement[bool]]:
    found = [_c.flags.bitwise_and(line.all_of) == line.all_of]
    if line.none_of:
        found.append(_c.flags.bitwise_and(line.none_of) == 0)
    if line.any_of:
        found.append(_c.flags.bitwise_and(line.any_of) != 0)
    if line.known and not line.longest:
        found.append(_c[line.known].is_not(None))
    if line.known == "handled":
        found.append(_c.handled.is_not(None))
    return found


def _of_cut(cut: Cut) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if cut.reason:
        found.append(_c.hand_off == cut.reason)
    if cut.agent:
        found.append(_c.solved_by == cut.agent)
    if cut.day is not None:
        found.append(_c.day == cut.day)
    if cut.hour is not None:
        found.append(_c.hour == cut.hour)
    if cut.article:
        # A list of strings as JSON: the name stands between its quotes.
        found.append(_c.articles.contains(cut.article_as_stored, autoescape=True))
    return found
