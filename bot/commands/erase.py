"""`tierzero erase ADDRESS`: what is known of a customer, and on `--yes` no more of it, on the disk neither."""

import argparse
from typing import TYPE_CHECKING

from bot.commands.shared import common, emit, services

if TYPE_CHECKING:
    from bot.people.erasure import Erased, Traces

#: Exit code where something of them is left.
_LEFT = 1
#: Said of who erases on the command line, which knows no accounts.
_WHO = "command"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "who", nargs="?", help="the customer's email address, or the reference of one of their tickets"
    )
    what.add_argument(
        "--compact", action="store_true", help="only have the database give up the room of what was erased"
    )
    parser.add_argument(
        "--yes", action="store_true", help="erase it; without this it is only counted and nothing is changed"
    )
    common(parser)


def run(options: argparse.Namespace) -> int:
    """Counts, or erases; the exit code is 1 where something is left."""
    with services(options) as opened:
        if options.compact:
            opened.database.compact()
            return 0
        if not options.yes:
            traces = opened.erasure.found(options.who)
            if options.json:
                emit({"found": traces})
            else:
                print(f"{_counted(traces)}\nNothing was changed. Add --yes to erase all of it for good.")
            return 0
        done = opened.erasure.erase(options.who, _WHO)
    if options.json:
        emit(done)
    else:
        _tell(done)
    return 0 if done.compacted and not done.left else _LEFT


def _counted(traces: "Traces") -> str:
    of = f" ({', '.join(traces.tickets)})" if traces.tickets else ""
    lines = [
        f"{len(traces.conversations)} conversations with {traces.messages} messages, {traces.files} files, "
        f"{len(traces.tickets)} tickets{of}"
    ]
    if traces.unfinished:
        lines.append(f"Still open, to be solved or closed first: {', '.join(traces.unfinished)}")
    if traces.drafts:
        titles = "; ".join(traces.drafts)
        lines.append(
            f"Articles were drafted from these tickets, with personal data masked. Read them: {titles}"
        )
    return "\n".join(lines)


def _tell(done: "Erased") -> None:
    print(f"Erased: {_counted(done.traces)}")
    print(f"Gone from the disk: {done.files_gone} contents of files. Unlearned questions: {done.learned}")
    if not done.compacted:
        print(
            "The database was in use, so its files may still hold what was erased: run `tierzero erase --compact`."
        )
    for place, rows in done.left.items():
        print(
            f"The address still stands in {rows} rows of {place}, which are not this customer's: look at them."
        )
