"""`tierzero eval clustering FILE…`: questions grouped without a number of groups, beside k-means that is told it."""

import argparse
from pathlib import Path

from evaluations.commands.output import options_of_figures, prepare, say, write_json

HELP = "measure how questions fall into matters, beside k-means that is told how many there are"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="JSON Lines with `text` and `label`"
    )
    options_of_figures(parser)


def run(options: argparse.Namespace) -> int:
    """Encodes each file with the service's own model and groups it both ways."""
    from bot.model import load_encoder
    from bot.settings import load
    from evaluations.clustering import STARTS, Grouping, described, evaluate

    prepare(options)
    encoder = load_encoder(load())
    found = []
    for path in options.files:
        one = evaluate(path, encoder)
        found.append(described(one))
        say(f"{one.name}: {one.questions} questions, {one.labels} labels")
        kinds: tuple[tuple[str, Grouping], ...] = (
            ("ours, told nothing", one.ours),
            (f"k-means told {one.labels}, mean of {STARTS}", one.kmeans),
        )
        for title, grouping in kinds:
            say(
                f"  {title:28} agreement {grouping.agreement:.3f}  purity {grouping.purity:.3f}  "
                f"groups {grouping.groups:4}  {grouping.seconds:.1f} s"
            )
        say(f"  agreement is {one.share:.0%} of that of k-means; {one.alone} questions stay alone")
    write_json(options, {"sets": found})
    return 0
