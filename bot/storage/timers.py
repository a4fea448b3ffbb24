"""Timers in the database: wanted with what causes them, claimed by one worker at a time, fired with their effect."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

import sqlalchemy as sa

from bot.desk.timers import Claimed, Kind, Timer, TimerGone
from bot.storage.engine import Database
from bot.storage.tables import timers

#: Kinds that follow from a ticket as it stands: those that it does not want any more are dropped.
_OF_TICKETS: Final = (Kind.WARN.value, Kind.BREACH.value, Kind.ESCALATE.value)
#: A timer that fails is tried again after a minute, then twice as long, up to this many minutes.
_LONGEST_WAIT: Final = 60

_OPEN: Final = timers.c.fired_at.is_(None)
_NEXT: Final = (
    sa.select(timers.c.id)
    .where(_OPEN, timers.c.due_at <= sa.bindparam("at"), timers.c.free_at <= sa.bindparam("at"))
    .order_by(timers.c.due_at, timers.c.id)
    .limit(1)
    # On PostgreSQL a row that another worker is about to claim is passed over; SQLite's writers take turns.
    .with_for_update(skip_locked=True)
    .scalar_subquery()
)
_CLAIM: Final = (
    sa.update(timers)
    .where(timers.c.id == _NEXT)
    .values(free_at=sa.bindparam("until"), tries=timers.c.tries + 1)
    .returning(*timers.c)
)
_FIRE: Final = (
    sa.update(timers)
    .where(timers.c.name == sa.bindparam("of_name"), _OPEN)
    .values(fired_at=sa.bindparam("at"), problem="")
)
_PUT_OFF: Final = (
    sa.update(timers)
    .where(timers.c.name == sa.bindparam("of_name"), _OPEN)
    .values(free_at=sa.bindparam("until"), problem=sa.bindparam("why"))
)
_DUE: Final = sa.select(sa.func.min(timers.c.due_at)).where(_OPEN)


def schedule(database: Database, connection: sa.Connection, wanted: Iterable[Timer]) -> None:
    """Adds timers inside the caller's transaction; one whose name is there already, fired or not, stays as it is."""
    rows = [timer_row(one) for one in wanted]
    if rows:
        connection.execute(database.insert(timers).on_conflict_do_nothing(index_elements=["name"]), rows)


def timer_row(timer: Timer) -> dict[str, Any]:
    """A timer as its table has it."""
    return {
        "name": timer.name,
        "kind": str(timer.kind),
        "subject": timer.subject,
        "due_at": timer.due_at,
        "detail": timer.detail,
        "free_at": timer.due_at,
        "tries": 0,
        "problem": "",
    }


def keep(database: Database, connection: sa.Connection, subject: str, wanted: Iterable[Timer]) -> None:
    """Makes the open timers that follow from a ticket just these, inside the caller's transaction."""
    kept = list(wanted)
    connection.execute(
        sa.delete(timers).where(
            timers.c.subject == subject,
            timers.c.kind.in_(_OF_TICKETS),
            timers.c.name.not_in([one.name for one in kept]),
            _OPEN,
        )
    )
    schedule(database, connection, kept)


def fire(connection: sa.Connection, timer: Timer, at: dt.datetime) -> None:
    """Marks a timer as fired inside the transaction of its effect. Raises `TimerGone`: then nothing may be stored."""
    if connection.execute(_FIRE, {"of_name": timer.name, "at": at}).rowcount != 1:
        raise TimerGone(timer.name)


class TimerLog:
    """Implements `bot.tickets.timekeeping.TimerStore`; methods raise `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def schedule(self, wanted: Iterable[Timer]) -> None:
        """Adds timers whose names are not there yet."""
        with self._database.writing() as connection:
            schedule(self._database, connection, wanted)

    def claim(self, at: dt.datetime, lease: dt.timedelta) -> Claimed | None:
        """The timer that is due first and that nobody has, for as long as the lease; None where nothing is due."""
        with self._database.writing() as connection:
            row = connection.execute(_CLAIM, {"at": at, "until": at + lease}).mappings().first()
        if row is None:
            return None
        timer = Timer(row["name"], row["kind"], row["subject"], row["due_at"], row["detail"])
        return Claimed(timer, row["tries"])

    def done(self, timer: Timer, at: dt.datetime) -> bool:
        """Marks a timer that stores nothing as fired; False where another worker did."""
        try:
            with self._database.writing() as connection:
                fire(connection, timer, at)
        except TimerGone:
            return False
        return True

    def put_off(self, claimed: Claimed, at: dt.datetime, problem: str) -> None:
        """Leaves a timer that failed for later; it stays due."""
        minutes = min(2 ** min(claimed.tries - 1, 10), _LONGEST_WAIT)
        values = {
            "of_name": claimed.timer.name,
            "until": at + dt.timedelta(minutes=minutes),
            "why": problem[:500],
        }
        with self._database.writing() as connection:
            connection.execute(_PUT_OFF, values)

    def next_due(self) -> dt.datetime | None:
        """When the next timer is due; None where there is none."""
        with self._database.reading() as connection:
            found: dt.datetime | None = connection.execute(_DUE).scalar()
        return found
