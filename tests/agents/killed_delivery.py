"""A worker that carries out what the desk is to do, and kills itself before it can say that it has done so."""

import datetime as dt
import os
import random
import signal
import sys
from pathlib import Path

from bot.composition import Services
from bot.outgoing.delivery import Delivery
from bot.outgoing.effects import Channel, Claimed, Standing
from bot.randomness import Chance
from bot.settings import load
from bot.storage.outbox import OutboxLog
from bot.storage.tickets import TicketLog
from bot.tickets.aftermath import Aftermath


class Dying(OutboxLog):
    """An outbox in which nothing of the desk is ever marked as done."""

    def settle(self, claimed: Claimed, standing: Standing, problem: str = "") -> None:
        if claimed.effect.channel is Channel.DESK:
            os.kill(os.getpid(), signal.SIGKILL)
        super().settle(claimed, standing, problem)


class Silent:
    """Announces nothing."""

    def announce(self) -> int:
        return 0


def main(data: str, at: str) -> None:
    now = dt.datetime.fromisoformat(at)
    services = Services(load(data=Path(data)), chance=Chance(lambda: now, lambda: "killed", random.Random(1)))
    carriers = {Channel.DESK: Aftermath(services.hearing, TicketLog(services.database))}
    Delivery(Dying(services.database), carriers, services.chance, Silent()).run()


main(*sys.argv[1:])
