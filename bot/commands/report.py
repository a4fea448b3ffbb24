"""`tierzero report week|month|quarter`: a review on the terminal, as a page to read or print, as JSON."""

import argparse
import datetime as dt
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from bot.commands.shared import a_path, plain_json, services
from bot.ledger.periods import Span

if TYPE_CHECKING:
    from bot.ledger.review import Review

#: Nothing was counted before; a slip of the keys such as 0202 is one.
_FIRST_YEAR = 2000


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("span", choices=[span.value for span in Span], help="how long to look back")
    parser.add_argument(
        "--until",
        type=_day,
        metavar="DATE",
        help="the day after the period, such as 2026-03-01 (default: the newest whose 7 days are over)",
    )
    parser.add_argument("--html", type=a_path, metavar="FILE", help="write a page to read or print")
    parser.add_argument("--json", type=a_path, metavar="FILE", help="write the figures as JSON")
    parser.add_argument(
        "--targets",
        type=a_path,
        metavar="FILE",
        help="the team's own targets (default: $TIERZERO_TARGETS, else the ones shipped)",
    )
    parser.add_argument(
        "--cost", type=_cost, metavar="AMOUNT", help="what one contact costs, for the savings"
    )
    parser.add_argument(
        "--rebuild", action="store_true", help="first read conversations from before there was a ledger"
    )
    parser.add_argument("--data", type=a_path, help="data folder (default: $TIERZERO_DATA, else ./var)")


def run(options: argparse.Namespace) -> int:
    """Counts what is not counted yet, prints the figures, writes the files asked for."""
    from bot.ledger.filters import Filter
    from bot.ledger.reviewing import Reviewing
    from bot.ledger.targets import load_targets

    with services(options, reads_only=True) as opened:
        targets = load_targets(options.targets) if options.targets else opened.targets
        if options.cost is not None:
            targets = replace(targets, cost_per_contact=options.cost)
        if options.rebuild:
            print(f"Read {opened.ledger.rebuild()} conversations from before there was a ledger.")
        found = Reviewing(opened.counting, targets).review(Span(options.span), options.until)
        titles = {key.id: one.title for key, one in opened.shelf.published().items()}
        site_name = opened.settings.site_name
        hours = opened.insights.hours(found.period, Filter())
        ahead = opened.insights.volume().ahead if options.html else None
    # Written first: whoever pipes what is printed into `head` has the files all the same.
    if options.html:
        from bot.web.review import review_page

        options.html.write_text(
            review_page(found, targets, titles, site_name, hours=hours, ahead=ahead), encoding="utf-8"
        )
    if options.json:
        options.json.write_text(plain_json(asdict(found)), encoding="utf-8")
    _print(found)
    if options.html:
        print(f"The report is in {options.html}.")
    return 0


def _days(count: int) -> str:
    return "1 day is" if count == 1 else f"{count} days are"


def _print(found: "Review") -> None:
    from bot.web.review import interval, moved, shown

    period = found.period
    print(
        f"{period.first} to {period.until - dt.timedelta(days=1)}: {found.counted.conversations} conversations"
    )
    if found.early_days:
        print(f"{_days(found.early_days)} before the first record: nothing is known of them.")
    if found.uncounted_days:
        print(f"{_days(found.uncounted_days)} not counted yet: their week is not over.")
    for line in found.lines:
        if line.now.of:
            verdict = f"   target {line.now.verdict.value}" if line.now.verdict else ""
            change = f"   {moved(line.change)}" if line.change else ""
            print(f"  {line.now.title:26} {shown(line.now):18} ({interval(line.now)}){verdict}{change}")
    for reason in found.reasons[:5]:
        print(f"  handed off, {reason.reason:20} {reason.now:6} (before: {reason.before})")
    if found.savings:
        print(
            f"  saved {found.savings.low:,.0f} to {found.savings.high:,.0f} {found.savings.currency}".rstrip()
        )


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date such as 2026-03-01") from None
    if day.year < _FIRST_YEAR:
        raise argparse.ArgumentTypeError(f"{text} is before {_FIRST_YEAR}")
    return day


def _cost(text: str) -> float:
    try:
        cost = float(text)
    except ValueError:
        cost = -1.0
    if not 0 <= cost < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no amount such as 7.50")
    return cost
