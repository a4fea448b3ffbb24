"""`tierzero eval import …`: makes cases of logged conversation turns, with personal data masked."""

import argparse
import datetime as dt
from pathlib import Path

from evaluations.commands.output import options_of_figures, prepare, say, write_json

HELP = "make cases of logged conversation turns, with personal data masked"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "message", nargs="?", metavar="MESSAGE_ID", help="the turn with this message or answer"
    )
    which.add_argument(
        "--conversation", metavar="ID", help="all turns of a conversation that asked something"
    )
    which.add_argument("--feedback", choices=("helpful", "not-helpful"), help="all turns judged so")
    parser.add_argument(
        "--since", type=_date, metavar="DATE", help="only feedback given since, such as 2026-03-01"
    )
    parser.add_argument(
        "--to",
        type=Path,
        required=True,
        metavar="DIR",
        help="folder for the cases: a new one, or one made by an earlier import",
    )
    parser.add_argument(
        "--article", default="", metavar="ID", help="the article that answers, where you know it"
    )
    parser.add_argument(
        "--locale", default="", help="language of a new folder (default: that of the first turn)"
    )
    parser.add_argument("--data", type=Path, help="data folder (default: $TIERZERO_DATA, else ./var)")
    options_of_figures(parser)


def _date(text: str) -> dt.datetime:
    try:
        return dt.datetime.combine(dt.date.fromisoformat(text), dt.time(), dt.UTC)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-03-01") from exc


def run(options: argparse.Namespace) -> int:
    """Imports, and says what a specialist has to do."""
    from bot.composition import Services
    from bot.settings import load
    from evaluations.case_import import Selection, import_cases
    from evaluations.errors import EvaluationError

    prepare(options)
    if options.since is not None and options.feedback is None:
        raise EvaluationError("--since goes with --feedback.")
    services = Services(load(data=options.data), tell=say)
    try:
        imported = import_cases(
            services,
            Selection(
                message_id=options.message or "",
                conversation_id=options.conversation or "",
                helpful=None if options.feedback is None else options.feedback == "helpful",
                since=options.since,
            ),
            options.to,
            article=options.article,
            locale=options.locale,
        )
    finally:
        services.close()
    say(f"{len(imported.added)} cases added to {options.to}; {len(imported.known)} were there already.")
    if imported.other_language:
        say(
            f"{len(imported.other_language)} in another language were passed over; give them a folder of their own."
        )
    if imported.unlabelled:
        say(
            f"{len(imported.unlabelled)} wait for a specialist: add the article that answers to qrels/test.tsv, or "
            'put "answerable": false into the line in queries.jsonl.'
        )
        for one in imported.unlabelled:
            say(f"  {one}")
    if imported.added:
        say("Read them before you share them: a name that nothing announces is not masked.")
    write_json(
        options,
        {
            "added": list(imported.added),
            "unlabelled": list(imported.unlabelled),
            "known": list(imported.known),
            "other_language": list(imported.other_language),
        },
    )
    return 0
