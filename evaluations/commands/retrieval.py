"""`tierzero eval retrieval DIR…`: how well and how fast the product's search ranks the documents of BEIR sets."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluations.commands.output import (
    askable,
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
    from index.ranking import Recipe

HELP = "measure how well and how fast the search ranks documents of data sets in the BEIR layout"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument(
        "folders",
        nargs="*",
        type=Path,
        metavar="DIR",
        help="folder with corpus.jsonl, queries.jsonl and qrels/test.tsv (default: the sample set)",
    )
    parser.add_argument(
        "--turns",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="search with what the customer said before, where a set has conversations.jsonl (default: yes)",
    )
    parser.add_argument(
        "--context", type=int, metavar="N", help="how many earlier texts of the customer to use (default: 2)"
    )
    parser.add_argument(
        "--by",
        action="append",
        default=[],
        metavar="FIELD",
        help="figures by a field of queries.jsonl too; may be repeated",
    )
    parser.add_argument(
        "--ranking",
        default="",
        metavar="PARTS",
        help='rank by other weights, such as "lexical=0.25 late=1"; the rest stays as served',
    )
    options_of_measuring(parser)


def run(options: argparse.Namespace) -> int:
    """Measures each set, prints and saves the figures."""
    from dataclasses import asdict

    from bot.model import load_encoder
    from bot.settings import load
    from evaluations.beir import read_all
    from evaluations.report import report
    from evaluations.result import described_sets
    from evaluations.retrieval import CONTEXT, SERVED

    prepare(options)
    recipe = _recipe(options.ranking)
    settings = load(data=options.data)
    open_folder(settings)
    encoder = load_encoder(settings, tell=say)
    context = (CONTEXT if options.context is None else max(options.context, 0)) if options.turns else 0
    results: list[SetResult] = []
    for dataset in askable(read_all(options.folders)):
        results += _printed(_measure(dataset, options, encoder, recipe, context))
    if not options.folders:
        results += _printed(_sample(options, settings, encoder, recipe))
    asked = {
        "context": str(context),
        "served": str(SERVED),
        "most": str(options.most or "all"),
        **{f"recipe.{name}": str(value) for name, value in asdict(recipe).items()},
    }
    saved, path = keep("retrieval", settings, encoder.identity, asked, results)
    say(f"Saved as {saved.id} in {path.parent}.")
    write_json(options, described_sets(results))
    if options.html:
        write(options.html, report(saved))
        say(f"The report is in {options.html}.")
    return 0


def _recipe(written: str) -> "Recipe":
    """The ranking that serves, but for what was written; read as `tierzero experiment` reads it."""
    from bot.experiments.experiment import COUNTS, parts_of
    from index.ranking import RECIPE

    if not written.strip():
        return RECIPE
    changed: dict[str, Any] = {
        name: int(value) if name in COUNTS else value for name, value in parts_of(written).items()
    }
    return replace(RECIPE, **changed)


def _measure(
    dataset: "Dataset",
    options: argparse.Namespace,
    encoder: "CompiledEncoder",
    recipe: "Recipe",
    context: int,
) -> "tuple[SetResult, ...]":
    from evaluations.corpus_index import default_cache, open_index
    from evaluations.query_words import searched_by
    from evaluations.retrieval import evaluate
    from evaluations.sampling import drawn

    cache = options.cache or default_cache()
    with bar(f"indexing {dataset.name}") as progress:
        index = open_index(dataset, encoder, cache, rebuild=options.rebuild, progress=progress)
    with bar(f"searching {dataset.name}") as progress:
        return evaluate(
            dataset,
            index,
            encoder,
            recipe=recipe,
            queries=drawn(dataset.judged(), options.most),
            context=context,
            labels=options.by,
            read=lambda text: searched_by(text, dataset.locale),
            progress=progress,
        )


def _sample(
    options: argparse.Namespace, settings: "Settings", encoder: "CompiledEncoder", recipe: "Recipe"
) -> "tuple[SetResult, ...]":
    from evaluations import sample
    from evaluations.corpus_index import default_cache
    from evaluations.retrieval import evaluate
    from evaluations.sampling import drawn

    services = sample.open_services(options.cache or default_cache(), encoder, settings)
    try:
        dataset, index = sample.as_dataset(sample.load(), services)
        with bar("searching the sample set") as progress:
            return evaluate(
                dataset,
                index,
                encoder,
                recipe=recipe,
                queries=drawn(dataset.judged(), options.most),
                labels=["locale", *options.by],
                filters_of=sample.filters_of,
                progress=progress,
            )
    finally:
        services.close()


def _printed(results: "tuple[SetResult, ...]") -> "tuple[SetResult, ...]":
    """Each set is told as soon as it is measured: what is stopped at the third has told of two."""
    for result in results:
        _print(result)
    return results


def _print(result: "SetResult") -> None:
    measured = result.measured
    say(f"{result.title}: {measured['queries']:.0f} queries, {measured['documents']:.0f} documents")
    for name, figure in result.figures.items():
        say(f"  {name:11} {figure.value:.3f}   95% interval {figure.low:.3f} to {figure.high:.3f}")
    say(
        f"  query p50 {measured['query_ms_p50']:.1f} ms, p95 {measured['query_ms_p95']:.1f} ms; "
        f"encoder alone p50 {measured['encoder_ms_p50']:.1f} ms; ratio {measured['query_over_encoder_p50']:.2f}"
    )
    say(f"  index {measured['index_s']:.1f} s, {measured['chunks']:.0f} chunks")
    for part in result.slices:
        figure = part.figures[result.primary]
        say(f"  {part.label} = {part.value}: {result.primary} {figure.value:.3f} over {figure.n}")
    for note in result.notes:
        say(f"  {note}")
