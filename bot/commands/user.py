"""`tierzero user …`: keeps the team's accounts from the machine itself; this is where the first admin comes from."""

import argparse
import getpass
import sys

from bot.commands.shared import common, emit, services
from bot.composition import Services
from bot.errors import BadRequest
from bot.people.accounts import Account
from bot.people.roles import Role

#: Who the audit log names for what is done at the machine.
BY = "command"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="add an account; asks for its password")
    add.add_argument("email")
    add.add_argument(
        "--name", default="", help="what colleagues call them (default: the start of the address)"
    )
    add.add_argument("--role", default="agent", help="what they do: agent, senior, lead, … (default: agent)")
    how = add.add_mutually_exclusive_group()
    how.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    how.add_argument("--invite", action="store_true", help="print a link that sets the password instead")
    common(add)
    common(actions.add_parser("list", help="list all accounts"))
    for name, text in (
        ("role", "give another role"),
        ("on", "switch an account on"),
        ("off", "switch an account off and end its sessions"),
        ("password", "set a password; asks for it"),
        ("invite", "print a link that sets a new password"),
        ("phone-lost", "drop the one-time codes; the next sign-in sets up new ones"),
    ):
        one = actions.add_parser(name, help=text)
        one.add_argument("email")
        if name == "role":
            one.add_argument("role")
        if name == "password":
            one.add_argument("--password-stdin", action="store_true", help="read it from standard input")
        common(one)


def run(options: argparse.Namespace) -> int:
    """Does one of them."""
    with services(options) as opened:
        team = opened.team
        if options.action == "list":
            _list(list(team.accounts()), as_json=options.json)
            return 0
        if options.action == "add":
            return _add(options, opened)
        account = team.by_email(options.email)
        if options.action == "role":
            team.set_role(account.id, _role(options.role), by=BY)
        elif options.action in ("on", "off"):
            team.set_active(account.id, options.action == "on", by=BY)
        elif options.action == "password":
            team.set_password(account.id, _password(from_stdin=options.password_stdin), by=BY)
        elif options.action == "phone-lost":
            team.drop_second_factor(account.id, by=BY)
        else:
            invited = team.invite_again(account.id, by=BY)
            print(_link(opened.settings.public_url, invited.token))
            return 0
    print(f"Done: {account.email}.")
    return 0


def _add(options: argparse.Namespace, opened: Services) -> int:
    from bot.people import passwords

    role, name = _role(options.role), options.name or options.email.partition("@")[0]
    password = "" if options.invite else _password(from_stdin=options.password_stdin)
    if password:
        # Before there is an account: one without a password would be half a thing.
        passwords.check(password, email=options.email, name=name)
    invited = opened.team.add(options.email, name, role, by=BY)
    if password:
        opened.team.accept(invited.token, password)
        print(f"Added {invited.account.email} as {role}. Sign in at {opened.settings.public_url}/desk.")
    else:
        print(_link(opened.settings.public_url, invited.token))
    return 0


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError as exc:
        known = ", ".join(role for role in Role if role is not Role.CUSTOMER)
        raise BadRequest(f"There is no role {text!r}; the roles are {known}.") from exc


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise BadRequest("There is no terminal to type a password on; use --password-stdin or --invite.")
    password = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != password:
        raise BadRequest("The two are not the same. Nothing was changed.")
    return password


def _link(public_url: str, token: str) -> str:
    return f"{public_url or 'http://127.0.0.1:8000'}/desk/invitation?token={token}"


def _list(accounts: list[Account], *, as_json: bool) -> None:
    shown = [
        {
            "email": one.email,
            "name": one.name,
            "role": one.role.value,
            "active": one.active,
            "password": bool(one.password),
            "second_factor": bool(one.second_factor),
        }
        for one in accounts
    ]
    if as_json:
        emit({"accounts": shown})
        return
    if not shown:
        print("There is no account yet. Make the first: tierzero user add you@example.org --role admin")
    for one in shown:
        state = "on " if one["active"] else "off"
        codes = "one-time codes" if one["second_factor"] else "no one-time codes"
        print(f"{state}  {one['role']:11} {one['email']}  ({one['name']}; {codes})")
