"""Probabilities with what was right in, how well they tell when to answer out.

Answering only what is sure enough is selective prediction (Geifman & El-Yaniv 2017, "Selective Classification for Deep
Neural Networks"): coverage is the share that is answered, risk the share of those that is wrong. Questions of the same
probability stand or fall together, since no threshold can part them.
"""

from dataclasses import dataclass

import numpy as np

from evaluations.logistic import Floats, Labels

_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Point:
    """What one threshold gives."""

    threshold: float
    """Answered is what has at least this probability."""
    coverage: float
    """Share of all questions that is answered."""
    risk: float
    """Share of those that is wrong."""


def auroc(probabilities: Floats, right: Labels) -> float:
    """Chance that of a right and a wrong one the right one has the higher probability; ties count half.

    Raises `ValueError` where all are right or none is.
    """
    above, _ = _placements(probabilities, right)
    return float(above.mean())


def auroc_interval(probabilities: Floats, right: Labels) -> tuple[float, float]:
    """95% interval of `auroc`, after DeLong, DeLong & Clarke-Pearson 1988, by the normal approximation."""
    above, below = _placements(probabilities, right)
    # A single case has no variance to estimate; its part is then left out.
    spread = sum(float(part.var(ddof=1)) / len(part) for part in (above, below) if len(part) > 1)
    reach = _Z * spread**0.5
    middle = float(above.mean())
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


def placements(probabilities: Floats, right: Labels) -> Floats:
    """For each one the share of those of the other outcome that it stands on the right side of; the mean is the AUROC.

    Raises `ValueError` where all are right or none is.
    """
    good, bad = np.sort(probabilities[right]), np.sort(probabilities[~right])
    above, below = _placements(probabilities, right)
    # `_placements` orders each side by probability, and equals have equal places.
    placed = np.empty(len(right))
    placed[right] = above[np.searchsorted(good, probabilities[right], "left")]
    placed[~right] = below[np.searchsorted(bad, probabilities[~right], "left")]
    return placed


def _placements(probabilities: Floats, right: Labels) -> tuple[Floats, Floats]:
    """For each right one the share of wrong ones below it, for each wrong one the share of right ones above it."""
    good, bad = np.sort(probabilities[right]), np.sort(probabilities[~right])
    if not len(good) or not len(bad):
        raise ValueError("needs right and wrong cases")
    under = np.searchsorted(bad, good, "left") + np.searchsorted(bad, good, "right")
    over = 2 * len(good) - np.searchsorted(good, bad, "left") - np.searchsorted(good, bad, "right")
    return under / (2.0 * len(bad)), over / (2.0 * len(good))


def calibration_error(probabilities: Floats, right: Labels, bins: int = 10) -> float:
    """Expected calibration error (Naeini et al. 2015) over bins that hold equally many questions."""
    order = np.argsort(probabilities, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    gaps = [abs(float(np.mean(probabilities[part]) - np.mean(right[part]))) * len(part) for part in parts]
    return sum(gaps) / max(len(probabilities), 1)


def risk_coverage(probabilities: Floats, right: Labels) -> tuple[Point, ...]:
    """One point for each threshold that makes a difference, the surest questions first."""
    order = np.argsort(-probabilities, kind="stable")
    sorted_probabilities = probabilities[order]
    wrong = np.cumsum(~right[order])
    last = np.append(np.diff(sorted_probabilities) != 0.0, True)[: len(order)]
    return tuple(
        Point(float(sorted_probabilities[end]), (end + 1) / len(order), float(wrong[end]) / (end + 1))
        for end in np.flatnonzero(last).tolist()
    )


def area(probabilities: Floats, right: Labels) -> float:
    """Area under the risk-coverage curve: mean risk over all numbers of answered questions; lower is better.

    Geifman, Uziel & El-Yaniv 2019, "Bias-Reduced Uncertainty Estimation", equation 1. Among questions of the same
    probability the wrong ones are spread evenly, as the mean over their orders has them.
    """
    count = len(probabilities)
    if not count:
        return 0.0
    ends = [round(point.coverage * count) for point in risk_coverage(probabilities, right)]
    risks = [point.risk for point in risk_coverage(probabilities, right)]
    wrong = np.interp(np.arange(1, count + 1), [0, *ends], [0.0, *np.multiply(ends, risks)])
    return float(np.mean(wrong / np.arange(1, count + 1)))


def coverage_at(probabilities: Floats, right: Labels, precision: float) -> float:
    """Largest share of all questions that some threshold answers with at least this precision; 0 where none does."""
    # An exact fraction such as 19 of 20 must not fail 0.95 by its last bit.
    allowed = 1.0 - precision + 1e-12
    return max(
        (point.coverage for point in risk_coverage(probabilities, right) if point.risk <= allowed),
        default=0.0,
    )
