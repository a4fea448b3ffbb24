"""`tierzero serve` by the clock of the day: the same command on the same services, with time as their parameter."""

import argparse
from pathlib import Path

from bot.commands import serve
from bot.composition import Services, real_chance
from bot.model import load_aside
from bot.settings import load
from evaluations.day.clock import DayClock


def main() -> int:
    """Serves until it is stopped or killed."""
    parser = argparse.ArgumentParser(prog="evaluations.day.server")
    serve.arguments(parser)
    parser.add_argument("--clock", type=Path, required=True, help="file of the clock")
    options = parser.parse_args()
    chance = DayClock(options.clock).chance(real_chance())
    settings = load(data=options.data)
    services = Services(settings, chance=chance, _loading=load_aside(settings))
    try:
        return serve.serve(options, services)
    finally:
        services.close()


if __name__ == "__main__":
    raise SystemExit(main())
