"""`tierzero eval language FILE`: how often and how fast the language of a message is told."""

import argparse
from pathlib import Path

from evaluations.commands.output import keep, options_of_figures, options_of_keeping, prepare, say, write_json

HELP = "measure how often and how fast the language of a message is told"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument(
        "file", type=Path, metavar="FILE", help='one object a line: {"text", "label"}, and "kind" to group by'
    )
    parser.add_argument(
        "--languages",
        default="",
        metavar="en,de,…",
        help="decide between these, and leave out other messages (default: all labels of the file)",
    )
    options_of_keeping(parser)
    options_of_figures(parser)


def run(options: argparse.Namespace) -> int:
    """Measures and saves; needs neither index nor model."""
    from bot.dialogue.language import LanguageDetector
    from bot.settings import load
    from evaluations.comparable import of_language
    from evaluations.errors import EvaluationError
    from evaluations.labelled import read
    from evaluations.languages import described, evaluate, known_as
    from evaluations.proportions import shown

    prepare(options)
    messages = read(options.file)
    wanted = tuple(known_as(one) for one in options.languages.split(",") if one.strip())
    labels = {known_as(message.label) for message in messages}
    absent = [one for one in wanted if one not in labels]
    if wanted and len(absent) == len(wanted):
        raise EvaluationError(
            f"{options.file} has no message in {', '.join(absent)}. It has {', '.join(sorted(labels))}."
        )
    result = evaluate(options.file.stem, messages, LanguageDetector.load(), wanted)
    say(f"{result.name}: {result.accuracy.of} messages in {len(result.languages)} languages")
    say(f"  accuracy {shown(result.accuracy)}")
    for kind, one in result.by_kind.items():
        say(f"    {kind:14} {shown(one)}")
    for label, one in result.by_label.items():
        say(f"    {label:14} {shown(one)}")
    for mistake in result.confusions:
        say(f"  {mistake.count} times {mistake.label} was taken for {mistake.got}")
    if absent:
        say(f"  no message is in {', '.join(absent)}, which could be told all the same")
    if result.left_out:
        say(f"  {result.left_out} messages are labelled as none of these languages and were left out")
    say(f"  one message p50 {result.ms_p50:.3f} ms, p95 {result.ms_p95:.3f} ms")
    asked = {"languages": ", ".join(result.languages)}
    saved, path = keep("language", load(data=options.data), "none", asked, [of_language(result)])
    say(f"Saved as {saved.id} in {path.parent}.")
    write_json(options, described(result))
    return 0
