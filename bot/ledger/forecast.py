"""Daily counts in, the next two weeks out, by whichever of two ways was closer on the weeks that are past.

One is the week before, repeated (the seasonal naive forecast). The other is exponential smoothing with a weekly season
(Holt 1957, Winters 1960) from statsmodels, where that is installed; it is imported when it is used.
"""

import datetime as dt
import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

SEASON: Final = 7
AHEAD: Final = 14
#: Fortnights of the past that each way is tried on, from the days before them alone.
TRIALS: Final = 6
#: Days without which a weekly season cannot be told from chance.
FEWEST: Final = 8 * SEASON
#: Longer histories change little and take longer to fit.
MOST: Final = 26 * SEASON
#: Quantile of the normal distribution that leaves 2.5% on either side.
_Z: Final = 1.959963984540054


class Way(StrEnum):
    """How a forecast is made."""

    NAIVE = "the week before, repeated"
    SMOOTHED = "exponential smoothing with a weekly season"


@dataclass(frozen=True, slots=True)
class Expected:
    """A coming day."""

    day: dt.date
    count: float
    low: float
    high: float
    """Ends of a 95% interval, from the errors of the trials."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Two weeks, and how far each way was off on past ones."""

    days: tuple[Expected, ...]
    way: Way
    error: float
    """Mean absolute error a day over all trials, as a share of the mean day."""
    naive_error: float
    smoothed_error: float | None
    """None where statsmodels is not installed."""
    trials: int


def forecast(history: Sequence[float], next_day: dt.date, smooth: bool | None = None) -> Forecast | None:
    """The days from `next_day` on; None where the history is too short. Each entry of it is a day, oldest first.

    `smooth` says whether to try exponential smoothing; by default where it is installed.
    """
    return _forecast(tuple(history)[-MOST:], next_day, has_smoothing() if smooth is None else smooth)


@lru_cache(maxsize=64)
def _forecast(history: tuple[float, ...], next_day: dt.date, smooth: bool) -> Forecast | None:
    """Kept: seven fits take a second, and what they are made from changes once a day."""
    trials = min(TRIALS, (len(history) - FEWEST) // AHEAD)
    if trials < 1:
        return None
    naive = _errors(history, trials, _naive)
    smoothed = _errors(history, trials, _smoothed) if smooth else None
    mean = sum(history[-trials * AHEAD :]) / (trials * AHEAD) or 1.0
    better = smoothed is not None and _mean(smoothed) < _mean(naive)
    errors = smoothed if better and smoothed is not None else naive
    made = (_smoothed if better else _naive)(history)
    reach = _Z * math.sqrt(sum(error * error for error in errors) / len(errors))
    days = tuple(
        Expected(next_day + dt.timedelta(days=place), max(count, 0.0), max(count - reach, 0.0), count + reach)
        for place, count in enumerate(made)
    )
    return Forecast(
        days,
        Way.SMOOTHED if better else Way.NAIVE,
        _mean(errors) / mean,
        _mean(naive) / mean,
        None if smoothed is None else _mean(smoothed) / mean,
        trials,
    )


def has_smoothing() -> bool:
    """Whether statsmodels is installed."""
    from importlib.util import find_spec

    return find_spec("statsmodels") is not None


def _errors(
    history: Sequence[float], trials: int, way: Callable[[Sequence[float]], Sequence[float]]
) -> list[float]:
    """How far each day of past fortnights was from what would have been said before it."""
    found = []
    for trial in range(trials, 0, -1):
        cut = len(history) - trial * AHEAD
        # Beyond the newest fortnight there is none to compare with.
        actual = history[cut : cut + AHEAD]
        found += [abs(said - was) for said, was in zip(way(history[:cut]), actual, strict=True)]
    return found


def _mean(errors: Sequence[float]) -> float:
    return sum(errors) / len(errors)


def _naive(history: Sequence[float]) -> Sequence[float]:
    week = list(history[-SEASON:])
    return [week[place % SEASON] for place in range(AHEAD)]


def _smoothed(history: Sequence[float]) -> Sequence[float]:
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    if len(set(history)) == 1:
        return _naive(history)
    with warnings.catch_warnings():
        # A fit that stops early is still a forecast; its errors on past weeks say whether it is a good one.
        warnings.simplefilter("ignore")
        fitted = ExponentialSmoothing(
            list(history),
            trend="add",
            damped_trend=True,
            seasonal="add",
            seasonal_periods=SEASON,
            initialization_method="estimated",
        ).fit(use_brute=False)
        return [float(one) for one in fitted.forecast(AHEAD)]
