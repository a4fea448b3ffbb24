"""`tierzero eval answers [DIR…]`: what the bot does with each message, on the sample set or on BEIR sets."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from evaluations.commands.output import (
    bar,
    keep,
    open_folder,
    options_of_measuring,
    prepare,
    say,
    write,
    write_json,
)

if TYPE_CHECKING:
    from bot.settings import Settings
    from evaluations.beir import Dataset
    from evaluations.result import SetResult
    from index.compiled import CompiledEncoder

HELP = "measure whether the bot answers, rightly, with the right quote, and hands off what it should"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument(
        "folders",
        nargs="*",
        type=Path,
        metavar="DIR",
        help="sets in the BEIR layout (default: the sample set)",
    )
    parser.add_argument(
        "--by",
        action="append",
        default=[],
        metavar="FIELD",
        help="figures by this field too; may be repeated",
    )
    parser.add_argument(
        "--stories",
        action="store_true",
        help="the sample's stories, several sentences around one question, in place of its other messages",
    )
    options_of_measuring(parser)


def run(options: argparse.Namespace) -> int:
    """Measures each set, prints and saves the figures."""
    from bot.model import load_encoder
    from bot.settings import load
    from evaluations.beir import read_all
    from evaluations.report import report
    from evaluations.result import described_sets

    prepare(options)
    settings = load(data=options.data)
    open_folder(settings)
    encoder = load_encoder(settings, tell=say)
    results = [_printed(_beir(one, options, settings, encoder)) for one in read_all(options.folders)]
    if not results:
        results = [_printed(_sample(options, settings, encoder))]
    saved, path = keep("answers", settings, encoder.identity, _asked(options, settings), results)
    say(f"Saved as {saved.id} in {path.parent}.")
    write_json(options, described_sets(results))
    if options.html:
        write(options.html, report(saved))
        say(f"The report is in {options.html}.")
    return 0


def _asked(options: argparse.Namespace, settings: "Settings") -> dict[str, str]:
    """What decides how messages are answered, beside model and code; the confidence model is the shipped one."""
    from bot.composition import CONFIDENCE
    from bot.dialogue import confidence
    from bot.dialogue.serving import serving

    budget = settings.error_budget
    model = serving(confidence.load(CONFIDENCE), budget).model
    return {
        "most": str(options.most or "all"),
        "error budget": "none" if budget is None else f"{budget:g}",
        "answers from": f"{model.threshold:.3f}",
        "asks back from": f"{model.clarify_threshold:.3f}",
        "languages": ", ".join(settings.locales),
        "language model": settings.llm_model or "none",
    }


def _sample(options: argparse.Namespace, settings: "Settings", encoder: "CompiledEncoder") -> "SetResult":
    from evaluations import sample
    from evaluations.answers import evaluate, of_sample
    from evaluations.corpus_index import default_cache
    from evaluations.sampling import drawn

    loaded = sample.stories() if options.stories else sample.load()
    services = sample.open_services(options.cache or default_cache(), encoder, settings)
    try:
        dataset, _ = sample.as_dataset(loaded, services)
        with bar("asking the sample set") as progress:
            return evaluate(
                sample.NAME,
                dataset.corpus,
                drawn(of_sample(loaded), options.most),
                services.answering,
                labels=options.by,
                documents={entry.id: entry.title for entry in dataset.entries},
                progress=progress,
            )
    finally:
        services.close()


def _beir(
    dataset: "Dataset", options: argparse.Namespace, settings: "Settings", encoder: "CompiledEncoder"
) -> "SetResult":
    from evaluations.answers import evaluate, of_dataset
    from evaluations.corpus_index import default_cache, open_index
    from evaluations.corpus_service import services_over
    from evaluations.left_out import left_out
    from evaluations.sampling import drawn

    cache = options.cache or default_cache()
    with bar(f"indexing {dataset.name}") as progress:
        index = open_index(dataset, encoder, cache, rebuild=options.rebuild, progress=progress)
    services = services_over(dataset, index, encoder, settings)
    try:
        with bar(f"asking {dataset.name}") as progress:
            return evaluate(
                dataset.name,
                dataset.corpus,
                drawn(of_dataset(dataset), options.most),
                services.answering,
                labels=options.by,
                documents={entry.id: (entry.title or entry.text)[:160] for entry in dataset.entries},
                notes=left_out(dataset, index),
                progress=progress,
            )
    finally:
        services.close()


def _printed(result: "SetResult") -> "SetResult":
    """Each set is told as soon as it is measured."""
    _print(result)
    return result


def _print(result: "SetResult") -> None:
    measured = result.measured
    say(
        f"{result.title}: {measured['messages']:.0f} messages, {measured['answers']:.0f} answered, "
        f"{measured['answers_right']:.0f} of those rightly"
    )
    for name, figure in result.figures.items():
        if figure.n:
            say(
                f"  {name:18} {figure.value:.3f}   95% interval {figure.low:.3f} to {figure.high:.3f}   over {figure.n}"
            )
    for part in result.slices:
        figures = "  ".join(f"{name} {one.value:.3f}" for name, one in part.figures.items() if one.n)
        say(f"  {part.label} = {part.value}: {figures}")
    for note in result.notes:
        say(f"  {note}")
    say(f"  one answer p50 {measured['answer_ms_p50']:.1f} ms, p95 {measured['answer_ms_p95']:.1f} ms")
