"""`tierzero learned list|forget`: questions that customers confirmed or agents linked, and taking them back."""

import argparse

from bot.commands.shared import common, emit, services
from bot.dialogue.learned import State
from bot.knowledge.provenance import Entry

#: Said of who forgets something on the command line, which knows no accounts.
_WHO = "command line"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions", required=True)
    listing = actions.add_parser("list", help="show what was learned, who said so, and whether it holds")
    listing.add_argument(
        "--state",
        choices=[state.value for state in State],
        default="",
        help="only these; to_confirm are those whose article has changed since",
    )
    common(listing)
    forgetting = actions.add_parser(
        "forget", help="take back a learned question; it stays listed as forgotten"
    )
    what = forgetting.add_mutually_exclusive_group(required=True)
    what.add_argument("id", nargs="?", type=int, help="its number in the list")
    what.add_argument("--article", metavar="ID", help="all that leads to this article, in every language")
    common(forgetting)


def run(options: argparse.Namespace) -> int:
    """Lists or forgets; what is not there is an error."""
    with services(options) as opened:
        learning = opened.learning
        if options.action == "list":
            entries = learning.listing()
            _list([one for one in entries if options.state in ("", one.state.value)], as_json=options.json)
            return 0
        if options.article is not None:
            forgotten = learning.forget_article(options.article, _WHO)
        else:
            learning.forget(options.id, _WHO)
            forgotten = 1
    if options.json:
        emit({"forgotten": forgotten})
    else:
        print(f"Forgotten: {forgotten}. An agent's link brings one back.")
    return 0


def _list(entries: list[Entry], *, as_json: bool) -> None:
    if as_json:
        emit({"learned": entries})
        return
    if not entries:
        print("Nothing like that was learned yet.")
    for one in entries:
        pair = one.question.pair
        section = f"#{pair.anchor}" if pair.anchor else ""
        print(f"{one.question.id:6}  {one.state.value:10}  {one.worth:+5g}  {pair.key}{section}  {pair.text}")
        for event in one.question.events:
            print(f"        {event.at:%Y-%m-%d %H:%M}  {event.what.value}  {event.source}")
