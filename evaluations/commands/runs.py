"""`tierzero eval runs`: the saved runs, newest first."""

import argparse

from evaluations.commands.output import options_of_reading, prepare, say, write, write_json

HELP = "list the saved runs, or show one"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument("run", nargs="?", help="a run to show: its id, the beginning of it, or a file")
    options_of_reading(parser)


def run(options: argparse.Namespace) -> int:
    """Lists the runs, or shows the figures of one."""
    from bot.settings import load
    from evaluations import runs
    from evaluations.errors import EvaluationError
    from evaluations.report import report
    from evaluations.result import described_sets

    prepare(options)
    folder = runs.runs_folder(load(data=options.data).data)
    if options.run is None:
        if options.html:
            raise EvaluationError("Name the run that the report should show.")
        paths = runs.listed(folder)
        write_json(options, [path.stem for path in paths])
        for path in paths:
            say(path.stem)
        if not paths:
            say(f"No runs in {folder} yet. `tierzero eval retrieval DIR` makes one.")
        return 0
    found = runs.load(runs.find(options.run, folder))
    for one in found.sets:
        figures = "  ".join(f"{name} {figure.value:.3f}" for name, figure in one.figures.items() if figure.n)
        say(f"{one.title}: {figures}")
    write_json(options, described_sets(found.sets))
    if options.html:
        write(options.html, report(found))
    return 0
