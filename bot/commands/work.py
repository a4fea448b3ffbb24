"""`tierzero work`: fires timers and carries out what leaves the desk, until stopped; as many at once as one likes."""

import argparse
import signal
from types import FrameType

from bot.commands.shared import common, emit, services


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--once", action="store_true", help="do what is due now, and stop")
    common(parser)


def run(options: argparse.Namespace) -> int:
    """Works until interrupted or told to end; what it is at is finished first."""
    with services(options) as opened:
        work = opened.work
        if options.once:
            done = 0
            while more := work.once():
                done += more
            if options.json:
                emit({"done": done})
            else:
                print(f"{done} done; nothing else is due.")
            return 0

        def stop(number: int, frame: FrameType | None) -> None:
            work.stop()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        if not options.json:
            print("tierzero works; stop it with Ctrl-C", flush=True)
        work.run()
    return 0
