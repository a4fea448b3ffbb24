"""`tierzero eval prototypes [--write FILE]`: fit the weights that tell reasons by meaning."""

import argparse
from collections import Counter
from pathlib import Path

from evaluations.commands.output import say

HELP = "fit the weights that tell by meaning who needs a person"
_DATASETS = Path(__file__).parents[1] / "datasets" / "triggers"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        default=[_DATASETS / f"{name}.jsonl" for name in ("dev", "oblique", "third")],
        help='labelled messages to learn from too: {"text", "label"} (default: dev, oblique and third)',
    )
    parser.add_argument("--write", type=Path, metavar="FILE", help="keep the fitted weights here")


def run(options: argparse.Namespace) -> int:
    """Fits with the configured model, so that a team with another model, or more sentences, can fit its own."""
    from bot.dialogue.triggers.meaning import write
    from bot.model import load_encoder
    from bot.settings import load
    from evaluations.labelled import read
    from evaluations.prototypes import fit, of, prototypes, vectors
    from evaluations.triggers import LABELS

    encoder = load_encoder(load())
    sentences = list(prototypes())
    for file in options.files:
        sentences += of(read(file, LABELS))
    identity = encoder.identity.split("-")[0]
    weights = fit(sentences, vectors(encoder, [one.text for one in sentences]), identity)
    counts = Counter(one.label for one in sentences)
    say(f"{len(sentences)} sentences: " + ", ".join(f"{counts[label]} {label}" for label in LABELS))
    if options.write:
        write(options.write, weights)
        say(f"written to {options.write}; try it with `tierzero eval triggers`")
    return 0
