"""`tierzero explain "question"`: what is said to it, with every figure that led there."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.commands.shared import common, emit, services

if TYPE_CHECKING:
    from bot.explanation import Candidate, Confidence, Explanation, Quoted


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("question", help="what a customer would write")
    parser.add_argument("--locale", default="", help="the language the customer is believed to read")
    parser.add_argument("--k", type=int, default=5, help="how many candidates to show (default: 5)")
    common(parser)


def run(options: argparse.Namespace) -> int:
    """Explains; stores nothing."""
    from bot.explanation import explain

    if options.k < 1:
        raise SystemExit("tierzero explain: --k must be at least 1")
    with services(options, reads_only=True) as opened:
        found = explain(opened, options.question, options.locale)
    shown = replace(found, candidates=found.candidates[: options.k])
    if options.json:
        emit(shown)
    else:
        _print(shown)
    return 0


def _print(found: "Explanation") -> None:
    print(f"“{found.question}”, read as {found.language}, looked up in {found.searched_in}.")
    for one in found.corrections:
        print(f"  “{one.written}” was read as “{one.read}”")
    _print_candidates(found.candidates)
    if found.quoted is not None:
        _print_quoted(found.quoted)
    if found.confidence is not None:
        _print_confidence(found.confidence)
    print(f"\nDecision: {found.kind.value}, {found.reason.value}. {found.why}")


def _print_candidates(candidates: "Sequence[Candidate]") -> None:
    print("\nCandidates: value × weight = what it adds to the score")
    if not candidates:
        print("  Nothing was found. Check the language, or ingest articles about it.")
    for place, one in enumerate(candidates, 1):
        note = f"  ({one.note})" if one.note else ""
        path = " › ".join((one.title, *one.heading_path))
        print(f"{place:2}. {one.score:.3f}  {one.locale}/{one.article_id}  {path}{note}")
        for part in one.parts:
            print(f"      {part.name:9} {part.value:8.3f} × {part.weight:.3f} = {part.adds:6.3f}")
        for lesson in one.taught:
            print(f"      learned question {lesson.id}: {lesson.text}")
            print(f"        cosine {lesson.cosine:.3f}, worth {lesson.worth:+g}")
            for event in lesson.events:
                print(f"        {event.at:%Y-%m-%d %H:%M} {event.what.value} {event.source}")


def _print_quoted(quoted: "Quoted") -> None:
    from bot.dialogue.sections import FOCUS, RANKED, SUPPORT

    print(
        "\nSections of the quoted article: "
        f"{RANKED} × score + {FOCUS} × likeness of headings + {SUPPORT} × of the quote + steps + what is named = worth"
    )
    for one in quoted.sections:
        mark = "quoted" if one.chosen else ""
        path = " › ".join(one.heading_path) or "(before its first heading)"
        print(
            f"  {one.score:.3f}, likeness {one.focus:.3f} and {one.support:.3f}, steps {one.steps:.2f}, "
            f"named {one.named:.2f}: {one.worth:.3f}  {path}  {mark}"
        )
    asks = "It asks how something is done, so steps are preferred." if quoted.asks_how else ""
    print(
        f"Quote: covers {quoted.support:.3f} of the question, {quoted.characters} characters "
        f"cost it {quoted.price:.3f}. {asks}".rstrip()
    )
    for line in quoted.text.splitlines():
        print(f"  | {line}")


def _print_confidence(confidence: "Confidence") -> None:
    print("\nConfidence: raw signal, weight, what it adds to the logit")
    for part in confidence.parts:
        print(f"  {part.name:13} {part.value:7.3f}  {part.weight:+.3f}  {part.adds:+.3f}")
    print(f"  {'bias':13} {'':7}  {'':6}  {confidence.bias:+.3f}")
    print(f"  logit {confidence.logit:+.3f}, probability {confidence.probability:.3f}")
