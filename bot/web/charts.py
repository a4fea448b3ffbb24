"""Figures in, inline SVG out; colours come from the page's custom properties, so that it prints and dims with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

_WIDTH, _LEFT, _RIGHT = 960, 250, 70
_ROW, _GAP, _TOP, _BOTTOM = 18, 12, 8, 26
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Extent:
    """A share that is known to lie between two values, with the ends of the interval around both, all 0..1."""

    label: str
    low: float
    high: float
    floor: float
    ceiling: float
    hint: str
    series: int = 0
    """Which colour, from 0."""


@dataclass(frozen=True, slots=True)
class Point:
    """A day of a band."""

    label: str
    low: float
    high: float
    hint: str


def extents(rows: Sequence[Extent], title: str, target: float | None = None) -> Markup:
    """Horizontal bars from `low` to `high`, full up to `low`, with whiskers; `target` is a dashed line."""
    span = _WIDTH - _LEFT - _RIGHT
    height = _TOP + len(rows) * (_ROW + _GAP) + _BOTTOM
    parts = [_axis(span, height)]
    if target is not None:
        x = _LEFT + span * target
        parts.append(f'<line class="ideal" x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{height - _BOTTOM}"/>')
    for place, row in enumerate(rows):
        parts.append(_extent(row, _TOP + place * (_ROW + _GAP), span))
    return _svg(height, title, parts)


def band(points: Sequence[Point], title: str) -> Markup:
    """A band from `low` to `high` over time, with both edges drawn."""
    left, top, tall = 60, 10, 180
    span, height = _WIDTH - left - 20, top + tall + 34
    step = span / max(len(points) - 1, 1)
    parts = []
    for tick in _TICKS:
        y = top + tall * (1 - tick)
        parts.append(f'<line class="grid" x1="{left}" y1="{y:.1f}" x2="{left + span}" y2="{y:.1f}"/>')
        parts.append(f'<text class="tick end" x="{left - 8}" y="{y + 4:.1f}">{tick:.0%}</text>')
    upper = [(left + place * step, top + tall * (1 - one.high)) for place, one in enumerate(points)]
    lower = [(left + place * step, top + tall * (1 - one.low)) for place, one in enumerate(points)]
    parts.append(f'<path class="area" d="M{_path(upper)}L{_path(lower[::-1])}Z"/>')
    parts.append(f'<path class="line s1" d="M{_path(upper)}"/><path class="line s0" d="M{_path(lower)}"/>')
    every = max(1, len(points) // 8)
    for place, (one, (x, y)) in enumerate(zip(points, lower, strict=True)):
        parts.append(
            f'<circle class="s0" cx="{x:.1f}" cy="{y:.1f}" r="2.5"><title>{escape(one.hint)}</title></circle>'
        )
        if place % every == 0:
            parts.append(f'<text class="tick" x="{x:.1f}" y="{top + tall + 20}">{escape(one.label)}</text>')
    return _svg(height, title, parts)


def _path(line: Sequence[tuple[float, float]]) -> str:
    return "L".join(f"{x:.1f} {y:.1f}" for x, y in line)


def _axis(span: float, height: float) -> str:
    parts = []
    for tick in _TICKS:
        x = _LEFT + span * tick
        parts.append(
            f'<line class="grid" x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{height - _BOTTOM + 4}"/>'
        )
        parts.append(f'<text class="tick" x="{x:.1f}" y="{height - 6}">{tick:.0%}</text>')
    return "".join(parts)


def _extent(row: Extent, y: float, span: float) -> str:
    low, high = (_LEFT + value * span for value in (row.low, row.high))
    floor, ceiling = (_LEFT + value * span for value in (row.floor, row.ceiling))
    middle = y + _ROW / 2
    bar, tall = f'y="{y + 2:.1f}"', f'height="{_ROW - 4}"'
    said = f"{row.low:.1%}" if row.low == row.high else f"{row.low:.1%} to {row.high:.1%}"
    return (
        f"<g><title>{escape(row.hint)}</title>"
        f'<text class="label" x="{_LEFT - 10}" y="{middle + 4:.1f}">{escape(row.label)}</text>'
        f'<rect class="s{row.series}" x="{_LEFT}" {bar} width="{max(low - _LEFT, 1):.1f}" {tall}/>'
        f'<rect class="maybe s{row.series}" x="{low:.1f}" {bar} width="{high - low:.1f}" {tall}/>'
        f'<path class="whisker" d="M{floor:.1f} {middle:.1f}H{ceiling:.1f}'
        f'M{floor:.1f} {middle - 3:.1f}v6M{ceiling:.1f} {middle - 3:.1f}v6"/>'
        f'<text class="value" x="{max(ceiling, high) + 6:.1f}" y="{middle + 4:.1f}">{said}</text></g>'
    )


def _svg(height: float, title: str, parts: Sequence[str]) -> Markup:
    """Every part has been made of numbers and escaped text."""
    return Markup(  # noqa: S704
        f'<svg viewBox="0 0 {_WIDTH} {height:.0f}" width="{_WIDTH}" role="img" aria-label="{escape(title)}">'
        + "".join(parts)
        + "</svg>"
    )
