"""`tierzero eval triggers FILE`: how rightly the rules bring in people, on labelled messages."""

import argparse
from pathlib import Path

from evaluations.commands.output import (
    bar,
    keep,
    options_of_figures,
    options_of_keeping,
    prepare,
    say,
    write_json,
)

HELP = "measure how rightly the rules bring in people, on labelled messages"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help='one object a line: {"text", "label"} (or "wants_human" and "in_scope" beside an intent), and "language" '
        'or "locale" where it is known',
    )
    parser.add_argument(
        "--mistakes", action="store_true", help="show the messages that were not told as labelled"
    )
    parser.add_argument(
        "--rules-alone", action="store_true", help="leave out what is told by meaning, which needs the model"
    )
    options_of_keeping(parser)
    options_of_figures(parser)


def run(options: argparse.Namespace) -> int:
    """Measures and saves; needs no index."""
    from bot.commands.triggers import told_by
    from bot.dialogue.language import LanguageDetector
    from bot.settings import load
    from evaluations.comparable import of_triggers
    from evaluations.labelled import read
    from evaluations.proportions import shown
    from evaluations.triggers import LABELS, described, evaluate, relabel

    prepare(options)
    messages = read(options.file, LABELS, relabel)
    settings = load(data=options.data)
    triggers, encode = told_by(settings, rules_alone=options.rules_alone)
    with bar(f"trying {options.file.stem}") as progress:
        result = evaluate(
            options.file.stem,
            messages,
            triggers,
            LanguageDetector.load(),
            locales=settings.locales,
            default_locale=settings.default_locale,
            encode=encode,
            progress=progress,
        )
    say(f"{result.name}: {len(messages)} messages")
    for one in result.reasons:
        say(f"  {one.reason:16} precision {shown(one.precision)}")
        say(f"  {'':16} recall    {shown(one.recall)}, for any reason {shown(one.reached)}")
    say(f"  wrongly handed off {shown(result.wrongly_handed_off)}")
    if options.mistakes:
        for mistake in result.mistakes:
            fired = f" by {mistake.rule} on “{mistake.words}”" if mistake.rule else ""
            say(
                f"  {mistake.message.where}: {mistake.message.label}, told {mistake.got}{fired}: {mistake.message.text}"
            )
    asked = {"meaning": "no" if encode is None else "yes"}
    saved, path = keep("triggers", settings, settings.model, asked, [of_triggers(result)])
    say(f"Saved as {saved.id} in {path.parent}.")
    write_json(options, described(result, mistakes=options.mistakes))
    return 0
