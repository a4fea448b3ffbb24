"""Figures in, inline SVG out; colours come from the page's custom properties, so that it prints and dims with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

_WIDTH = 960
_LEFT, _RIGHT = 230, 60
_ROW, _GAP, _TOP, _BOTTOM = 16, 14, 8, 26
_LONGEST_LABEL = 30


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `low` and `high` are the ends of its whisker."""

    series: int
    """Which colour, from 0."""
    value: float
    low: float
    high: float
    hint: str


@dataclass(frozen=True, slots=True)
class Row:
    """The bars of one set."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """Cases of like confidence: what was said and what was so."""

    said: float
    """Mean confidence, 0..1."""
    was: float
    """Share that was right, 0..1."""
    low: float
    high: float
    count: int


def bars(rows: Sequence[Row], title: str, *, most: float = 0.0, unit: str = "") -> Markup:
    """Horizontal bars with whiskers, grouped by row; the axis runs from 0 to `most`, or to the largest value."""
    top = most or _round_up(max((bar.high for row in rows for bar in row.bars), default=1.0))
    span = _WIDTH - _LEFT - _RIGHT
    height = _TOP + sum(len(row.bars) * _ROW + _GAP for row in rows) + _BOTTOM
    parts = [_axis(top, span, height, unit)]
    y = float(_TOP)
    for row in rows:
        middle = y + len(row.bars) * _ROW / 2 + 4
        parts.append(
            f'<text class="label" x="{_LEFT - 10}" y="{middle:.1f}">{escape(_shortened(row.label))}</text>'
        )
        for bar in row.bars:
            parts.append(_bar(bar, y, span / top))
            y += _ROW
        y += _GAP
    return _svg(height, title, parts)


def reliability(bins: Sequence[Bin], title: str) -> Markup:
    """Said against was: on the diagonal confidence means what it says; dots are sized by how many cases they hold."""
    side, left, top = 300, 60, 12
    largest = max((one.count for one in bins), default=1)
    parts = [
        f'<line class="ideal" x1="{left}" y1="{top + side}" x2="{left + side}" y2="{top}"/>',
        _square(side, left, top, "confidence that was said", "share that was right"),
    ]
    for one in bins:
        x, y = left + one.said * side, top + (1 - one.was) * side
        low, high = top + (1 - one.low) * side, top + (1 - one.high) * side
        radius = 3 + 7 * (one.count / largest) ** 0.5
        hint = f"said {one.said:.2f}, was {one.was:.2f}, {one.count} cases"
        parts.append(f'<line class="whisker" x1="{x:.1f}" y1="{low:.1f}" x2="{x:.1f}" y2="{high:.1f}"/>')
        parts.append(
            f'<circle class="s0" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"><title>{hint}</title></circle>'
        )
    return _svg(top + side + 48, title, parts, width=left + side + 30)


def curves(lines: Sequence[Sequence[tuple[float, float]]], title: str, across: str, up: str) -> Markup:
    """Lines of (x, y) within 0..1 in a square, one colour each; the axes are named `across` and `up`."""
    side, left, top = 300, 60, 12
    parts = [_square(side, left, top, across, up)]
    for series, line in enumerate(lines):
        path = "L".join(f"{left + x * side:.1f} {top + (1 - y) * side:.1f}" for x, y in line)
        parts.append(f'<path class="line s{series}" d="M{path}"/>')
    return _svg(top + side + 48, title, parts, width=left + side + 30)


def _square(side: float, left: float, top: float, across: str, up: str) -> str:
    parts = []
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = left + tick * side, top + (1 - tick) * side
        parts.append(f'<line class="grid" x1="{left}" y1="{y:.1f}" x2="{left + side}" y2="{y:.1f}"/>')
        parts.append(f'<text class="tick end" x="{left - 8}" y="{y + 4:.1f}">{tick:.2f}</text>')
        parts.append(f'<text class="tick" x="{x:.1f}" y="{top + side + 18}">{tick:.2f}</text>')
    middle = left + side / 2
    parts.append(f'<text class="tick" x="{middle:.0f}" y="{top + side + 38}">{escape(across)}</text>')
    parts.append(
        f'<text class="tick" transform="translate(14 {top + side / 2:.0f}) rotate(-90)">{escape(up)}</text>'
    )
    return "".join(parts)


def _axis(top: float, span: float, height: float, unit: str) -> str:
    parts = []
    for step in range(5):
        value = top * step / 4
        x = _LEFT + span * step / 4
        parts.append(
            f'<line class="grid" x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{height - _BOTTOM + 4}"/>'
        )
        parts.append(f'<text class="tick" x="{x:.1f}" y="{height - 6}">{value:g}{escape(unit)}</text>')
    return "".join(parts)


def _bar(bar: Bar, y: float, scale: float) -> str:
    width = max(bar.value * scale, 1.0)
    low, high = _LEFT + bar.low * scale, _LEFT + bar.high * scale
    middle, end = y + _ROW / 2, max(high, _LEFT + width) + 6
    return (
        f"<g><title>{escape(bar.hint)}</title>"
        f'<rect class="s{bar.series}" x="{_LEFT}" y="{y + 2:.1f}" width="{width:.1f}" height="{_ROW - 4}" rx="2"/>'
        f'<path class="whisker" d="M{low:.1f} {middle:.1f}H{high:.1f}'
        f'M{low:.1f} {middle - 3:.1f}v6M{high:.1f} {middle - 3:.1f}v6"/>'
        f'<text class="value" x="{end:.1f}" y="{middle + 4:.1f}">{_number(bar.value)}</text></g>'
    )


def _svg(height: float, title: str, parts: Sequence[str], width: float = _WIDTH) -> Markup:
    """Every part has been made of numbers and escaped text."""
    wide = ' class="wide"' if width == _WIDTH else ""
    return Markup(  # noqa: S704
        f'<svg{wide} viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" role="img" '
        f'aria-label="{escape(title)}">' + "".join(parts) + "</svg>"
    )


def _number(value: float) -> str:
    if value >= 100 or value == round(value):
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.3f}"


def _round_up(value: float) -> float:
    """The next number that four steps divide nicely."""
    step = 1e-3
    while True:
        for factor in (1.0, 2.0, 4.0, 8.0):
            if value <= step * factor:
                return step * factor
        step *= 10.0


def _shortened(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1] + "…"
