"""Runs of simulated traffic in, how often each way of counting has the truth between its bounds out."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from bot.ledger.figures import deflection
from bot.ledger.intervals import Share, share
from bot.ledger.tally import DAY, tally_days, total
from evaluations.traffic import START, World, draw_world, simulate

SEED: Final = 20_260_301


@dataclass(frozen=True, slots=True)
class DeflectionRun:
    """One world: what was so, and what was counted; shares of all conversations, 0..1."""

    world: World
    conversations: int
    truth: float
    low: float
    """The confirmed lower bound."""
    high: float
    """The contained upper bound."""
    floor: float
    ceiling: float
    """Ends of the 95% intervals around both."""
    no_hand_off: float
    """What a count of conversations without a hand-off says."""
    no_hand_off_low: float
    no_hand_off_high: float

    @property
    def within_bounds(self) -> bool:
        """Whether the truth lies between the two bounds themselves."""
        return self.low <= self.truth <= self.high

    @property
    def within_intervals(self) -> bool:
        """Whether it lies between the outer ends of their intervals."""
        return self.floor <= self.truth <= self.ceiling

    @property
    def no_hand_off_right(self) -> bool:
        """Whether the interval of the plain count has the truth in it."""
        return self.no_hand_off_low <= self.truth <= self.no_hand_off_high


@dataclass(frozen=True, slots=True)
class DeflectionResult:
    """All runs."""

    runs: tuple[DeflectionRun, ...]

    @property
    def within_bounds(self) -> Share:
        """Runs whose truth lies between the bounds."""
        return share(sum(one.within_bounds for one in self.runs), len(self.runs))

    @property
    def within_intervals(self) -> Share:
        """Runs whose truth lies between the ends of the intervals."""
        return share(sum(one.within_intervals for one in self.runs), len(self.runs))

    @property
    def no_hand_off_right(self) -> Share:
        """Runs in which the plain count's interval has the truth."""
        return share(sum(one.no_hand_off_right for one in self.runs), len(self.runs))

    @property
    def no_hand_off_excess(self) -> float:
        """How much the plain count is above the truth in the middle run, in points of 1."""
        return float(np.median([one.no_hand_off - one.truth for one in self.runs]))

    @property
    def width(self) -> float:
        """How far apart the bounds are in the middle run, in points of 1."""
        return float(np.median([one.high - one.low for one in self.runs]))


def evaluate(
    runs: int = 100,
    *,
    seed: int = SEED,
    days: int = 92,
    a_day: int = 30,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> DeflectionResult:
    """Counts simulated traffic by the very definitions that reports use, each run in a world of its own."""
    found = []
    for place in range(runs):
        found.append(_run(seed + place, days, a_day))
        progress(place + 1, runs)
    return DeflectionResult(tuple(found))


def _run(seed: int, days: int, a_day: int) -> DeflectionRun:
    world = draw_world(np.random.default_rng([seed, 1]))
    traffic = simulate(world, seed, days=days, a_day=a_day)
    counted = total(tally_days(traffic.facts, START, START + DAY * (days - 1)).values())
    lower, upper = deflection(counted)
    plain = share(counted.conversations - counted.handed_off, counted.conversations)
    return DeflectionRun(
        world=world,
        conversations=counted.conversations,
        truth=traffic.settled / traffic.conversations,
        low=lower.value or 0.0,
        high=upper.value or 0.0,
        floor=lower.low,
        ceiling=upper.high,
        no_hand_off=plain.value or 0.0,
        no_hand_off_low=plain.low,
        no_hand_off_high=plain.high,
    )


def described(result: DeflectionResult) -> dict[str, Any]:
    """The figures as JSON has them."""
    return {
        "runs": len(result.runs),
        "within_bounds": result.within_bounds.count,
        "within_intervals": result.within_intervals.count,
        "no_hand_off_right": result.no_hand_off_right.count,
        "no_hand_off_excess": round(result.no_hand_off_excess, 6),
        "width": round(result.width, 6),
        "first_day": START.isoformat(),
        "each": [asdict(one) for one in result.runs],
    }
