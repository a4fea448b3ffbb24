"""Questions about the records of counted conversations: by the hour, by what they can be filtered by, one by one."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from bot.insights import Behind, Choices, Cut, Hour
from bot.ledger.evidence import Line
from bot.ledger.filters import Filter
from bot.ledger.records import Flag
from bot.storage.counted import conditions
from bot.storage.engine import Database
from bot.storage.tables import ledger_records

_c = ledger_records.c
_HANDED_OFF: Final = int(Flag.HANDED_OFF)
_BEHIND: Final = (
    *(_c.conversation_id, _c.opened_at, _c.channel, _c.language, _c.product, _c.flags, _c.hand_off),
    *(_c.first_response, _c.resolution, _c.handled, _c.rated, _c.recommends, _c.solved_by),
)


class InsightLog:
    """Implements `bot.insights.RecordStore`; methods raise `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def hours(self, first: dt.date, last: dt.date, wanted: Filter) -> Mapping[int, Hour]:
        """Conversations by the hour of the week they were opened in."""
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
        columns = (_c.language, _c.channel, _c.product, _c.tags)
        asked = sa.select(*columns).where(_c.day.between(first, last), _c.flags != 0).distinct()
        with self._database.reading() as connection:
            rows = connection.execute(asked).all()
        languages, channels, products, tags = ({row[place] for row in rows} for place in range(4))
        every = {tag for stored in tags for tag in stored.split()}
        return Choices(*(tuple(sorted(one - {""})) for one in (languages, channels, products, every)))

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

    def opened_on(self, day: dt.date) -> Sequence[str]:
        """Ids of the conversations of a counted day (UTC)."""
        with self._database.reading() as connection:
            return connection.execute(sa.select(_c.conversation_id).where(_c.day == day)).scalars().all()


def _of_line(line: Line) -> list[sa.ColumnElement[bool]]:
    found = [_c.flags.bitwise_and(line.all_of) == line.all_of]
    if line.none_of:
        found.append(_c.flags.bitwise_and(line.none_of) == 0)
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
