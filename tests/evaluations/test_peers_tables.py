from dataclasses import replace
from pathlib import Path

import pytest

from evaluations.errors import RunRefused
from evaluations.peers.__main__ import main
from evaluations.peers.catalogue import OWN
from evaluations.peers.results import Measurement, joined, load, margins_of, save, timed_anew
from evaluations.peers.scoring import Row
from evaluations.peers.table import BEGIN, END, render, tables
from evaluations.peers.targets import targets


def row(peer: str, each: list[float], ms: float, memory: float, name: str = "faq") -> Row:
    mean = sum(each) / len(each)
    return Row(
        set=name,
        peer=peer,
        questions=len(each),
        figures={"hit@1": mean, "ndcg@10": mean},
        each=tuple(each),
        chunks=100,
        index_s=3.25,
        query_ms_p50=ms,
        query_ms_p95=2 * ms,
        peak_mb=memory,
        index_peak_mb=2 * memory,
        start_s=1.5,
        timed=len(each),
        versions={peer: "1.0"},
        depth=None if peer == OWN else 20,
        tried={} if peer == OWN else {"10": mean / 2, "20": mean},
    )


def measurement(*rows: Row) -> Measurement:
    return Measurement("2026-01-02T03:04:05+00:00", "Linux, 2 cores", 1, rows, margins_of(rows), "2026-01-05")


AHEAD = measurement(
    row(OWN, [1.0, 0.9, 0.8, 0.9], ms=5, memory=300),
    row("txtai", [0.9, 0.8, 0.8, 0.7], ms=15, memory=700),
    row("haystack", [0.5, 0.5, 0.5, 0.5], ms=40, memory=600),
)


def test_what_was_asked_is_reached_where_all_figures_say_so() -> None:
    asked = targets(AHEAD)
    assert [one.reached for one in asked] == [True, True, True, True]
    assert "closest: txtai on faq (+0.100)" in asked[0].found
    assert asked[1].found == "closest: txtai, 0.800 against 0.900 (+0.100) on all sets"
    assert asked[2].found == "faq 3.00 (txtai)"
    assert asked[3].found == "faq 0.50 (haystack)"


def test_a_miss_is_said_plainly_with_where_and_how_much() -> None:
    behind = measurement(
        row(OWN, [0.8, 0.8], ms=5, memory=400),
        row("txtai", [0.9, 0.8], ms=14, memory=700),
    )
    ahead, mean, faster, leaner = targets(behind)
    assert not any(one.reached for one in (ahead, mean, faster, leaner))
    assert ahead.found == "not of txtai on faq (-0.050)"
    assert "(-0.050)" in mean.found
    assert faster.found == "faq 2.80 (txtai)"
    assert "**missed**" in tables(behind)


def test_a_mean_is_compared_over_the_sets_that_both_have_and_every_peer_counts() -> None:
    found = measurement(
        *AHEAD.rows,
        row(OWN, [0.5, 0.5], ms=5, memory=300, name="talk"),
        row("haystack", [0.1, 0.1], ms=40, memory=600, name="talk"),
    )
    assert targets(found)[1].found == "closest: txtai, 0.800 against 0.900 (+0.100) on 1 of 2 sets"
    assert targets(found)[0].found.endswith("; not measured: txtai on talk")
    close = replace(
        found, rows=(replace(found.rows[0], figures={"hit@1": 0.81, "ndcg@10": 0.81}), *found.rows[1:])
    )
    assert targets(close)[1].reached is False


def test_nothing_is_claimed_where_only_one_was_measured() -> None:
    assert targets(measurement(AHEAD.rows[0])) == ()
    assert "Asked" not in tables(measurement(AHEAD.rows[0]))


def test_a_measurement_is_read_back_as_it_was_saved(tmp_path: Path) -> None:
    save(AHEAD, tmp_path / "found.json")
    assert load(tmp_path / "found.json") == AHEAD


@pytest.mark.parametrize(
    "text",
    [
        '{"format": 9}',
        '{"format": 2}',
        '{"format": 3}',
        '{"format": 3, "rows": [{}], "margins": []}',
        "[]",
        "{",
    ],
)
def test_another_file_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "found.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RunRefused, match="Measure again"):
        load(path)


def test_the_table_has_every_figure_of_a_row() -> None:
    assert (
        "| txtai hybrid | 20 | 0.800 | 0.800 | +0.100 (+0.025 to +0.175) | 100 | 3.2 | 15.0 | 30.0 | 700 | 1400 | 1.5 |"
        in tables(AHEAD)
    )


def test_every_depth_that_was_tried_is_shown_with_the_one_that_counts() -> None:
    other = replace(AHEAD.rows[2], depth=100, tried={"100": 0.5, "20": 0.25})
    said = tables(replace(AHEAD, rows=(*AHEAD.rows[:2], other)))
    assert "| | | 10 | 20 | 100 |" in said
    assert "| faq | txtai hybrid | 0.400 | **0.800** |  |" in said
    assert "| faq | Haystack, both joined |  | 0.250 | **0.500** |" in said


def test_one_depth_alone_needs_no_table() -> None:
    rows = [replace(one, tried={}) for one in AHEAD.rows]
    assert "by depth" not in tables(replace(AHEAD, rows=tuple(rows)))


