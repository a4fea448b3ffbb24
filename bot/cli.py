"""The command `tierzero`: words in, one flow run, its outcome printed. Nothing heavy is imported until used."""

import argparse
import importlib
import io
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Command:
    """One command and the module that has its `arguments(parser)` and `run(options)`."""

    name: str
    help: str
    module: str


#: Commands of rooms above the bot are named here and imported when called.
COMMANDS = (
    Command("ingest", "bring the knowledge base up to a folder of Markdown articles", "bot.commands.ingest"),
    Command("search", "show the passages that fit some words, with every raw score", "bot.commands.search"),
    Command("ask", "ask a question as a customer would", "bot.commands.ask"),
    Command("explain", "show every figure that leads to the answer of a question", "bot.commands.explain"),
    Command("serve", "serve the chat, the help centre and the API", "bot.commands.serve"),
    Command("work", "fire timers and carry out what leaves the desk, until stopped", "bot.commands.work"),
    Command("routing", "learn what tickets are about from solved ones", "bot.commands.routing"),
    Command("model", "build the model that serves", "bot.commands.model"),
    Command("reindex", "build the index anew from the stored articles", "bot.commands.reindex"),
    Command("status", "say what is there: articles, chunks, index, model, disk", "bot.commands.status"),
    Command(
        "doctor",
        "check model, index, database and access; the exit code says healthy or not",
        "bot.commands.doctor",
    ),
    Command(
        "tickets",
        "list what was handed off, or show one ticket with its conversation",
        "bot.commands.tickets",
    ),
    Command("erase", "show what is known of a customer, or erase it for good", "bot.commands.erase"),
    Command("user", "keep the team's accounts: add, list, change", "bot.commands.user"),
    Command("key", "keep the keys of programs: add, list, revoke", "bot.commands.key"),
    Command("webhook", "tell other systems of events: add, list, off, test", "bot.commands.webhook"),
    Command("outbox", "list what leaves the desk and what was given up, or retry", "bot.commands.outbox"),
    Command("audit", "show or verify the log of what staff did", "bot.commands.audit"),
    Command("report", "review a week, a month or a quarter against the targets", "bot.commands.report"),
    Command("articles", "look at every article: use, links, reviews, doubts", "bot.commands.articles"),
    Command("gaps", "find questions that nobody could answer, and say what to write", "bot.commands.gaps"),
    Command(
        "experiment", "serve two settings side by side: start, list, show, stop", "bot.commands.experiment"
    ),
    Command("learned", "list what outcomes taught the search, or take it back", "bot.commands.learned"),
    Command(
        "translations",
        "list articles that are missing or outdated in a language",
        "bot.commands.translations",
    ),
    Command("triggers", "say which rule would bring in a person for a message", "bot.commands.triggers"),
    Command(
        "calibrate",
        "find the threshold that keeps an error budget, and say whether it can be promised",
        "evaluations.commands.calibrate",
    ),
    Command(
        "simulate",
        "replay labelled questions: what would have been answered, and what of it wrong, at each error budget",
        "evaluations.commands.simulate",
    ),
    Command("eval", "measure retrieval, answers and confidence on data sets", "evaluations.commands"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; returns its exit code: 0 done, 1 failed with a sentence, 2 wrong usage."""
    # Our matrix products are small: a second thread costs them more than it saves, and takes the encoder's core.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        # A file name or word that is not UTF-8 is printed as an escape, which JSON reads again.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    command = next((one for one in COMMANDS if given and given[0] == one.name), None)
    parser = _parser(command, _version() if "--version" in given else "")
    options = parser.parse_args(given)
    if command is None:
        parser.print_help()
        return 0 if not given else 2
    return _run(command, options)


def _parser(chosen: Command | None, version: str) -> argparse.ArgumentParser:
    """The parser; only the chosen command's module is imported, for its own arguments."""
    parser = argparse.ArgumentParser(
        prog="tierzero",
        description="Tier 0 of a support team: answers from your Markdown articles, with quotes, or a ticket.",
    )
    parser.add_argument("--version", action="version", version=f"tierzero {version}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for command in COMMANDS:
        sub = commands.add_parser(
            command.name, help=command.help, description=command.help[0].upper() + command.help[1:] + "."
        )
        if command is chosen:
            _module(command).arguments(sub)
    return parser


def _module(command: Command) -> Any:
    return importlib.import_module(command.module)


def _version() -> str:
    from importlib.metadata import version

    return version("tierzero")


def _run(command: Command, options: argparse.Namespace) -> int:
    from bot.errors import BotError
    from index.errors import SearchError
    from kb.errors import KnowledgeError

    try:
        code = int(_module(command).run(options))
        sys.stdout.flush()
        return code
    except (BotError, SearchError, KnowledgeError) as exc:
        print(f"tierzero {command.name}: {exc}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output has gone, as `| head` does; what is left to write goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as exc:
        # A full disk, a folder that may not be written to: the system's own words and the file say it.
        where = f": {exc.filename}" if exc.filename else ""
        print(f"tierzero {command.name}: {exc.strerror or exc}{where}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
