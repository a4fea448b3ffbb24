"""`tierzero gaps`: questions that nobody could answer, grouped, the costliest first; computes them and keeps them."""

import argparse
from typing import TYPE_CHECKING

from bot.commands.shared import common, emit, progress_bars, services

if TYPE_CHECKING:
    from bot.gaps.gap import Gap


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--days", type=_positive, default=90, help="how far to look back (default: 90)")
    parser.add_argument("--most", type=_positive, default=20, help="how many to print (default: 20)")
    parser.add_argument("--kept", action="store_true", help="print what was found last, and compute nothing")
    common(parser)


def run(options: argparse.Namespace) -> int:
    """Finds gaps, asks their questions again, and prints the costliest."""
    with services(options, reads_only=True) as opened, progress_bars() as show:
        flow = opened.gap_finding
        found = None if options.kept else flow.find(options.days, show)
        gaps = tuple(opened.gaps.listing()) if found is None else found.gaps
        names = {gap.id: opened.gaps.name(gap) for gap in gaps[: options.most]}
    if options.json:
        emit(
            {
                "questions": found.questions if found else None,
                "alone": found.alone if found else None,
                "gaps": [_plain(gap, names[gap.id]) for gap in gaps[: options.most]],
            }
        )
        return 0
    if found is not None:
        print(
            f"{found.questions} questions failed, {found.alone} of them nobody else asked; {len(gaps)} gaps"
        )
    for gap in gaps[: options.most]:
        print(f"\n{gap.id}  {gap.state.value}  “{names[gap.id]}”")
        print(
            f"  {len(gap.questions)} questions in {gap.conversations} conversations, {gap.tickets} tickets, "
            f"{gap.minutes:.0f} minutes; {gap.answered} of {gap.asked_again} answered now"
        )
        if gap.advice:
            print(f"  {gap.advice.cure.value}: {gap.advice.why}")
    return 0


def _plain(gap: "Gap", name: str) -> dict[str, object]:
    """A gap without what customers wrote, but for its masked name."""
    return {
        "id": gap.id,
        "name": name,
        "language": gap.language,
        "state": gap.state,
        "assignee": gap.assignee,
        "questions": len(gap.questions),
        "conversations": gap.conversations,
        "tickets": gap.tickets,
        "minutes": gap.minutes,
        "asked_again": gap.asked_again,
        "answered_now": gap.answered,
        "advice": gap.advice,
    }


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number
