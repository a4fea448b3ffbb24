"""`tierzero key …`: keeps the keys that programs sign in with."""

import argparse
import datetime as dt

from bot.commands.shared import common, emit, services
from bot.commands.user import BY
from bot.errors import BadRequest
from bot.people.accounts import ApiKey
from bot.people.roles import Permission


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="make a key and print it, this once")
    add.add_argument("name", help="what uses it")
    add.add_argument("scope", nargs="+", help="what it may do, such as suggestions:read")
    add.add_argument("--days", type=int, help="holds for so many days (default: until revoked)")
    common(add)
    common(actions.add_parser("list", help="list all keys"))
    revoke = actions.add_parser("revoke", help="end a key at once")
    revoke.add_argument("id")
    common(revoke)


def run(options: argparse.Namespace) -> int:
    """Does one of them."""
    with services(options) as opened:
        keys = opened.machine_keys
        if options.action == "list":
            _list(list(keys.all()), as_json=options.json)
            return 0
        if options.action == "revoke":
            keys.revoke(options.id, by=BY)
            print("Revoked.")
            return 0
        holds = dt.timedelta(days=options.days) if options.days else None
        key, secret = keys.add(options.name, _scopes(options.scope), by=BY, holds=holds)
    if options.json:
        emit({"id": key.id, "key": secret})
    else:
        print(secret)
    return 0


def _list(keys: list[ApiKey], *, as_json: bool) -> None:
    if as_json:
        shown = [
            {
                "id": key.id,
                "name": key.name,
                "scopes": sorted(key.scopes),
                "expires_at": key.expires_at,
                "revoked_at": key.revoked_at,
                "used_at": key.used_at,
            }
            for key in keys
        ]
        emit({"keys": shown})
        return
    if not keys:
        print("No program has a key yet.")
    for key in keys:
        state = "revoked" if key.revoked_at else "holds"
        print(f"{key.id}  {state:8} {key.name}: {' '.join(sorted(key.scopes))}")


def _scopes(names: list[str]) -> list[Permission]:
    try:
        return [Permission(name) for name in names]
    except ValueError as exc:
        raise BadRequest(f"{exc}; the scopes are {', '.join(Permission)}.") from exc
