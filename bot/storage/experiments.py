"""Experiments, and what became of the conversations in their arms, in the database."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from bot.experiments.comparison import Settled
from bot.experiments.experiment import Arm, Experiment, Kind
from bot.experiments.trial import Trial
from bot.ledger.facts import FactKind
from bot.ledger.records import Flag
from bot.ledger.stories import WINDOW
from bot.people.audit import Note
from bot.storage import audit, trials
from bot.storage.engine import Database, is_repeated
from bot.storage.tables import experiments, facts, ledger_days, ledger_records

#: What stands in the slot of the one that runs.
_RUNS: Final = 1
_ALL = sa.select(*(one for one in experiments.c if one.name != "slot")).order_by(
    experiments.c.started_at.desc(), experiments.c.id
)
_RUNNING = _ALL.where(experiments.c.slot == _RUNS)
_STOP = (
    sa.update(experiments)
    .where(experiments.c.id == sa.bindparam("of_id"), experiments.c.slot == _RUNS)
    .values(stopped_at=sa.bindparam("at"), stopped_by=sa.bindparam("by"), slot=None)
)
_f, _r = facts.c, ledger_records.c
#: A literal, so that the index of these facts alone is used.
_IN_ARM = sa.and_(
    _f.kind == sa.literal_column(f"'{FactKind.IN_ARM.value}'"),
    _f.reason.in_([sa.bindparam("a"), sa.bindparam("b")]),
)
_DRAWN = sa.select(_f.reason, sa.func.count()).where(_IN_ARM).group_by(_f.reason)
#: The first conversation of each customer that counts: more of one customer are no more draws of the coin.
_PER_CUSTOMER = (
    sa.select(
        _f.reason,
        _f.conversation_id,
        _r.opened_at,
        _r.flags,
        sa.func.row_number()
        .over(
            partition_by=sa.case((_f.marks == "", _f.conversation_id), else_=_f.marks),
            order_by=(_r.opened_at, _f.conversation_id),
        )
        .label("place"),
    )
    .join_from(facts, ledger_records, _r.conversation_id == _f.conversation_id)
    .join(ledger_days, ledger_days.c.day == _r.day)
    .where(_IN_ARM, _r.flags != 0)
)
_d = facts.alias("differed").c
_DIFFERED_IN = sa.and_(
    _d.kind == sa.literal_column(f"'{FactKind.ARMS_DIFFERED.value}'"),
    _d.reason.in_([sa.bindparam("a"), sa.bindparam("b")]),
)
_DIFFERED = (
    sa.select(_d.reason, sa.func.count(_d.conversation_id.distinct())).where(_DIFFERED_IN).group_by(_d.reason)
)
#: The mark that decided the arm stands with the fact of the arm, so that one customer counts once here too.
_IF_DIFFERED = _PER_CUSTOMER.where(_f.conversation_id.in_(sa.select(_d.conversation_id).where(_DIFFERED_IN)))


def _settled(of: sa.Select[Any]) -> tuple[sa.Select[Any], sa.Select[Any]]:
    """The first conversation of each customer, and when an answer did not help in one."""
    counted = of.subquery("counted").c
    first = counted.place == 1
    settled = (
        sa.select(counted.reason, counted.conversation_id, counted.opened_at, counted.flags)
        .where(first)
        .order_by(counted.opened_at, counted.conversation_id)
    )
    not_helped = (
        sa.select(_f.conversation_id, sa.func.min(_f.at))
        .where(
            _f.kind == FactKind.NOT_HELPFUL.value,
            _f.conversation_id.in_(sa.select(counted.conversation_id).where(first)),
        )
        .group_by(_f.conversation_id)
    )
    return settled, not_helped


_SETTLED, _SETTLED_IF_DIFFERED = _settled(_PER_CUSTOMER), _settled(_IF_DIFFERED)


class ExperimentLog:
    """Implements `bot.experimenting.arms.Running` and `bot.experimenting.running.ExperimentStore`.

    Methods raise `StorageUnavailable` when nothing answers.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def running(self) -> Experiment | None:
        """The one that runs."""
        with self._database.reading() as connection:
            row = connection.execute(_RUNNING).mappings().first()
        return _experiment(row) if row else None

    def all(self) -> Sequence[Experiment]:
        """The newest first."""
        with self._database.reading() as connection:
            return [_experiment(row) for row in connection.execute(_ALL).mappings()]

    def start(self, experiment: Experiment, note: Note, trial: Trial | None = None) -> bool:
        """Keeps it with the text that it tries; False where another one runs."""
        row: dict[str, Any] = {
            one.name: getattr(experiment, one.name)
            for one in experiments.c
            if one.name not in ("kind", "slot")
        }
        try:
            with self._database.writing(durable=True) as connection:
                kind = experiment.kind.value
                connection.execute(sa.insert(experiments), {**row, "kind": kind, "slot": _RUNS})
                if trial is not None:
                    trials.keep(connection, trial)
                audit.append(self._database, connection, note)
        except sa.exc.IntegrityError as exc:
            if is_repeated(exc):
                return False
            raise
        return True

    def stop(self, experiment_id: str, at: dt.datetime, by: str, note: Note) -> bool:
        """False where it does not run."""
        with self._database.writing(durable=True) as connection:
            if connection.execute(_STOP, {"of_id": experiment_id, "at": at, "by": by}).rowcount != 1:
                return False
            audit.append(self._database, connection, note)
        return True

    def drawn(self, experiment: Experiment) -> dict[Arm, int]:
        """How many conversations were put into each arm, counted yet or not."""
        return self._by_arm(experiment, _DRAWN)

    def differed(self, experiment: Experiment) -> dict[Arm, int]:
        """To how many of them the other arm would have said something else, where that is compared."""
        return self._by_arm(experiment, _DIFFERED)

    def _by_arm(self, experiment: Experiment, counted: sa.Select[Any]) -> dict[Arm, int]:
        with self._database.reading() as connection:
            found: dict[str, int] = {}
            for label, count in connection.execute(counted, _labels(experiment)):
                found[label] = count
        return {arm: found.get(experiment.label(arm), 0) for arm in Arm}

    def settled(self, experiment: Experiment) -> Sequence[Settled]:
        """Those whose window has closed and that count, one a customer, in the order in which they were opened.

        Where another text of an article is tried, those alone to which the other arm would have said something else.
        """
        labels = _labels(experiment)
        settled, helped_not = _SETTLED_IF_DIFFERED if experiment.kind is Kind.ARTICLE else _SETTLED
        with self._database.reading() as connection:
            rows = connection.execute(settled, labels).all()
            said_no = connection.execute(helped_not, labels).all()
        not_helped: dict[str, dt.datetime] = {row[0]: row[1] for row in said_no}
        return [
            Settled(
                Arm.B if reason == labels["b"] else Arm.A,
                bool(flags & Flag.SURELY_DEFLECTED),
                bool(flags & Flag.AT_MOST_DEFLECTED),
                bool(flags & Flag.HANDED_OFF),
                name in not_helped and not_helped[name] <= opened_at + WINDOW,
                name,
            )
            for reason, name, opened_at, flags in rows
        ]


def _labels(experiment: Experiment) -> dict[str, str]:
    return {arm.value: experiment.label(arm) for arm in Arm}


def _experiment(row: sa.RowMapping) -> Experiment:
    values: dict[str, Any] = dict(row)
    return Experiment(**{**values, "kind": Kind(row["kind"])})
