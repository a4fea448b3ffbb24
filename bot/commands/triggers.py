"""`tierzero triggers "text"`: which rule would bring in a person, and why."""

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.commands.shared import common, emit

if TYPE_CHECKING:
    from bot.dialogue.triggers import Triggers
    from bot.dialogue.triggers.meaning import Seen
    from bot.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("text", help="a customer's message")
    parser.add_argument("--locale", default="", help="the message's language; found out if left out")
    parser.add_argument(
        "--rules-alone", action="store_true", help="leave out what is told by meaning, which needs the model"
    )
    common(parser)


def told_by(
    settings: "Settings", *, rules_alone: bool = False
) -> "tuple[Triggers, Callable[[str], Seen] | None]":
    """The triggers as the chat has them, with the encoder's view of a message; None where the rules are alone."""
    from bot.dialogue.triggers import Meaning, Triggers
    from bot.model import load_encoder, second_look

    if rules_alone:
        return Triggers.load(), None
    encoder = load_encoder(settings)
    meaning = Meaning.load()
    if not meaning.fits(encoder.identity):
        return Triggers.load(), None
    look_closer = second_look(settings, encoder.identity, lambda said: print(said, file=sys.stderr))
    return Triggers.load().including(meaning, look_closer), lambda text: encoder.encode_together([text])[0]


def run(options: argparse.Namespace) -> int:
    """Tries the rules; the exit code is 0 whether one fires or not."""
    from bot.dialogue.language import LanguageDetector
    from bot.dialogue.triggers.trying import Trying
    from bot.settings import load

    settings = load(data=options.data)
    triggers, seen = told_by(settings, rules_alone=options.rules_alone)
    trying = Trying(
        triggers,
        LanguageDetector.load(),
        seen,
        locales=settings.locales,
        default_locale=settings.default_locale,
    )
    tried = trying.tried(options.text, options.locale)
    fired = tried.fired
    if options.json:
        emit(
            {
                "reason": fired.reason if fired else "none",
                "rule": fired.rule if fired else "",
                "words": fired.words if fired else "",
                "explanation": fired.explanation if fired else "",
                "priority": fired.priority if fired else "",
                "queue": fired.queue if fired else "",
                "overruled": tried.overruled.rule if tried.overruled else "",
                "language": tried.language,
                "considered": tried.considered,
                "chances": {one.label: round(one.probability, 4) for one in tried.chances},
            }
        )
        return 0
    if tried.overruled:
        print(f"the rule {tried.overruled.rule} fired on “{tried.overruled.words}”; the meaning overruled it")
    if fired:
        print(f"{fired.reason.value}: rule {fired.rule} on “{fired.words}”. {fired.explanation}")
        print(f"priority {fired.priority}, queue {fired.queue}")
    else:
        print("none: nothing fires; the bot would try to answer.")
    for one in tried.considered:
        if not fired or one.rule != fired.rule:
            print(f"  {one.rule}: “{one.words}” — {one.why or 'fires too'}")
    if tried.chances:
        likeliest = ", ".join(f"{one.label} {one.probability:.2f}" for one in tried.chances[:3])
        print(f"by meaning: {likeliest}")
    return 0
