"""`tierzero triggers "text"`: which rule would bring in a person, and why."""

import argparse

from bot.commands.shared import common, emit


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("text", help="a customer's message")
    parser.add_argument("--locale", default="", help="the message's language; found out if left out")
    common(parser)


def run(options: argparse.Namespace) -> int:
    """Tries the rules; the exit code is 0 whether one fires or not."""
    from bot.dialogue.language import LanguageDetector
    from bot.dialogue.triggers import Triggers
    from bot.settings import load

    settings = load(data=options.data)
    triggers = Triggers.load()
    language = (
        options.locale
        or LanguageDetector.load()
        .detect(options.text, supported=settings.locales, default=settings.default_locale)
        .language
    )
    fired = triggers.match(options.text, language)
    considered = [one for one in triggers.explain(options.text, language) if one.words or one.fired]
    if options.json:
        emit(
            {
                "reason": fired.reason if fired else "none",
                "rule": fired.rule if fired else "",
                "words": fired.words if fired else "",
                "explanation": fired.explanation if fired else "",
                "priority": fired.priority if fired else "",
                "queue": fired.queue if fired else "",
                "language": language,
                "considered": considered,
            }
        )
        return 0
    if fired:
        print(f"{fired.reason.value}: rule {fired.rule} on “{fired.words}”. {fired.explanation}")
        print(f"priority {fired.priority}, queue {fired.queue}")
    else:
        print("none: no rule fires; the bot would try to answer.")
    for one in considered:
        if not fired or one.rule != fired.rule:
            print(f"  {one.rule}: “{one.words}” — {one.why or 'fires too'}")
    return 0
