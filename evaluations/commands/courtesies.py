"""`tierzero eval courtesies`: how well politeness is told from content; fits what tells it."""

import argparse
from pathlib import Path

from evaluations.commands.output import say

HELP = "measure how well politeness around a question is told, or fit what tells it"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument(
        "--write", type=Path, metavar="FILE", help="fit on all pieces and write the model there"
    )


def run(options: argparse.Namespace) -> int:
    """Measures, or fits and writes; needs neither index nor model."""
    from bot.dialogue.courtesy import write
    from bot.ledger.intervals import share
    from evaluations.courtesies import fit, held_out, pieces
    from evaluations.proportions import shown

    given = pieces()
    if options.write:
        write(options.write, fit(given))
        say(f"Fitted on {len(given)} pieces and written to {options.write}.")
        return 0
    told = held_out(given)
    say(f"each piece told by a model that was fitted without it: {len(given)} pieces")
    say(f"  courtesies found            {shown(share(told.found, told.courtesy))}")
    say(f"  content taken for courtesy  {shown(share(told.lost, told.content))}")
    for text in told.lost_ones:
        say(f"    {text}")
    return 0
