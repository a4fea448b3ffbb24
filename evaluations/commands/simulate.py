"""`tierzero simulate`: what would have been answered, asked back, handed off and wrong at each error budget."""

import argparse
from typing import TYPE_CHECKING

from evaluations.commands.labelled_options import labels_of, options_of_labels
from evaluations.commands.output import prepare, say, write, write_json

if TYPE_CHECKING:
    from bot.ledger.intervals import Share
    from evaluations.simulation import AtBudget, Simulation


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    from pathlib import Path

    options_of_labels(parser)
    parser.add_argument("--json", metavar="FILE", help="write the figures as JSON; - for the standard output")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a report to read in a browser")


def run(options: argparse.Namespace) -> int:
    """Replays and shows; nothing is changed."""
    from bot.composition import Services
    from bot.dialogue.budget import Budget
    from bot.settings import load
    from evaluations.calibration import BUDGETS
    from evaluations.report import simulation_report
    from evaluations.simulation import described, simulate

    prepare(options)
    wanted = Budget(options.budget, options.certainty)
    services = Services(load(data=options.data), tell=say)
    try:
        serving = services.serving
        labels = labels_of(options, services)
    finally:
        services.close()
    found = [simulate(one, serving.model, wanted, BUDGETS) for one in labels]
    say(serving.statement)
    for one in found:
        _print(one)
    write_json(options, [described(one) for one in found])
    if options.html:
        write(options.html, simulation_report(found, serving.statement))
        say(f"The report is in {options.html}.")
    return 0


def _print(one: "Simulation") -> None:
    right = sum(question.right for question in one.questions)
    say(f"\n{one.name}: {len(one.questions)} labelled questions, {right} of the quotes right")
    if one.caution:
        say(f"  {one.caution}")
    say(f"  budget  from   {'answered':22}{'asked back':22}{'to a person':22}of the answers wrong")
    for row in one.rows:
        mark = ">" if row is one.chosen else " "
        threshold = f"{row.threshold:.2f}" if row.threshold <= 1.0 else "none"
        shares = "".join(
            f"{_shown(part):22}" for part in (row.answered, row.asked_back, row.handed_off, row.wrong)
        )
        say(f"{mark} {row.budget:6.1%}  {threshold:5}  {shares}  {_promise(row, one.certainty)}")


def _shown(one: "Share") -> str:
    return "none" if one.value is None else f"{one.value:.1%} ({one.low:.1%}-{one.high:.1%})"


def _promise(row: "AtBudget", certainty: float) -> str:
    if row.promised:
        return f"promised: at most {row.at_most:.1%} with {certainty:.0%} certainty"
    if row.needed is not None:
        return f"not promised: about {row.needed} labels would do"
    return "not promised: wrong too often at every threshold"
