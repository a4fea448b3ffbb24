"""`tierzero experiment …`: two settings served side by side, started, watched and stopped."""

import argparse

from bot.commands.shared import common, emit, services
from bot.commands.user import BY
from bot.experimenting import Watched
from bot.experiments.experiment import Arm, Experiment


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    start = actions.add_parser("start", help="serve half of the new customers by another setting")
    start.add_argument("title", help="what it is to find out")
    start.add_argument("kind", help="budget or ranking")
    start.add_argument("setting", nargs="+", help="of arm B, such as 0.1, or lexical=0.25 late=1")
    common(start)
    common(actions.add_parser("list", help="list all experiments"))
    for name, what in (("show", "show both arms"), ("stop", "serve everybody alike again")):
        one = actions.add_parser(name, help=what)
        one.add_argument("id")
        common(one)


def run(options: argparse.Namespace) -> int:
    """Does one of them."""
    with services(options, reads_only=True) as opened:
        flow = opened.experimenting
        if options.action == "start":
            _tell([flow.start(options.title, options.kind, " ".join(options.setting), by=BY)], options.json)
        elif options.action == "list":
            _tell(list(flow.all()), options.json)
        elif options.action == "stop":
            flow.stop(options.id, by=BY)
            print("Stopped. Everybody is served alike from now on.")
        else:
            _show(flow.watched(options.id), options.json)
    return 0


def _tell(found: list[Experiment], as_json: bool) -> None:
    if as_json:
        emit({"experiments": found})
        return
    for one in found:
        state = "runs" if one.stopped_at is None else f"stopped {one.stopped_at.date()}"
        print(f"{one.id}  {one.started_at.date()}  {state}  {one.kind.value} {one.setting}  {one.title}")


def _show(found: Watched, as_json: bool) -> None:
    if as_json:
        emit({"watched": found, "verdicts": {line.name: line.verdict for line in found.lines}})
        return
    _tell([found.experiment], False)
    if found.problem:
        print(found.problem)
    print(f"conversations put into arm A {found.drawn[Arm.A]}, into arm B {found.drawn[Arm.B]}")
    for line in found.lines:
        print(
            f"  {line.title:50} A {line.a.count}/{line.a.of}  B {line.b.count}/{line.b.of}  "
            f"B - A within {100 * line.difference.low:+.1f} to {100 * line.difference.high:+.1f} points: {line.verdict}"
        )
