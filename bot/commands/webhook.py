"""`tierzero webhook add|list|off|test`: keeps the addresses of other systems that are told of events."""

import argparse
from collections.abc import Sequence

from bot.commands.shared import common, emit, services
from bot.commands.user import BY
from bot.errors import BadRequest
from bot.outgoing.happenings import Kind
from bot.outgoing.subscriptions import Subscription


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="tell an address of events; prints its secret, this once")
    add.add_argument("url", help="such as https://crm.example/hooks")
    add.add_argument("--event", action="append", default=[], help="a kind of event; else all (repeatable)")
    add.add_argument("--internal", action="store_true", help="it is in your own network; plain http may do")
    add.add_argument("--personal", action="store_true", help="tell it customers' addresses and words too")
    common(add)
    common(actions.add_parser("list", help="list all of them"))
    off = actions.add_parser("off", help="tell it nothing any more")
    off.add_argument("id")
    common(off)
    test = actions.add_parser("test", help="send it a test event now")
    test.add_argument("id")
    common(test)


def run(options: argparse.Namespace) -> int:
    """Does one of them."""
    with services(options, reads_only=options.action != "add") as opened:
        webhooks = opened.webhooks
        if options.action == "list":
            _list(options, webhooks.all())
        elif options.action == "off":
            webhooks.off(options.id, by=BY)
            print("Off. What it has not had yet is dropped.")
        elif options.action == "test":
            webhooks.test(options.id)
            print("The test arrived.")
        else:
            made, secret = webhooks.add(
                options.url,
                _kinds(options.event),
                internal=options.internal,
                personal=options.personal,
                by=BY,
            )
            if options.json:
                emit({"id": made.id, "secret": secret})
            else:
                print(f"{made.id}\n{secret}\nGive the receiver this secret; it is not shown again.")
    return 0


def _list(options: argparse.Namespace, found: Sequence[Subscription]) -> None:
    shown = [
        {
            "id": one.id,
            "url": one.url,
            "events": sorted(one.kinds),
            "internal": one.internal,
            "personal": one.personal,
            "off_at": one.off_at,
        }
        for one in found
    ]
    if options.json:
        emit({"webhooks": shown})
        return
    if not found:
        print("Nobody is told of events yet.")
    for one in found:
        state = "off" if one.off_at else "on"
        print(f"{one.id}  {state:3} {one.url}  {' '.join(sorted(one.kinds)) or 'all events'}")


def _kinds(names: list[str]) -> list[Kind]:
    try:
        return [Kind(name) for name in names]
    except ValueError as exc:
        known = ", ".join(kind for kind in Kind if kind is not Kind.TEST)
        raise BadRequest(f"{exc}; the events are {known}.") from exc
