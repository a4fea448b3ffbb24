import numpy as np
import pytest

from evaluations import selective
from evaluations.selective import Point

SURE = np.array([0.9, 0.8, 0.7, 0.6])
RIGHT = np.array([True, False, True, False])


def test_auroc_is_the_share_of_pairs_in_the_right_order() -> None:
    # Pairs of a right and a wrong one: .9>.8, .9>.6, .7<.8, .7>.6.
    assert selective.auroc(SURE, RIGHT) == pytest.approx(3 / 4)


def test_a_tie_counts_half_a_pair() -> None:
    assert selective.auroc(np.array([0.5, 0.5, 0.1]), np.array([True, False, False])) == pytest.approx(3 / 4)


def test_the_interval_is_delongs() -> None:
    # Placements: right ones 1 and 1/2, wrong ones 1/2 and 1; each variance 1/8, each over two cases.
    low, high = selective.auroc_interval(SURE, RIGHT)
    assert low == pytest.approx(0.75 - 1.959964 * (1 / 8) ** 0.5)
    assert high == 1.0


def test_without_wrong_cases_there_is_no_auroc() -> None:
    with pytest.raises(ValueError, match="right and wrong"):
        selective.auroc(SURE, np.ones(4, dtype=np.bool_))


def test_calibration_error_is_the_mean_gap_of_equal_bins() -> None:
    # Bins (.6, .7) with one of two right and (.8, .9) with one of two right: |.65 - .5| and |.85 - .5|.
    assert selective.calibration_error(SURE, RIGHT, bins=2) == pytest.approx((0.15 + 0.35) / 2)


def test_bins_that_cannot_be_equal_count_by_their_size() -> None:
    # Three of four in two bins: (.2, .4) is right once, (.9) once; gaps .2 and .1.
    probabilities = np.array([0.2, 0.4, 0.9])
    right = np.array([False, True, True])
    assert selective.calibration_error(probabilities, right, bins=2) == pytest.approx((2 * 0.2 + 0.1) / 3)


def test_the_curve_has_a_point_for_each_threshold() -> None:
    assert selective.risk_coverage(SURE, RIGHT) == (
        Point(0.9, 0.25, 0.0),
        Point(0.8, 0.5, 0.5),
        Point(0.7, 0.75, pytest.approx(1 / 3)),
        Point(0.6, 1.0, 0.5),
    )


def test_what_is_equally_sure_is_answered_together_or_not_at_all() -> None:
    tied = np.array([0.5, 0.5, 0.2])
    right = np.array([True, False, True])
    assert selective.risk_coverage(tied, right) == (
        Point(0.5, pytest.approx(2 / 3), 0.5),
        Point(0.2, 1.0, pytest.approx(1 / 3)),
    )
    assert selective.coverage_at(tied, right, 0.9) == 0.0
    assert selective.coverage_at(tied, right, 0.6) == 1.0


def test_the_area_is_the_mean_risk_over_all_coverages() -> None:
    assert selective.area(SURE, RIGHT) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)
    # Half of a tie of two is half wrong, on average: risks 1/2, 1/2, 1/3.
    tied = np.array([0.5, 0.5, 0.2])
    assert selective.area(tied, np.array([True, False, True])) == pytest.approx((1 / 2 + 1 / 2 + 1 / 3) / 3)


def test_coverage_takes_the_largest_share_that_keeps_the_precision() -> None:
    # The second is wrong, yet of all twenty 19 are right: exactly 95%.
    probabilities = np.linspace(1.0, 0.05, 20)
    right = np.ones(20, dtype=np.bool_)
    right[1] = False
    assert selective.coverage_at(probabilities, right, 0.95) == 1.0
    assert selective.coverage_at(probabilities, right, 0.96) == pytest.approx(1 / 20)


def test_nothing_asked_is_an_empty_curve() -> None:
    nothing, none = np.zeros(0), np.zeros(0, dtype=np.bool_)
    assert selective.risk_coverage(nothing, none) == ()
    assert selective.area(nothing, none) == 0.0
    assert selective.coverage_at(nothing, none, 0.9) == 0.0


def test_the_mean_of_placements_is_the_auroc_among_right_ones_and_among_wrong_ones() -> None:
    said, right = np.asarray([0.9, 0.2, 0.5, 0.5, 0.7, 0.5]), np.asarray([1, 0, 1, 0, 0, 1], dtype=np.bool_)
    placed = selective.placements(said, right)
    assert placed.tolist() == pytest.approx([1.0, 1.0, 0.5, 2 / 3, 1 / 3, 0.5])
    for part in (right, ~right):
        assert placed[part].mean() == pytest.approx(selective.auroc(said, right))
