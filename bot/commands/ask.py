"""`tierzero ask "question"`: one JSON object with the reply a customer would get. Nothing is stored."""

import argparse

from bot.commands.shared import common, emit, services


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("question", help="what a customer would write")
    parser.add_argument("--locale", default="", help="the language the customer is believed to read")
    common(parser)


def run(options: argparse.Namespace) -> int:
    """Asks; the reply is JSON with or without `--json`."""
    with services(options, reads_only=True) as opened:
        reply = opened.chat.preview(options.question, options.locale)
    emit(reply)
    return 0
