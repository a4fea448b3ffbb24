import re
from html.parser import HTMLParser
from pathlib import Path

from evaluations.answers import METRICS
from evaluations.comparison import compare
from evaluations.metrics import RETRIEVAL_METRICS
from evaluations.plots import Bar, Row, bars
from evaluations.report import MEANINGS, comparison_report, report, worst
from tests.evaluations.made_runs import made_run, made_set

HOSTILE = "<script>alert(1)</script> \"' <img src=https://tracker.example/x>"
_EMPTY = {"meta", "br", "rect", "line", "path", "circle"}


class Page(HTMLParser):
    """Collects what a browser would fetch or run, and tags that are left open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.outside: list[str] = []
        self.tags: set[str] = set()
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.outside += [
            f"{name}={value}" for name, value in attrs if name in ("src", "href", "srcset", "action")
        ]
        if tag not in _EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _EMPTY:
            assert self.open.pop() == tag


def _check(text: str) -> None:
    page = Page(text)
    assert page.outside == []
    assert page.open == []
    assert not page.tags & {"script", "img", "link", "iframe", "object"}
    assert not re.search(r"@import|url\(", text)
    assert "default-src &#39;none&#39;" in text or "default-src 'none'" in text


def test_a_report_fetches_nothing_and_runs_nothing_whatever_the_texts_hold() -> None:
    run = made_run("r", made_set([1, 0.5, 0] * 10, hostile=HOSTILE), made_set([1], name=HOSTILE))
    _check(report(run))


def test_a_report_shows_figures_with_intervals_the_time_and_the_settings() -> None:
    text = report(made_run("retrieval-1", made_set([1, 0.5, 0])))
    for shown in (
        "retrieval-1",
        "0.500",
        "0.333",
        "recipe.dense",
        "A note.",
        "even = true",
        "The wrong one",
        "median 3.0 ms",
    ):
        assert shown in text
    assert text.count("<svg") == 2


def test_the_worst_cases_come_worst_first_and_perfect_ones_never() -> None:
    assert [case.id for case in worst(made_set([1, 0.5, 0, 0.2]))] == ["q2", "q3", "q1"]


def test_calibration_is_drawn_where_there_is_enough_of_it() -> None:
    assert "Calibration" not in report(made_run("r", made_set([1, 0.5])))
    assert "Calibration" in report(made_run("r", made_set([1, 0.5, 0.2, 0.9, 0.1] * 10)))


def test_a_comparison_shows_both_sides_and_fetches_nothing() -> None:
    first = made_run("a", made_set([0.5] * 12, hostile=HOSTILE))
    second = made_run("b", made_set([1.0] * 12, hostile=HOSTILE), weight="2.0")
    text = comparison_report(compare(first, second))
    _check(text)
    for shown in ("+0.500", "better", "recipe.dense", "2.0", "The right one"):
        assert shown in text


def test_every_figure_of_a_report_or_comparison_is_explained_in_words_that_need_no_mouse() -> None:
    run = made_run("a", made_set([1, 0.5, 0]))
    for text in (report(run), comparison_report(compare(run, made_run("b", made_set([1, 1, 0]))))):
        for name in run.sets[0].figures:
            assert f"<dt>{name}</dt><dd>{MEANINGS[name]}</dd>" in text


def test_the_guide_names_every_figure_of_retrieval_and_answers() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "evaluating.md").read_text(encoding="utf-8")
    for name in (*RETRIEVAL_METRICS, *METRICS):
        assert f"`{name}`" in guide
        assert name in MEANINGS


def test_bars_end_where_their_value_is() -> None:
    drawn = bars([Row("a & b", (Bar(0, 0.5, 0.4, 0.6, "hint"),))], "title", most=1.0)
    assert 'width="335.0"' in drawn
    assert "a &amp; b" in drawn
