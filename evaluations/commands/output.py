"""What evaluation commands share: their options, and writing figures, reports and runs where they were asked for."""

import argparse
import datetime as dt
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from evaluations.errors import DatasetInvalid, EvaluationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settings import Settings
    from evaluations.beir import Dataset
    from evaluations.result import SetResult
    from evaluations.runs import Run

    Progress = Callable[[int, int], None]


#: What decides how a run comes out, beside its settings: rules and thresholds are data files.
_CODE = tuple(
    f"{room}/**/*.{kind}" for room in ("kb", "index", "bot") for kind in ("py", "yaml", "json", "txt")
)


def options_of_measuring(parser: argparse.ArgumentParser) -> None:
    """Options of commands that measure data sets."""
    options_of_reading(parser)
    parser.add_argument(
        "--cache",
        type=Path,
        help="keep built indexes here (default: tierzero/evaluations in the user's cache)",
    )
    parser.add_argument("--rebuild", action="store_true", help="build the indexes anew")
    parser.add_argument(
        "--most",
        type=positive,
        metavar="N",
        help="only N queries of each set, drawn at random, always the same",
    )


def options_of_reading(parser: argparse.ArgumentParser) -> None:
    """Options of commands that read or make runs, and report on them."""
    options_of_keeping(parser)
    options_of_figures(parser)
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a report to read in a browser")


def options_of_keeping(parser: argparse.ArgumentParser) -> None:
    """Where runs are kept."""
    parser.add_argument(
        "--data", type=Path, help="data folder that keeps the runs (default: $TIERZERO_DATA, else ./var)"
    )


def options_of_figures(parser: argparse.ArgumentParser) -> None:
    """Options of every evaluation command."""
    parser.add_argument("--json", metavar="FILE", help="write the figures as JSON; - for the standard output")


def positive(text: str) -> int:
    """A whole number from 1 on, as an option's value."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def say(text: str = "") -> None:
    """Prints a line for people; beside JSON on the standard output it would be in the way, so it goes aside."""
    print(text, file=sys.stderr if _json_on_stdout else sys.stdout)


_json_on_stdout = False


def prepare(options: argparse.Namespace) -> None:
    """Checks before a long run that its outcome can be written."""
    global _json_on_stdout
    _json_on_stdout = options.json == "-"
    # Not every command has a report.
    page: Path | None = getattr(options, "html", None)
    figures = Path(options.json) if options.json not in (None, "-") else None
    for path in (page, figures):
        if path is not None and (path.is_dir() or not path.resolve().parent.is_dir()):
            raise EvaluationError(f"{path} cannot be written: name a file in a folder that exists.")
        if path is not None and not os.access(path if path.exists() else path.resolve().parent, os.W_OK):
            raise EvaluationError(f"{path} cannot be written: you may not write there.")
    if page is not None and figures is not None and page.resolve() == figures.resolve():
        raise EvaluationError(f"--json and --html both name {page}: give each a file of its own.")


def write_json(options: argparse.Namespace, value: object) -> None:
    """Writes figures where `--json` says."""
    if options.json is None:
        return
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    if options.json == "-":
        sys.stdout.write(text)
    else:
        write(Path(options.json), text)


def write(path: Path, text: str) -> None:
    """Writes a file that was asked for."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as exc:
        raise EvaluationError(f"{path} cannot be written ({exc.strerror}).") from exc


def askable(datasets: "Sequence[Dataset]") -> "list[Dataset]":
    """The sets with a query to rank for; those without are told, and refused where no other is there."""
    asked = [one for one in datasets if one.judged()]
    missing = [
        f"{one.name} has no query that can be answered and has a judged document."
        for one in datasets
        if not one.judged()
    ]
    if missing and not asked:
        raise DatasetInvalid(" ".join(missing))
    for text in missing:
        say(f"{text} It is left out.")
    return asked


def open_folder(settings: "Settings") -> None:
    """Makes the folder of runs before a long run that would be lost without it; raises `RunRefused`."""
    from evaluations import runs

    runs.prepare(runs.runs_folder(settings.data))


def keep(
    kind: str, settings: "Settings", model: str, asked: Mapping[str, str], sets: "Sequence[SetResult]"
) -> "tuple[Run, Path]":
    """Saves a run in the data folder."""
    from importlib.metadata import version

    from evaluations import runs
    from evaluations.code import code_digest

    now = dt.datetime.now(dt.UTC)
    folder = runs.runs_folder(settings.data)
    run = runs.Run(
        id=runs.new_id(kind, now, folder),
        kind=kind,
        at=now.isoformat(timespec="seconds"),
        version=version("tierzero"),
        model=model,
        settings={"model name": Path(settings.model).name, **asked, "code": code_digest(_CODE)[:12]},
        sets=tuple(sets),
    )
    return run, runs.save(run, folder)


@contextmanager
def bar(title: str) -> "Iterator[Progress]":
    """A progress bar on a terminal, nothing elsewhere."""
    from bot.commands.shared import progress_bars

    with progress_bars() as show:
        yield lambda done, total: show(title, done, total)
