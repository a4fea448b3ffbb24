"""A share in, how reports and people read it out; `bot.ledger.intervals` makes them."""

from bot.ledger.intervals import Share


def rounded(one: Share) -> float | None:
    """The share as reports have it."""
    return None if one.value is None else round(one.value, 6)


def interval(one: Share) -> list[float]:
    """Both ends, as reports have them."""
    return [round(one.low, 6), round(one.high, 6)]


def shown(one: Share) -> str:
    """A share for people: `.950 (.764 to .991, 19 of 20)`."""
    if one.value is None:
        return "none to count"
    return f"{one.value:.3f} (95% {one.low:.3f} to {one.high:.3f}, {one.count} of {one.of})"
