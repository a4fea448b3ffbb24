"""`tierzero eval abstention [DIR…]`: how well the bot knows when its answer is right, on any BEIR set."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from evaluations.commands.output import bar, options_of_measuring, prepare, say, write, write_json

if TYPE_CHECKING:
    from bot.settings import Settings
    from evaluations.abstention import AbstentionResult, JudgedSet
    from index.compiled import CompiledEncoder

HELP = "measure how well the bot knows when its answer is right"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument(
        "folders",
        nargs="*",
        type=Path,
        metavar="DIR",
        help="sets in the BEIR layout; two or more are also measured with each left out (default: the sample set)",
    )
    options_of_measuring(parser)


def run(options: argparse.Namespace) -> int:
    """Judges every question, measures three models on them, prints the figures."""
    from bot.composition import CONFIDENCE
    from bot.dialogue import confidence
    from bot.model import load_encoder
    from bot.settings import load
    from evaluations.abstention import described, evaluate
    from evaluations.report import abstention_report

    prepare(options)
    settings = load(data=options.data)
    encoder = load_encoder(settings, tell=say)
    sets = [_beir(folder, options, settings, encoder) for folder in options.folders]
    if not sets:
        sets = [_sample(options, settings, encoder)]
    shipped = confidence.load(CONFIDENCE)
    results = evaluate(sets, shipped)
    for result in results:
        _print(result)
    write_json(options, [described(result) for result in results])
    if options.html:
        write(options.html, abstention_report(results, shipped))
        say(f"The report is in {options.html}.")
    return 0


def _beir(
    folder: Path, options: argparse.Namespace, settings: "Settings", encoder: "CompiledEncoder"
) -> "JudgedSet":
    from evaluations.abstention import JudgedSet
    from evaluations.answers import of_dataset
    from evaluations.beir import read
    from evaluations.corpus_index import default_cache, open_index
    from evaluations.corpus_service import services_over
    from evaluations.judgements import collect
    from evaluations.sampling import drawn

    dataset = read(folder)
    cache = options.cache or default_cache()
    with bar(f"indexing {dataset.name}") as progress:
        index = open_index(dataset, encoder, cache, rebuild=options.rebuild, progress=progress)
    services = services_over(dataset, index, encoder, settings)
    try:
        with bar(f"judging {dataset.name}") as progress:
            asked = drawn(of_dataset(dataset), options.most)
            judged = collect(
                asked, services.answering, index.folder, rebuild=options.rebuild, progress=progress
            )
    finally:
        services.close()
    return JudgedSet(dataset.name, judged)


def _sample(options: argparse.Namespace, settings: "Settings", encoder: "CompiledEncoder") -> "JudgedSet":
    """The sample set; there a quote is right only where it shares characters with the passage that answers."""
    from evaluations import calibration, sample
    from evaluations.abstention import JudgedSet
    from evaluations.corpus_index import default_cache
    from evaluations.judgements import Judgement
    from evaluations.sampling import drawn

    services = sample.open_services(options.cache or default_cache(), encoder, settings)
    try:
        cases = drawn(calibration.collect(services.answering, sample.ARTICLES), options.most)
    finally:
        services.close()
    return JudgedSet(
        sample.NAME, tuple(Judgement(one.id, one.answerable, one.right, one.signals) for one in cases)
    )


def _print(result: "AbstentionResult") -> None:
    from evaluations.abstention import MODELS

    questions = result.judged.questions
    say(
        f"{result.judged.name}: {len(questions)} questions, {sum(one.right for one in questions)} of the quotes right, "
        f"{sum(not one.answerable for one in questions)} questions without an answer"
    )
    for name, found in result.models.items():
        say(f"  {MODELS[name]}")
        say(
            f"    AUROC {found.auroc:.3f} (95% {found.auroc_low:.3f} to {found.auroc_high:.3f})   "
            f"calibration error {found.ece:.3f}   area under risk-coverage {found.aurc:.3f}"
        )
        say(
            f"    can answer {found.coverage_at_90:.1%} with 90% right, {found.coverage_at_95:.1%} with 95% right"
        )
    for note in result.notes:
        say(f"  {note}")