def test_times_of_a_busy_machine_are_written_and_not_judged() -> None:
    busy = replace(AHEAD, busy=True)
    assert [one.reached for one in targets(busy)] == [True, True, None, True]
    said = tables(busy)
    assert "**times are no measure**" in said
    assert "| faq 3.00 (txtai) | not judged: beside other jobs |" in said


def test_another_run_adds_sets_and_libraries_and_its_rows_count() -> None:
    talk = row("txtai", [0.4, 0.6], ms=9, memory=1, name="talk")
    again = row("txtai", [0.2, 0.2, 0.2, 0.2], ms=7, memory=1)
    found = joined(AHEAD.rows, [talk, again])
    assert [(one.set, one.peer, one.query_ms_p50) for one in found] == [
        ("faq", OWN, 5),
        ("faq", "txtai", 7),
        ("faq", "haystack", 40),
        ("talk", "txtai", 9),
    ]


def test_further_depths_add_to_those_tried_and_the_best_of_all_counts() -> None:
    deeper = replace(row("txtai", [0.9, 0.9, 0.9, 0.9], ms=9, memory=1), depth=50, tried={"50": 0.9})
    (_, better, _) = joined(AHEAD.rows, [deeper])
    assert (better.depth, better.query_ms_p50) == (50, 9)
    assert better.tried == {"10": 0.4, "20": 0.8, "50": 0.9}
    worse = replace(deeper, figures={"hit@1": 0.1, "ndcg@10": 0.1}, tried={"50": 0.1})
    (_, kept, _) = joined(AHEAD.rows, [worse])
    assert (kept.depth, kept.query_ms_p50, kept.tried["50"]) == (20, 15, 0.1)


def test_a_depth_that_is_tried_again_counts_as_it_was_the_last_time() -> None:
    again = replace(row("txtai", [0.2, 0.2, 0.2, 0.2], ms=7, memory=1), tried={"20": 0.2})
    assert joined(AHEAD.rows, [again])[1] == again


def test_times_are_taken_anew_of_a_sample_and_everything_else_stays() -> None:
    later = measurement(
        row(OWN, [0.0], ms=2, memory=1),
        row("txtai", [1.0], ms=5, memory=1),
        row("haystack", [1.0], ms=9, memory=1),
    )
    found = timed_anew(replace(AHEAD, busy=True), replace(later, rounds=3, timed_at="2026-05-06"))
    assert [(one.query_ms_p50, one.query_ms_p95, one.timed) for one in found.rows] == [
        (2, 4, 1),
        (5, 10, 1),
        (9, 18, 1),
    ]
    assert [one.each for one in found.rows] == [one.each for one in AHEAD.rows]
    assert [one.peak_mb for one in found.rows] == [300, 700, 600]
    assert (found.at, found.rounds, found.busy) == (AHEAD.at, 3, False)
    said = tables(found)
    assert "Times are of 2026-05-06: a sample of each set's questions was asked 3 times in turn" in said
    assert "**faq**, 4 questions, 1 timed" in said


def test_the_command_takes_times_later_and_keeps_the_rankings(
    little_set: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, cache = tmp_path / "found.json", str(tmp_path / "cache")
    given = ["--sets", str(little_set), "--peers", OWN, "--cache", cache]
    assert main([*given, "--busy", "--out", str(out)]) == 0
    assert main([*given, "--times", str(out), "--questions", "2", "--rounds", "2"]) == 0
    (found,) = load(out).rows
    assert (found.questions, found.timed, found.depth) == (3, 2, None)
    assert (load(out).rounds, load(out).busy) == (2, False)
    save(replace(load(out), rows=(replace(found, set="another"),)), out)
    assert main([*given, "--times", str(out)]) == 1
    assert "no rankings of little" in capsys.readouterr().err


def test_times_of_other_sets_or_libraries_are_refused() -> None:
    with pytest.raises(RunRefused, match="haystack on faq"):
        timed_anew(AHEAD, measurement(*AHEAD.rows[:2]))


def test_tables_go_between_the_marks_of_a_readme_and_nowhere_else(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"# Peers\n\n{BEGIN}\nold\n{END}\n\nLast words.\n", encoding="utf-8")
    render(AHEAD, readme)
    once = readme.read_text(encoding="utf-8")
    assert once.startswith(f"# Peers\n\n{BEGIN}\n\nMeasured 2026-01-02 on Linux, 2 cores.")
    assert once.endswith(f"{END}\n\nLast words.\n")
    assert "old" not in once
    render(replace(AHEAD, at="2026-02-03T00:00:00+00:00"), readme)
    assert readme.read_text(encoding="utf-8") == once.replace("2026-01-02", "2026-02-03")


def test_a_readme_without_marks_is_left_alone(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("# Peers\n", encoding="utf-8")
    with pytest.raises(RunRefused, match="the tables go between them"):
        render(AHEAD, readme)
    assert readme.read_text(encoding="utf-8") == "# Peers\n"


def test_the_command_says_what_it_needs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 1
    assert "Name the data sets: --sets DIR" in capsys.readouterr().err
    assert main(["--render", str(tmp_path / "absent.json")]) == 1
    assert "is not a measurement of peers" in capsys.readouterr().err
