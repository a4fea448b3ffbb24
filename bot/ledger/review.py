"""Counts of a period and of the one before in, a review out: figures, what changed, reasons, articles."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.ledger.facts import FactKind
from bot.ledger.figures import Savings, deflection, figures, savings
from bot.ledger.intervals import Change, change, share
from bot.ledger.periods import Period
from bot.ledger.range import Range, Unit
from bot.ledger.tally import Tally, total
from bot.ledger.targets import Targets

#: Articles shown, most quoted first.
_ARTICLES: Final = 15


@dataclass(frozen=True, slots=True)
class Line:
    """A figure beside the one of the period before."""

    now: Range
    before: Range
    change: Change | None
    """Of a share, how much it moved: of the lower bound where there are two. None for scores and times."""
    upper_change: Change | None
    """Of the upper bound, where there are two."""


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """Why people were brought in, how often."""

    reason: str
    now: int
    before: int
    change: Change | None
    """Of its share of all conversations."""


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """What became of the conversations that quoted an article."""

    article_id: str
    now: int
    before: int
    confirmed: int
    failed: int
    """Abandoned, handed off or followed by a return."""
    change: Change | None
    """Of the share that failed."""


@dataclass(frozen=True, slots=True)
class DayLine:
    """Deflection of one day, 0..1."""

    day: dt.date
    low: float
    high: float
    conversations: int


@dataclass(frozen=True, slots=True)
class Young:
    """What is too young to be counted, and from which day on there is anything."""

    first: dt.date
    conversations: Mapping[FactKind, int]
    """Conversations from that day on, by what happened in them so far."""
    began: dt.date | None
    """The day of the first record; None where there is none."""


@dataclass(frozen=True, slots=True)
class Review:
    """All that a report shows."""

    period: Period
    counted: Tally
    before: Tally
    uncounted_days: int
    """Days of the period that are in no figure yet: their windows are still open, or nobody has counted them."""
    early_days: int
    """Days of the period before the first record; nothing is known of them."""
    lines: tuple[Line, ...]
    reasons: tuple[ReasonLine, ...]
    articles: tuple[ArticleLine, ...]
    days: tuple[DayLine, ...]
    savings: Savings | None
    since: Mapping[FactKind, int]
    """Conversations since the period, by what happened in them so far; too young to be counted."""
    since_day: dt.date
    """The first day of those: the period's end, or the newest that is too young where the period is long past."""


def review(
    period: Period,
    counted: Mapping[dt.date, Tally],
    before: Mapping[dt.date, Tally],
    young: Young,
    targets: Targets,
) -> Review:
    """Puts together what `counted` and `before` have, by day."""
    now, earlier = total(counted.values()), total(before.values())
    days = [period.first + dt.timedelta(days=place) for place in range(period.days)]
    known = [day for day in days if young.began is not None and day >= young.began]
    return Review(
        period=period,
        counted=now,
        before=earlier,
        uncounted_days=sum(day not in counted for day in known),
        early_days=len(days) - len(known),
        lines=_lines(now, earlier, targets),
        reasons=_reasons(now, earlier),
        articles=_articles(now, earlier),
        days=tuple(_day(day, one) for day, one in sorted(counted.items()) if one.conversations),
        savings=savings(now, targets),
        since=young.conversations,
        since_day=young.first,
    )


def _lines(now: Tally, before: Tally, targets: Targets) -> tuple[Line, ...]:
    return tuple(
        Line(one, earlier, _change(earlier, one, upper=False), _change(earlier, one, upper=True))
        for one, earlier in zip(figures(now, targets), figures(before, targets), strict=True)
    )


def _change(before: Range, now: Range, *, upper: bool) -> Change | None:
    if now.unit is not Unit.SHARE or (upper and now.low == now.high):
        return None
    first, second = (one.high if upper else one.low for one in (before, now))
    if first is None or second is None:
        return None
    return change(share(round(first * before.of), before.of), share(round(second * now.of), now.of))


def _reasons(now: Tally, before: Tally) -> tuple[ReasonLine, ...]:
    names = {*now.reasons, *before.reasons}
    found = [
        ReasonLine(
            name,
            now.reasons.get(name, 0),
            before.reasons.get(name, 0),
            change(
                share(before.reasons.get(name, 0), before.conversations),
                share(now.reasons.get(name, 0), now.conversations),
            ),
        )
        for name in names
    ]
    return tuple(sorted(found, key=lambda one: (-one.now, -one.before, one.reason)))


def _articles(now: Tally, before: Tally) -> tuple[ArticleLine, ...]:
    most = sorted(now.articles.items(), key=lambda one: (-one[1], one[0]))[:_ARTICLES]
    return tuple(
        ArticleLine(
            name,
            count,
            before.articles.get(name, 0),
            now.articles_confirmed.get(name, 0),
            now.articles_failed.get(name, 0),
            change(
                share(before.articles_failed.get(name, 0), before.articles.get(name, 0)),
                share(now.articles_failed.get(name, 0), count),
            ),
        )
        for name, count in most
    )


def _day(day: dt.date, counted: Tally) -> DayLine:
    low, high = deflection(counted)
    return DayLine(day, low.value or 0.0, high.value or 0.0, counted.conversations)
