"""Forecasts: the better of two ways on past weeks is used, and says how far off it was."""

import datetime as dt
import random

import pytest

from bot.ledger.forecast import AHEAD, FEWEST, Way, forecast, has_smoothing

MONDAY = dt.date(2026, 3, 2)
WEEK = (135, 115, 110, 105, 100, 65, 50)


def traffic(weeks: int, noise: float) -> list[float]:
    dice = random.Random(7)
    return [max(0.0, count + dice.gauss(0, noise)) for _ in range(weeks) for count in WEEK]


def test_a_week_that_repeats_itself_is_foreseen_exactly() -> None:
    found = forecast(traffic(20, 0.0), MONDAY, smooth=False)
    assert found is not None
    assert [one.count for one in found.days] == list(WEEK) * 2
    assert (found.way, found.error, found.smoothed_error) == (Way.NAIVE, 0.0, None)
    assert [found.days[0].day, found.days[-1].day] == [MONDAY, MONDAY + dt.timedelta(days=AHEAD - 1)]


def test_a_short_history_is_not_stretched_into_a_forecast() -> None:
    assert forecast([5.0] * (FEWEST + AHEAD - 1), MONDAY, smooth=False) is None
    assert forecast([], MONDAY, smooth=False) is None


def test_its_interval_is_as_wide_as_its_past_errors() -> None:
    calm, wild = (forecast(traffic(20, noise), MONDAY, smooth=False) for noise in (2.0, 30.0))
    assert calm is not None
    assert wild is not None
    assert calm.error < wild.error
    assert calm.days[0].high - calm.days[0].low < wild.days[0].high - wild.days[0].low
    assert all(0.0 <= one.low <= one.count <= one.high for one in wild.days)


@pytest.mark.skipif(not has_smoothing(), reason="needs the extra `forecast`")
def test_the_way_that_was_closer_is_used_and_the_other_is_named() -> None:
    # Averaging over many weeks beats repeating one, where weeks differ by chance alone.
    found = forecast(traffic(24, 20.0), MONDAY)
    assert found is not None
    assert found.smoothed_error is not None
    assert found.way is Way.SMOOTHED
    assert found.error == found.smoothed_error < found.naive_error
    # And does not where nothing is chance.
    exact = forecast(traffic(24, 0.0), MONDAY)
    assert exact is not None
    assert exact.way is Way.NAIVE
