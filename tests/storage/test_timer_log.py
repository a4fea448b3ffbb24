"""Timers on both databases: each fires once, with several workers at it and some of them killed."""

import datetime as dt
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.desk.timers import Timer, TimerGone
from bot.dialogue.conversation import State
from bot.storage.conversations import ConversationLog
from bot.storage.engine import Database
from bot.storage.tables import ticket_events, timers
from bot.storage.timers import TimerLog, fire, keep
from bot.tickets.timekeeping import Timekeeping
from tests.storage.samples import NOON, ticket, turn

ROOT = Path(__file__).parents[2]
MINUTE = dt.timedelta(minutes=1)


def timer(number: int, after: dt.timedelta = dt.timedelta(0), kind: str = "warn") -> Timer:
    return Timer(f"{kind}/TZ-1/{number}", kind, "TZ-1", NOON + after, str(number))


@pytest.fixture
def log(database: Database) -> TimerLog:
    return TimerLog(database)


def test_what_is_due_first_is_claimed_first_and_by_one(log: TimerLog) -> None:
    log.schedule([timer(1, 2 * MINUTE), timer(2, MINUTE), timer(3, 9 * MINUTE)])
    now = NOON + 5 * MINUTE
    found = [log.claim(now, MINUTE) for _ in range(3)]
    assert [one.timer.detail if one else None for one in found] == ["2", "1", None]
    again = log.claim(now + 2 * MINUTE, MINUTE)
    assert again is not None
    assert (again.timer.detail, again.tries) == ("2", 2)


def test_a_timer_is_scheduled_once_and_fires_once(log: TimerLog, database: Database) -> None:
    log.schedule([timer(1), timer(1, MINUTE)])
    assert log.done(timer(1), NOON)
    assert not log.done(timer(1), NOON)
    log.schedule([timer(1)])
    assert log.claim(NOON + MINUTE, MINUTE) is None
    with pytest.raises(TimerGone), database.writing() as connection:
        fire(connection, timer(1), NOON)


def test_timers_that_a_ticket_does_not_want_any_more_go_and_what_has_fired_stays(
    log: TimerLog, database: Database
) -> None:
    log.schedule([timer(1), timer(2), timer(3), timer(4, kind="route")])
    log.done(timer(2), NOON)
    with database.writing() as connection:
        keep(database, connection, "TZ-1", [timer(3), timer(2), timer(5)])
        names = connection.execute(sa.select(timers.c.detail).where(timers.c.fired_at.is_(None))).scalars()
        assert sorted(names) == ["3", "4", "5"]


def test_a_timer_that_fails_stays_due_and_holds_up_no_other(log: TimerLog) -> None:
    fired: list[str] = []

    def handler(one: Timer) -> None:
        if one.detail == "1" and len(fired) < 2:
            raise RuntimeError("broken inside")
        fired.append(one.detail)

    clock = [NOON]
    keeping = Timekeeping(log, {"warn": handler}, lambda: clock[0])
    log.schedule([timer(1), timer(2), timer(3), timer(4, kind="unknown")])
    assert keeping.run() == 4
    assert fired == ["2", "3"]
    assert keeping.run() == 0
    clock[0] += 2 * MINUTE
    keeping.run()
    assert fired == ["2", "3", "1"]


def test_several_workers_and_kills_fire_each_timer_once(url: str, database: Database) -> None:
    """The effect of a timer is a row; a second row for one timer, or none, would show here."""
    log, count = TimerLog(database), 120
    ConversationLog(database).record(turn(0, ticket=ticket("TZ-1"), state=State.WITH_PEOPLE), seen=0)
    log.schedule([timer(number) for number in range(count)])
    command = [sys.executable, "-m", "tests.storage.killed_worker", url]
    killed = [subprocess.Popen([*command, str(at)], cwd=ROOT) for at in (3, -7, 17)]
    for process in killed:
        assert process.wait(timeout=120) == -signal.SIGKILL
    finishing = [
        subprocess.Popen([*command, "0"], cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    shares = [json.loads(process.communicate(timeout=120)[0]) for process in finishing]
    assert [process.returncode for process in finishing] == [0, 0, 0]
    with database.reading() as connection:
        effects = (
            connection.execute(sa.select(ticket_events.c.after).where(ticket_events.c.what == "warned"))
            .scalars()
            .all()
        )
        left = connection.execute(
            sa.select(sa.func.count()).where(timers.c.fired_at.is_(None), timers.c.kind == "warn")
        ).scalar_one()
    assert sorted(map(int, effects)) == list(range(count))
    assert left == 0
    assert sum(shares) <= count
