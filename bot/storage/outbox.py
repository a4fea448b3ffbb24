"""Effects in the database: stored with what caused them, claimed by one worker at a time, kept until they are done."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Final

import sqlalchemy as sa

from bot.outgoing.effects import Channel, Claimed, Effect, Kept, Standing
from bot.storage.engine import Database
from bot.storage.tables import outbox

_EARLIER: Final = outbox.alias("earlier")
_WAITING: Final = Standing.WAITING.value
_IS_DUE: Final = sa.and_(
    outbox.c.standing == _WAITING,
    outbox.c.due_at <= sa.bindparam("at", type_=outbox.c.due_at.type),
    sa.or_(
        outbox.c.leased_until.is_(None),
        outbox.c.leased_until <= sa.bindparam("at", type_=outbox.c.due_at.type),
    ),
    # Only the first of a lane: the next one must not overtake it, whatever it waits for.
    ~sa.exists().where(
        _EARLIER.c.lane == outbox.c.lane, _EARLIER.c.id < outbox.c.id, _EARLIER.c.standing == _WAITING
    ),
)
_ANY_DUE: Final = sa.select(outbox.c.id).where(_IS_DUE).limit(1)
# SQLite's writers take turns; on PostgreSQL a row that another worker is about to claim is passed over.
_DUE: Final = (
    sa.select(outbox.c.id)
    .where(_IS_DUE)
    .order_by(outbox.c.due_at, outbox.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
    .with_for_update(skip_locked=True)
    .cte("due")
)
_CLAIM: Final = (
    sa.update(outbox)
    .where(outbox.c.id.in_(sa.select(_DUE.c.id)))
    .values(leased_until=sa.bindparam("until", type_=outbox.c.due_at.type), attempts=outbox.c.attempts + 1)
    .returning(
        *(outbox.c[name] for name in ("id", "attempts", "key", "channel", "target", "lane", "reference")),
        outbox.c.payload,
        outbox.c.due_at,
    )
)
#: Says nothing where the lease has passed to another worker, which has the say then.
_MINE: Final = sa.and_(
    outbox.c.id == sa.bindparam("of_id"),
    outbox.c.attempts == sa.bindparam("tried"),
    outbox.c.standing == _WAITING,
)
_NEXT_DUE: Final = sa.select(sa.func.min(outbox.c.due_at)).where(outbox.c.standing == _WAITING)


def put(database: Database, connection: sa.Connection, effects: Iterable[Effect], at: dt.datetime) -> None:
    """Stores effects in the transaction of what causes them; one that is there already stays as it is."""
    rows = [_row(effect, at) for effect in effects]
    if rows:
        connection.execute(database.insert(outbox).on_conflict_do_nothing(index_elements=["key"]), rows)


class OutboxLog:
    """Implements `bot.outgoing.delivery.Outbox`; methods raise `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, effects: Iterable[Effect], at: dt.datetime) -> None:
        """Stores effects that nothing else in the database causes."""
        with self._database.writing() as connection:
            put(self._database, connection, effects, at)

    def claim(self, at: dt.datetime, until: dt.datetime, most: int) -> Sequence[Claimed]:
        """Due effects that nobody else has until the lease ends, those due longest first; of each lane the first."""
        with self._database.reading() as connection:
            if connection.execute(_ANY_DUE, {"at": at}).first() is None:
                return ()
        with self._database.writing() as connection:
            rows = connection.execute(_CLAIM, {"at": at, "until": until, "most": most}).mappings().all()
        found = [_claimed(row) for row in rows]
        return sorted(found, key=lambda one: (one.effect.due_at, one.id))

    def settle(self, claimed: Claimed, standing: Standing, problem: str = "") -> None:
        """Ends an effect."""
        self._change(claimed, standing=standing.value, problem=problem)

    def put_off(self, claimed: Claimed, due_at: dt.datetime, problem: str, *, untried: bool = False) -> None:
        """Leaves an effect for later; one that is `untried` was claimed and not begun, so this try does not count."""
        attempts = claimed.attempts - 1 if untried else claimed.attempts
        self._change(claimed, due_at=due_at, problem=problem, attempts=attempts)

    def list(self, standings: Iterable[Standing], most: int) -> Sequence[Kept]:
        """Effects that stand so, newest first."""
        query = (
            sa.select(*outbox.c)
            .where(outbox.c.standing.in_([one.value for one in standings]))
            .order_by(outbox.c.id.desc())
            .limit(most)
        )
        with self._database.reading() as connection:
            return [_kept(row) for row in connection.execute(query).mappings()]

    def counts(self) -> dict[Standing, int]:
        """How many effects stand how."""
        query = sa.select(outbox.c.standing, sa.func.count()).group_by(outbox.c.standing)
        with self._database.reading() as connection:
            return {Standing(name): count for name, count in connection.execute(query)}

    def revive(self, effect_id: int | None, at: dt.datetime) -> int:
        """Has one effect that was given up, or all of them, tried again from the start; returns how many."""
        which = outbox.c.standing == Standing.DEAD.value
        if effect_id is not None:
            which = sa.and_(which, outbox.c.id == effect_id)
        again = sa.update(outbox).where(which).values(standing=_WAITING, attempts=0, due_at=at)
        with self._database.writing() as connection:
            return connection.execute(again).rowcount

    def next_due(self) -> dt.datetime | None:
        """When the next effect is due; None where none waits."""
        with self._database.reading() as connection:
            return connection.execute(_NEXT_DUE).scalar()

    def prune(self, before: dt.datetime) -> int:
        """Removes what was ended before a time; what was given up stays until somebody looks at it."""
        old = sa.delete(outbox).where(
            outbox.c.standing.in_([Standing.DONE.value, Standing.VOID.value]), outbox.c.due_at < before
        )
        with self._database.writing() as connection:
            return connection.execute(old).rowcount

    def _change(self, claimed: Claimed, **values: Any) -> None:
        change = sa.update(outbox).where(_MINE).values(leased_until=None, **values)
        with self._database.writing() as connection:
            connection.execute(change, {"of_id": claimed.id, "tried": claimed.attempts})


def _row(effect: Effect, at: dt.datetime) -> dict[str, Any]:
    return {
        "key": effect.key,
        "channel": effect.channel.value,
        "target": effect.target,
        "lane": effect.lane,
        "reference": effect.reference,
        "standing": _WAITING,
        "attempts": 0,
        "created_at": at,
        "due_at": effect.due_at,
        "problem": "",
        "payload": effect.payload,
    }


def _claimed(row: sa.RowMapping) -> Claimed:
    effect = Effect(
        key=row["key"],
        channel=Channel(row["channel"]),
        target=row["target"],
        lane=row["lane"],
        reference=row["reference"],
        payload=row["payload"],
        due_at=row["due_at"],
    )
    return Claimed(row["id"], effect, row["attempts"])


def _kept(row: sa.RowMapping) -> Kept:
    return Kept(
        id=row["id"],
        channel=Channel(row["channel"]),
        target=row["target"],
        reference=row["reference"],
        standing=Standing(row["standing"]),
        attempts=row["attempts"],
        created_at=row["created_at"],
        due_at=row["due_at"],
        problem=row["problem"],
    )
