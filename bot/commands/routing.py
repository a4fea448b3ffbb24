"""`tierzero routing train`: learns what tickets are about from the team's own solved tickets."""

import argparse

from bot.commands.shared import common, emit, services


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("action", choices=["train"], help="learn categories from solved tickets")
    common(parser)


def run(options: argparse.Namespace) -> int:
    """Learns and keeps the model; workers go by it from the next ticket on. Raises `BadRequest` for too few tickets."""
    with services(options) as opened:
        model = opened.categories.train()
    if options.json:
        emit({"learned_from": model.learned_from, "categories": list(model.categories)})
    else:
        names = ", ".join(model.categories)
        print(f"Learned from {model.learned_from} solved tickets: {names}.")
    return 0
