"""Which labelled questions a command works on, and for which error budget: options that several commands share."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from evaluations.commands.output import positive
from evaluations.errors import EvaluationError

if TYPE_CHECKING:
    from bot.composition import Services
    from evaluations.labels import Labels


def options_of_labels(parser: argparse.ArgumentParser) -> None:
    """Adds the options."""
    parser.add_argument(
        "--labels",
        nargs="+",
        action="extend",
        type=Path,
        default=[],
        metavar="DIR",
        help="folders of cases, as `tierzero eval import` makes them (default: the sample set)",
    )
    parser.add_argument("--history", action="store_true", help="answers that customers judged helpful or not")
    parser.add_argument(
        "--budget",
        type=_share,
        default=0.05,
        metavar="SHARE",
        help="largest share of automatic answers that may be wrong (default: 0.05)",
    )
    parser.add_argument(
        "--certainty",
        type=_share,
        default=0.95,
        metavar="SHARE",
        help="how sure a promise is (default: 0.95)",
    )
    parser.add_argument("--data", type=Path, help="data folder (default: $TIERZERO_DATA, else ./var)")
    parser.add_argument(
        "--cache",
        type=Path,
        help="keep built indexes here (default: tierzero/evaluations in the user's cache)",
    )
    parser.add_argument(
        "--most", type=positive, metavar="N", help="only N questions of each folder, at random"
    )


def _share(text: str) -> float:
    try:
        number = float(text)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number such as 0.05") from exc
    if not 0.0 < number < 1.0:
        raise argparse.ArgumentTypeError("must be above 0 and below 1, such as 0.05 for 5%")
    return number


def labels_of(options: argparse.Namespace, services: "Services") -> "tuple[Labels, ...]":
    """The labelled questions that were asked for; raises `EvaluationError` where a source has none."""
    from evaluations.corpus_index import default_cache
    from evaluations.labels import gathered

    found = gathered(
        options.labels, options.history, services, options.cache or default_cache(), options.most
    )
    for one in found:
        if not one.questions:
            raise EvaluationError(
                f"There are no labelled questions in {one.name} yet. Import some with `tierzero eval import`."
            )
    return found
