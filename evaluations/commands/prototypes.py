"""`tierzero eval prototypes [--write FILE]`: fit the weights that tell reasons by meaning."""

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from evaluations.commands.output import say

if TYPE_CHECKING:
    from evaluations.learner import Rows
    from evaluations.prototypes import Prototype
    from index.compiled import CompiledEncoder

HELP = "fit the weights that tell by meaning who needs a person"
_DATASETS = Path(__file__).parents[1] / "datasets" / "triggers"
#: The labelled sets that were looked at; the others are measured on.
LEARNED_FROM = ("dev", "oblique", "third", "second", "fourth", "fifth")

#: How files are named, behind the language, whose sentences only the second look learns from: with them the first
#: look hands off more everyday messages (docs/decisions/0036-a-second-look.md).
SECOND_LOOK_ALONE = tuple(
    f"{writer}-"
    for writer in (
        *("alltagsnah", "barrio", "boundary", "close", "gemuet", "gens", "gente", "hafen", "kinds"),
        *("leute", "llano", "markt", "namen", "plain", "queue", "rare", "scenes", "schlichtweg"),
        *("simplement", "werft"),
    )
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        default=[_DATASETS / f"{name}.jsonl" for name in LEARNED_FROM],
        help='labelled messages to learn from too: {"text", "label"} (default: '
        + ", ".join(LEARNED_FROM)
        + ")",
    )
    parser.add_argument(
        "--held-out",
        action="store_true",
        help="first tell the sentences of each trade by those of the others; takes as many fits as there are trades",
    )
    parser.add_argument("--write", type=Path, metavar="FILE", help="keep the fitted weights here")
    parser.add_argument(
        "--closer",
        type=Path,
        metavar="FILE",
        help="change the encoder's last layers for a second look, and keep them here; some 10 minutes, needs torch",
    )


def run(options: argparse.Namespace) -> int:
    """Fits with the configured model, so that a team with another model, or more sentences, can fit its own."""
    from bot.dialogue.triggers import Triggers
    from bot.dialogue.triggers.concepts import Concepts
    from bot.dialogue.triggers.reading import Reading
    from bot.dialogue.triggers.weights import write
    from bot.model import load_encoder
    from bot.settings import load
    from evaluations.labelled import read
    from evaluations.prototypes import encoded, fit, of, prototypes, rows
    from evaluations.triggers import LABELS

    encoder = load_encoder(load())
    sentences = list(prototypes())
    for file in options.files:
        sentences += of(read(file, LABELS))
    counts = Counter(one.label for one in sentences)
    say(f"{len(sentences)} sentences: " + ", ".join(f"{counts[label]} {label}" for label in LABELS))
    if options.held_out or options.write:
        # What the second look is fitted to it has encoded for itself.
        first = [one for one in sentences if not one.trade.startswith(SECOND_LOOK_ALONE)]
        say(f"the first look learns from {len(first)} of them")
        seen = encoded(encoder, first, Reading.load())
        triggers = Triggers.load()
        learned = rows(first, seen, triggers, Concepts.load())
        if options.held_out:
            _held_out(first, learned)
        if options.write:
            weights = fit(first, seen, learned, model=encoder.identity.split("-")[0], rules=triggers.names)
            write(options.write, weights)
            say(f"written to {options.write}; try it with `tierzero eval triggers`")
    if options.closer:
        _look_closer(options.closer, sentences, encoder)
    return 0


def _look_closer(file: Path, sentences: "Sequence[Prototype]", encoder: "CompiledEncoder") -> None:
    from bot.dialogue.triggers.closer import write
    from bot.settings import load
    from evaluations.commands.output import bar
    from evaluations.second_look import fitted
    from index.encoder import locate

    with bar("changing the encoder") as progress:
        closer = fitted(sentences, encoder, locate(load().model), progress)
    write(file, closer)
    say(f"written to {file}; try it with `tierzero eval triggers`")


def _held_out(sentences: "Sequence[Prototype]", learned: "Rows") -> None:
    """Says how many sentences of each label are told rightly by weights that saw none of their trade."""
    from bot.ledger.intervals import share
    from evaluations.proportions import shown
    from evaluations.prototypes import held_out
    from evaluations.triggers import LABELS

    told = held_out(sentences, learned)
    for label in LABELS:
        own = [got for one, got in told if one.label == label]
        fired = [one.label for one, got in told if got == label]
        say(f"  {label:16} precision {shown(share(fired.count(label), len(fired)))}")
        say(f"  {'':16} recall    {shown(share(own.count(label), len(own)))}")
