"""`tierzero outbox list|retry`: what leaves the desk, what was given up and why, and another try."""

import argparse

from bot.commands.shared import common, emit, services
from bot.outgoing.effects import Standing


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="list what waits and what was given up, newest first")
    listing.add_argument("--all", action="store_true", help="what is done as well")
    listing.add_argument("--limit", type=int, default=50, help="how many (default: 50)")
    common(listing)
    retry = actions.add_parser("retry", help="try again what was given up")
    retry.add_argument("id", nargs="?", type=int, help="one of them (default: all)")
    common(retry)


def run(options: argparse.Namespace) -> int:
    """Does one of them."""
    with services(options, reads_only=True) as opened:
        if options.action == "retry":
            count = opened.try_again(options.id)
            emit({"retried": count}) if options.json else print(f"{count} will be tried again.")
            return 0
        wanted = tuple(Standing) if options.all else (Standing.WAITING, Standing.DEAD)
        found = list(opened.outbox.list(wanted, max(1, options.limit)))
    if options.json:
        emit({"effects": found})
        return 0
    if not found:
        print("Nothing waits, and nothing was given up.")
    for one in found:
        when = f"{one.due_at:%Y-%m-%d %H:%M}"
        what = f"{one.channel} {one.target} {one.reference}"
        print(
            f"{one.id:6} {one.standing:8} {what}  tries: {one.attempts}  due: {when}  {one.problem}".rstrip()
        )
    return 0
