"""`tierzero audit list|verify`: what staff did, and whether the log of it is whole."""

import argparse

from bot.commands.shared import common, emit, services


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="list entries, newest first")
    listing.add_argument("--limit", type=int, default=50, help="how many (default: 50)")
    common(listing)
    verify = actions.add_parser("verify", help="check every entry against the one before it")
    verify.add_argument("--head", default="", help="a hash noted down before, which must be in the log")
    common(verify)


def run(options: argparse.Namespace) -> int:
    """Lists, or verifies; a broken log is exit code 1."""
    from bot.people.audit import verify

    with services(options) as opened:
        if options.action == "list":
            entries = list(opened.audit.newest(max(1, options.limit), None))
            if options.json:
                emit({"entries": entries})
            for entry in () if options.json else entries:
                more = " ".join(f"{key}={value}" for key, value in sorted(entry.note.detail.items()))
                when = f"{entry.note.at:%Y-%m-%d %H:%M:%S}"
                print(
                    f"{entry.number:6}  {when}  {entry.note.who}  {entry.note.what}  {entry.note.subject}  {more}"
                )
            return 0
        verdict = verify(opened.audit.entries(), options.head)
    whole = verdict.broken_at is None
    if options.json:
        emit(
            {
                "whole": whole,
                **{name: getattr(verdict, name) for name in ("entries", "head", "broken_at", "reason")},
            }
        )
    elif whole:
        print(f"The log is whole: {verdict.entries} entries. Note down its last hash: {verdict.head}")
    else:
        print(f"The log is broken. {verdict.reason} The {verdict.entries} entries before it are whole.")
    return 0 if whole else 1
