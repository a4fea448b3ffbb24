"""`tierzero eval routing FILE…`: how rightly categories are learned, cross-validated, beside a nearest centroid."""

import argparse
from dataclasses import asdict
from pathlib import Path

from evaluations.commands.output import options_of_figures, prepare, say, write_json

HELP = "measure how rightly categories of tickets are learned from labelled texts"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument(
        "files", type=Path, nargs="+", metavar="FILE", help='one object a line: {"text", "label"}'
    )
    options_of_figures(parser)


def run(options: argparse.Namespace) -> int:
    """Measures; needs the model, and no index."""
    from bot.model import load_encoder
    from bot.settings import load
    from evaluations.labelled import read
    from evaluations.routing import cross_validated

    prepare(options)
    sets = [(path, read(path)) for path in options.files]
    encoder = load_encoder(load())
    figures = {}
    for path, messages in sets:
        found = cross_validated(messages, encoder.vectors([one.text for one in messages]))
        figures[path.stem] = asdict(found)
        say(
            f"{path.stem}: {found.texts} texts, {found.categories} categories\n"
            f"  model {found.model:.1%}, nearest centroid {found.centroid:.1%}, "
            f"gain {found.gain:+.1%} ({found.gain_low:+.1%} to {found.gain_high:+.1%})\n"
            f"  sure enough to route by: {found.said:.1%} of texts, {found.said_right:.1%} of them right",
        )
    write_json(options, figures)
    return 0
