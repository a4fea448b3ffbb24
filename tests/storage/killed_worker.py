"""A worker whose timers each store one row; it kills itself in the middle of one, or ends when nothing is due."""

import datetime as dt
import json
import os
import signal
import sys

import sqlalchemy as sa

from bot.desk.timers import Timer, TimerGone
from bot.storage.engine import open_database
from bot.storage.tables import ticket_events
from bot.storage.timers import TimerLog, fire
from bot.tickets.timekeeping import Timekeeping
from tests.storage.samples import NOON


def main(url: str, kill_at: int) -> None:
    database = open_database(url)
    # Later by more than a lease for those that come after the killed: what they left behind is free by then.
    at = NOON + (dt.timedelta(minutes=1) if kill_at else dt.timedelta(minutes=10))
    fired = 0

    def handler(timer: Timer) -> None:
        nonlocal fired
        row = {
            "reference": "TZ-1",
            "at": at,
            "who": "clock",
            "what": "warned",
            "before": "",
            "after": timer.detail,
        }
        try:
            with database.writing() as connection:
                connection.execute(sa.insert(ticket_events), row)
                if fired + 1 == kill_at:
                    os.kill(os.getpid(), signal.SIGKILL)
                fire(connection, timer, at)
        except TimerGone:
            return
        fired += 1
        if -fired == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    keeping = Timekeeping(TimerLog(database), {"warn": handler}, lambda: at)
    while keeping.run():
        pass
    print(json.dumps(fired))


main(sys.argv[1], int(sys.argv[2]))
