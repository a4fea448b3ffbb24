"""`tierzero eval compare A B`: what changed from one saved run to another, and whether it may be chance."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from evaluations.commands.output import options_of_reading, prepare, say, write, write_json

if TYPE_CHECKING:
    from evaluations.comparison import Comparison, SetChange

HELP = "compare two saved runs query by query, with a paired test"
_PRINTED = 5
_WIDTH = 100


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument("first", help="a saved run: its id, the beginning of it, or a file")
    parser.add_argument("second", help="the run to compare it with")
    options_of_reading(parser)


def run(options: argparse.Namespace) -> int:
    """Compares; a difference, good or bad, is no failure."""
    from bot.settings import load
    from evaluations import runs
    from evaluations.comparison import compare
    from evaluations.report import comparison_report

    prepare(options)
    folder = runs.runs_folder(load(data=options.data).data)
    first, second = (runs.load(runs.find(name, folder)) for name in (options.first, options.second))
    found = compare(first, second)
    say(f"{first.id} -> {second.id}")
    for name, before, after in found.settings:
        say(f"{name}: {before} -> {after}")
    for note in found.notes:
        say(note)
    for change in found.sets:
        _print(change)
    write_json(options, _described(found))
    if options.html:
        write(options.html, comparison_report(found))
        say(f"The report is in {options.html}.")
    return 0


def _print(change: "SetChange") -> None:
    say(f"\n{change.first.title}: {change.paired} cases in both")
    for metric in change.metrics:
        difference = metric.difference
        say(
            f"  {metric.name:18} {metric.first:.3f} -> {metric.second:.3f}   {difference.value:+.3f} "
            f"({difference.low:+.3f} to {difference.high:+.3f})   p {difference.p:.4f}   {metric.verdict}"
        )
    say(f"  {change.first.primary} better in {change.better} cases, worse in {change.worse}")
    for note in change.notes:
        say(f"  {note}")
    for one in change.changed[:_PRINTED]:
        say(f"  {one.change:+.2f}  {' '.join(one.second.text.split())[:_WIDTH]}")
        say(f"         first:  {', '.join(one.first.got[:3]) or 'nothing'}")
        say(f"         second: {', '.join(one.second.got[:3]) or 'nothing'}")
        say(f"         wanted: {', '.join(one.second.wanted[:3]) or 'nothing'}")


def _described(found: "Comparison") -> dict[str, object]:
    return {
        "first": found.first.id,
        "second": found.second.id,
        "settings": [{"name": name, "first": one, "second": two} for name, one, two in found.settings],
        "notes": list(found.notes),
        "sets": [
            {
                "name": change.first.name,
                "variant": change.first.variant,
                "paired": change.paired,
                "better": change.better,
                "worse": change.worse,
                "notes": list(change.notes),
                "metrics": [
                    {"name": one.name, "first": one.first, "second": one.second, **asdict(one.difference)}
                    for one in change.metrics
                ],
                "changed": [
                    {
                        "id": one.first.id,
                        "text": one.second.text,
                        "change": one.change,
                        "wanted": one.second.wanted,
                        "first": one.first.got,
                        "second": one.second.got,
                    }
                    for one in change.changed
                ],
            }
            for change in found.sets
        ],
    }
