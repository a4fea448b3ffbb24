"""Waits and survey answers in, medians, p90 and recommendation scores out."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from bot.ledger.range import Range, Unit
from bot.ledger.targets import Targets

#: Of the scale from 0 to 10 (Reichheld 2003, "The one number you need to grow").
_PROMOTERS: Final = ("9", "10")
_PASSIVES: Final = ("7", "8")
#: Quantile of the normal distribution that leaves 2.5% on either side.
_Z: Final = 1.959963984540054


def recommendation(given: Mapping[str, int], targets: Targets) -> list[Range]:
    """Promoters less detractors on -100..100, with the normal interval of a difference of shares; and the mean."""
    of = sum(given.values())
    title, about = "Net promoter score", "how likely the customer is to recommend, 0 to 10"
    scale = f"{about}: share of 9 and 10 less share of 0 to 6, from -100 to 100"
    if not of:
        nothing = (None, None, -math.inf, math.inf, 0, None)
        return [
            Range("net_promoter", title, scale, Unit.SCORE, *nothing),
            Range("recommendation", "Mean recommendation", about, Unit.SCORE, *nothing),
        ]
    promoters = sum(given.get(one, 0) for one in _PROMOTERS) / of
    detractors = 1.0 - promoters - sum(given.get(one, 0) for one in _PASSIVES) / of
    score = promoters - detractors
    reach = _Z * math.sqrt(max(promoters + detractors - score * score, 0.0) / of)
    mean = sum(int(one) * count for one, count in given.items()) / of
    spread = sum(count * (int(one) - mean) ** 2 for one, count in given.items()) / of
    around = _Z * math.sqrt(spread / of)
    low, high = 100 * (score - reach), 100 * (score + reach)
    target = targets.wanted.get("net_promoter")
    return [
        Range(
            *(
                "net_promoter",
                title,
                scale,
                Unit.SCORE,
                100 * score,
                100 * score,
                max(low, -100),
                min(high, 100),
            ),
            of,
            target.verdict(low, high) if target else None,
        ),
        Range(
            *("recommendation", "Mean recommendation", about, Unit.SCORE, mean, mean),
            *(max(mean - around, 0.0), min(mean + around, 10.0), of, None),
        ),
    ]


def waiting(
    name: str, title: str, until: str, waits: Sequence[float | None], targets: Targets
) -> list[Range]:
    """Median and p90 of waits, shortest first; the target, being for the usual case, is judged by the median."""
    target = targets.wanted.get(name)
    if all(wait is None for wait in waits):
        # Where not one has ended, the desk does not say yet when one does.
        waits = ()
    found = []
    for kind, at in (("median", 0.5), ("p90", 0.9)):
        value, low, high = quantile(waits, at)
        meaning = f"from people having it to the {until}, {kind}, in business hours; what has not ended is the longest"
        judged = target.verdict(low, high) if target and waits and kind == "median" else None
        found.append(
            Range(
                *(f"{name}_{kind}", f"{title}, {kind}", meaning, Unit.SECONDS, value, value),
                *(low, high, len(waits), judged),
            )
        )
    return found


def handling(handled: Sequence[float | None]) -> list[Range]:
    """Median and p90 of how long conversations waited for the person who had them."""
    found = []
    for kind, at in (("median", 0.5), ("p90", 0.9)):
        value, low, high = quantile(handled, at)
        meaning = (
            f"business hours in which it was that person's turn, from taking it or the customer's word to the next "
            f"act, {kind}; no stopwatch"
        )
        found.append(
            Range(
                *(f"handle_time_{kind}", f"Handle time, {kind}", meaning, Unit.SECONDS, value, value),
                *(low, high, len(handled), None),
            )
        )
    return found


def each(agents: Mapping[str, int]) -> Range:
    """How many conversations each person solved: mean, with the least and the most as ends."""
    of = len(agents)
    mean = sum(agents.values()) / of if of else None
    least, most = (min(agents.values()), max(agents.values())) if of else (0, math.inf)
    meaning = "solved, by each person who solved any: mean, with the fewest and the most beside it"
    return Range(
        *("tickets_per_agent", "Tickets per agent", meaning, Unit.COUNT, mean, mean, least, most, of, None)
    )


def quantile(waits: Sequence[float | None], at: float) -> tuple[float | None, float, float]:
    """A quantile of waits, shortest first, with its 95% interval by order statistics (Conover 1999, section 3.2).

    None is a wait that has not ended: longer than any other, and infinite in the interval.
    """
    count = len(waits)
    if not count:
        return None, 0.0, math.inf
    reach = _Z * math.sqrt(count * at * (1.0 - at))
    low, high = math.ceil(count * at - reach), math.ceil(count * at + reach)
    # Beyond the ends of what was seen, nothing is known.
    floor = waits[low - 1] if low >= 1 else 0.0
    ceiling = waits[high - 1] if high <= count else None
    middle = waits[max(math.ceil(count * at), 1) - 1]
    return middle, math.inf if floor is None else floor, math.inf if ceiling is None else ceiling
