import pytest

from evaluations.overlap import best_f1, f1, holds, recall


@pytest.mark.parametrize(
    ("shown", "wanted", "expected"),
    [
        ("It takes **five working days**.", "Five working days", True),
        ("| Yearly plan | free |", "yearly plan free", True),
        ("five long working days", "five working days", False),
        ("", "a", False),
        ("anything", "", False),
        ("October 1973", "October", True),
        ("Octobers", "October", False),
    ],
)
def test_a_quote_holds_words_that_stand_together_in_it(shown: str, wanted: str, expected: bool) -> None:
    assert holds(shown, wanted) is expected


def test_overlap_is_the_f1_of_words() -> None:
    assert f1("a b c d", "c d e") == pytest.approx(2 * (2 / 4) * (2 / 3) / (2 / 4 + 2 / 3))
    assert f1("a a", "a") == pytest.approx(2 / 3)
    assert f1("x", "y") == f1("", "y") == 0.0
    assert recall("a b c d", "c d e") == pytest.approx(2 / 3)
    assert best_f1("a b", ["x", "a b"]) == 1.0
