"""`tierzero eval learning [DIR…]`: what confirmed questions gain, and what wrong confirmations cost."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from evaluations.commands.output import askable, bar, options_of_figures, prepare, say, write_json

if TYPE_CHECKING:
    from bot.settings import Settings
    from evaluations.beir import Dataset
    from evaluations.learning import LearningResult
    from index.compiled import CompiledEncoder

HELP = "measure what the search learns from confirmed questions, and what wrong confirmations cost it"

_TRIALS = {
    "confirmed": "half of each group confirmed",
    "wrong_near": "the same, some confirmed for another document of the first ten",
    "wrong_anywhere": "the same, some confirmed for any other document",
    "others_alone": "lessons of other groups alone",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument(
        "folders",
        nargs="*",
        type=Path,
        metavar="DIR",
        help="sets in the BEIR layout; queries that want the same documents are one group (default: the sample set)",
    )
    parser.add_argument(
        "--weights",
        nargs="+",
        type=_weight,
        default=[],
        metavar="W",
        help="the most that learned questions add to a score (default: as served)",
    )
    parser.add_argument("--data", type=Path, help="data folder whose settings are used")
    parser.add_argument("--cache", type=Path, help="keep built indexes here")
    options_of_figures(parser)


def _weight(text: str) -> float:
    weight = float(text)
    if not 0.0 <= weight < float("inf"):
        raise argparse.ArgumentTypeError("must be 0 or more")
    return weight


def run(options: argparse.Namespace) -> int:
    """Measures each set and prints the figures."""
    from bot.model import load_encoder
    from bot.settings import load
    from evaluations.beir import read_all
    from evaluations.learning import described
    from index.ranking import RECIPE

    prepare(options)
    settings = load(data=options.data)
    encoder = load_encoder(settings, tell=say)
    weights = options.weights or [RECIPE.learned]
    results = [_beir(one, options, encoder, weights) for one in askable(read_all(options.folders))]
    if not results:
        results = [_sample(options, settings, encoder, weights)]
    for result in results:
        _print(result)
    write_json(options, [one for result in results for one in described(result)])
    return 0


def _beir(
    dataset: "Dataset", options: argparse.Namespace, encoder: "CompiledEncoder", weights: list[float]
) -> "LearningResult":
    from evaluations.corpus_index import default_cache, open_index
    from evaluations.learning import Trials

    with bar(f"indexing {dataset.name}") as progress:
        index = open_index(dataset, encoder, options.cache or default_cache(), progress=progress)
    with bar(f"asking {dataset.name}") as progress:
        return Trials(dataset, index, encoder).run(weights, progress)


def _sample(
    options: argparse.Namespace, settings: "Settings", encoder: "CompiledEncoder", weights: list[float]
) -> "LearningResult":
    from evaluations import sample
    from evaluations.corpus_index import default_cache
    from evaluations.learning import Trials

    services = sample.open_services(options.cache or default_cache(), encoder, settings)
    try:
        dataset, index = sample.as_dataset(sample.load(), services)
        with bar("asking the sample set") as progress:
            return Trials(dataset, index, encoder, sample.filters_of).run(weights, progress)
    finally:
        services.close()


def _print(result: "LearningResult") -> None:
    say(f"{result.name}: {result.groups} groups of queries that want the same")
    if all(trial.name == "others_alone" for trial in result.trials):
        say("  No two queries want the same documents, so there is nothing that one could teach another.")
    for trial in result.trials:
        say(f"  weight {trial.weight:g}, {_TRIALS[trial.name]}")
        say(
            f"    {trial.confirmed} learned, {trial.wrong} of them wrong; {trial.asked} asked; "
            f"first document right in {trial.better} more and {trial.worse} fewer"
        )
        for metric, change in trial.change.items():
            say(
                f"    {metric:8} {trial.plain[metric].value:.4f} -> {trial.figures[metric].value:.4f}   "
                f"change {change.value:+.4f} (95% {change.low:+.4f} to {change.high:+.4f}), p {change.p:.4f}"
            )
