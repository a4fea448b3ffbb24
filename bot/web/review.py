"""A review in, one HTML file out that needs nothing beside it: no script, no other address, readable in print."""

import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.ledger.facts import FactKind
from bot.ledger.figures import PAIR_NOTE
from bot.ledger.forecast import Forecast
from bot.ledger.intervals import Change
from bot.ledger.parts import Hour
from bot.ledger.range import Range, Unit
from bot.ledger.review import Review
from bot.ledger.targets import Targets
from bot.web import charts
from bot.web.heat import DAYS, heat

_TEMPLATES = Path(__file__).parent / "templates"
_HOUR = 3600.0
#: Figures drawn as the way of a conversation, from all to those surely settled.
_FUNNEL = ("involved", "answered", "contained", "deflection")


def review_page(
    found: Review,
    targets: Targets,
    titles: Mapping[str, str],
    site_name: str,
    *,
    hours: Mapping[int, Hour] | None = None,
    ahead: Forecast | None = None,
) -> str:
    """The page; `titles` are those of articles by id, as far as they are known.

    `hours` are the conversations of the period by the hour of the week, `ahead` what is expected from today on.
    """
    return (
        _environment()
        .get_template("review.html")
        .render(
            review=found,
            targets=targets,
            titles=titles,
            site_name=site_name,
            pair=_pair(found, targets),
            funnel=_funnel(found),
            band=_band(found),
            note=PAIR_NOTE,
            kinds=FactKind,
            heat=heat(hours) if hours else None,
            weekdays=DAYS,
            ahead=ahead,
        )
    )


def shown(one: Range) -> str:
    """A figure for people: `31.0% to 62.5%`, `12 min`, or that there is nothing to count."""
    if not one.of:
        return "nothing to count"
    low, high = _value(one.low, one.unit), _value(one.high, one.unit)
    return low if low == high else f"{low} to {high}"


def interval(one: Range) -> str:
    """Both ends of the interval, for people."""
    if not one.of:
        return ""
    return f"{_value(one.floor, one.unit)} to {_value(one.ceiling, one.unit)}"


def moved(one: Change | None) -> str:
    """A change for people, in points of a hundred."""
    if one is None:
        return ""
    sign = "+" if one.value >= 0 else "−"
    points = f"{sign}{abs(100 * one.value):.1f} points"
    return points if one.real else f"{points}, may be chance"


def target_shown(unit: Unit, value: float) -> str:
    """A wanted value for people: `40%`, `15 min`, `50`."""
    return f"{value:.0%}" if unit is Unit.SHARE else _value(value, unit).removesuffix(".0")


def _value(value: float | None, unit: Unit) -> str:
    if value is None or math.isinf(value):
        return "not ended"
    if unit is Unit.SHARE:
        return f"{value:.1%}"
    if unit in (Unit.SCORE, Unit.COUNT):
        return f"{value:.1f}"
    return f"{value / 60:.0f} min" if value < 2 * _HOUR else f"{value / _HOUR:.1f} h"


def _pair(found: Review, targets: Targets) -> Markup | None:
    rows: list[charts.Extent] = []
    for label, line in (("this period", found.lines[0].now), ("the one before", found.lines[0].before)):
        if line.low is not None and line.high is not None:
            rows.append(_extent(label, line, series=len(rows)))
    target = targets.wanted.get("deflection")
    title = "Deflection, at least and at most"
    return charts.extents(rows, title, target.value if target else None) if rows else None


def _funnel(found: Review) -> Markup | None:
    by_name = {line.now.name: line.now for line in found.lines}
    rows = [_extent(by_name[name].title, by_name[name]) for name in _FUNNEL if by_name[name].of]
    return charts.extents(rows, "From asked to settled, of all conversations that count") if rows else None


def _extent(label: str, one: Range, series: int = 0) -> charts.Extent:
    hint = f"{one.title}: {shown(one)} of {one.of}, 95% interval {interval(one)}"
    return charts.Extent(label, one.low or 0.0, one.high or 0.0, one.floor, one.ceiling, hint, series)


def _band(found: Review) -> Markup | None:
    points = [
        charts.Point(
            f"{day.day:%d %b}",
            day.low,
            day.high,
            f"{day.day}: {day.low:.0%} to {day.high:.0%} of {day.conversations} conversations",
        )
        for day in found.days
    ]
    return charts.band(points, "Deflection by the day of opening") if len(points) > 1 else None


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update({"shown": shown, "interval": interval, "moved": moved})
    environment.filters["money"] = lambda value: f"{value:,.0f}"
    return environment
