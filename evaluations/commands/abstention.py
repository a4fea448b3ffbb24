"""`tierzero eval abstention [DIR…]`: how well the bot knows when its answer is right, on any BEIR set."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from evaluations.commands.output import bar, keep, options_of_measuring, prepare, say, write, write_json

if TYPE_CHECKING:
    from evaluations.abstention import AbstentionResult

#: Names the sample set among the folders.
SAMPLE = Path("sample")
HELP = "measure how well the bot knows when its answer is right"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument(
        "folders",
        nargs="*",
        type=Path,
        metavar="DIR",
        help="sets in the BEIR layout, the word sample for the sample set, or the word centres for the small help "
        "centres that come with the project; two or more are also measured with each left out (default: sample)",
    )
    options_of_measuring(parser)


def run(options: argparse.Namespace) -> int:
    """Judges every question, measures three models on them, prints and saves the figures."""
    from bot.composition import CONFIDENCE
    from bot.dialogue import confidence
    from bot.model import load_encoder
    from bot.settings import load
    from evaluations.abstention import described, evaluate
    from evaluations.beir import read_all
    from evaluations.centres import spelled_out
    from evaluations.comparable import of_abstention
    from evaluations.corpus_index import default_cache
    from evaluations.labels import of_sample, of_set
    from evaluations.report import abstention_report

    prepare(options)
    settings = load(data=options.data)
    encoder = load_encoder(settings, tell=say)
    cache = options.cache or default_cache()
    folders, with_sample = named(options.folders)
    labels = [
        of_set(one, settings, encoder, cache, options.most, rebuild=options.rebuild, progress=bar)
        for one in read_all(spelled_out(folders))
    ]
    if with_sample:
        labels.append(of_sample(settings, encoder, cache, options.most))
    shipped = confidence.load(CONFIDENCE)
    results = evaluate([one.judged for one in labels], shipped)
    for result in results:
        _print(result)
    kept = [one for result, own in zip(results, labels, strict=True) for one in of_abstention(result, own)]
    asked = {"most": str(options.most or "all"), "shipped": str(shipped.figures.get("date", ""))}
    saved, path = keep("abstention", settings, encoder.identity, asked, kept)
    say(f"Saved as {saved.id} in {path.parent}.")
    write_json(options, [described(result) for result in results])
    if options.html:
        write(options.html, abstention_report(results, shipped))
        say(f"The report is in {options.html}.")
    return 0


def named(given: Sequence[Path]) -> tuple[list[Path], bool]:
    """The folders among what was named, and whether the sample set is wanted too: it is where nothing was named."""
    return [one for one in given if one != SAMPLE], SAMPLE in given or not given


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
