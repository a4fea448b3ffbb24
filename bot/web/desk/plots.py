"""Curves of the confidence page in, inline SVG out; colours come from the page's custom properties."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from bot.dialogue.replay import Bin, Risk

_WIDTH, _HEIGHT = 420, 300
_LEFT, _TOP, _SPAN, _TALL = 48, 12, 350, 240


def curve(risks: Sequence[Risk]) -> Markup:
    """Share wrong against share answered: the risk-coverage curve, with the upper end of its interval."""
    top = max(0.1, max(one.wrong for one in risks))
    top = min(1.0, max(top, min(one.at_most for one in risks)) * 1.15)

    def place(coverage: float, wrong: float) -> str:
        return f"{_LEFT + _SPAN * coverage:.1f} {_TOP + _TALL * (1 - min(wrong, top) / top):.1f}"

    line = "L".join(place(one.coverage, one.wrong) for one in risks)
    bound = "L".join(place(one.coverage, one.at_most) for one in risks)
    dots = "".join(_dot(place(one.coverage, one.wrong), one) for one in risks)
    paths = f'<path class="bound" d="M{bound}"/><path class="line" d="M{line}"/>'
    parts = _frame(top, "answered", "wrong") + paths + dots
    return _svg("Share wrong against share answered, of the judged answers", parts)


def diagram(bins: Sequence[Bin]) -> Markup:
    """Share right against the probability that was said: on the diagonal, it means what it says."""
    most = max(one.count for one in bins)
    dots = "".join(
        f'<circle class="dot" cx="{_LEFT + _SPAN * one.said:.1f}" cy="{_TOP + _TALL * (1 - one.right):.1f}"'
        f' r="{3 + 7 * (one.count / most) ** 0.5:.1f}"><title>'
        f"{escape(f'{one.count} answers said {one.said:.0%}, {one.right:.0%} were right')}</title></circle>"
        for one in bins
    )
    ideal = f'<path class="ideal" d="M{_LEFT} {_TOP + _TALL}L{_LEFT + _SPAN} {_TOP}"/>'
    return _svg("Share right against the probability said", _frame(1.0, "said", "right") + ideal + dots)


def _dot(where: str, one: Risk) -> str:
    x, y = where.split()
    said = f"from {one.threshold:.2f}: {one.coverage:.0%} answered, {one.wrong:.1%} wrong, at most {one.at_most:.1%}"
    return f'<circle class="dot" cx="{x}" cy="{y}" r="3"><title>{escape(said)}</title></circle>'


def _frame(top: float, along: str, up: str) -> str:
    parts = []
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = _LEFT + _SPAN * tick, _TOP + _TALL * (1 - tick)
        parts.append(f'<path class="grid" d="M{_LEFT} {y:.1f}H{_LEFT + _SPAN}"/>')
        parts.append(f'<text class="tick end" x="{_LEFT - 6}" y="{y + 4:.1f}">{top * tick:.0%}</text>')
        parts.append(f'<text class="tick mid" x="{x:.1f}" y="{_TOP + _TALL + 18}">{tick:.0%}</text>')
    parts.append(
        f'<text class="tick mid" x="{_LEFT + _SPAN / 2}" y="{_TOP + _TALL + 38}">{escape(along)}</text>'
    )
    parts.append(f'<text class="tick" x="{_LEFT}" y="{_TOP - 2}">{escape(up)}</text>')
    return "".join(parts)


def _svg(title: str, parts: str) -> Markup:
    """Every part has been made of numbers and escaped text."""
    return Markup(  # noqa: S704
        f'<svg class="plot" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">{parts}</svg>'
    )
