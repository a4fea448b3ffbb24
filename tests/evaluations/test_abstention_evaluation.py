"""Confidence models on judged questions made by hand, and `tierzero eval abstention` on tiny sets."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.cli import main
from bot.dialogue.confidence import ConfidenceModel, load, save
from bot.dialogue.signals import NAMES, Signals
from evaluations import curves, default_fit, logistic, own_fit
from evaluations.abstention import JudgedSet, cases_of, described, evaluate, fit_default, thinned
from evaluations.calibration import default_model, level_of, own_model
from evaluations.commands.abstention import named
from evaluations.comparison import compare
from evaluations.judgements import Judgement
from evaluations.logistic import Cases
from evaluations.report import abstention_report
from evaluations.runs import load as load_run
from evaluations.runs import runs_folder
from evaluations.selective import Point, auroc
from tests.evaluations.conftest import CORPUS, write_set

FLAT = Signals(**dict.fromkeys(NAMES, 0.5))
#: Believes `support` alone: probability 1 / (1 + exp(-(support - 0.5) / 0.1)).
BY_SUPPORT = ConfidenceModel(("support",), (0.5,), (0.1,), (1.0,), 0.0, 0.5, 0.25, {})
OTHERS: list[dict[str, object]] = [
    {"_id": "p1", "text": "the kettle is full of limescale, what now", "answerable": True},
    {"_id": "p2", "text": "tracking number of the parcel"},
    {"_id": "p3", "text": "which colours does the sofa come in", "answerable": False},
    {"_id": "p4", "text": "can I pay in three parts", "answerable": False},
]


def question(number: int, support: float, right: bool, answerable: bool = True) -> Judgement:
    return Judgement(f"q{number}", answerable, right, replace(FLAT, support=support, sentence=support))


def graded(name: str, count: int = 40) -> JudgedSet:
    """Right from the middle of the supports on, save for two that are the other way round."""
    rights = [place >= count // 2 for place in range(count)]
    rights[3], rights[count - 4] = True, False
    return JudgedSet(name, tuple(question(place, place / count, right) for place, right in enumerate(rights)))


def test_the_shipped_model_is_judged_with_what_cannot_be_quoted_as_wrong_and_least_sure() -> None:
    questions = (
        question(1, 0.9, True),
        question(2, 0.7, False, answerable=False),
        question(3, 0.6, True),
        Judgement("q4", True, False, None),
    )
    (result,) = evaluate([JudgedSet("made", questions)], BY_SUPPORT)
    shipped = result.models["shipped"]
    assert shipped.probabilities == pytest.approx([0.982014, 0.880797, 0.731059, 0.0], abs=1e-6)
    # Pairs of right and wrong: .98>.88, .98>0, .73<.88, .73>0.
    assert shipped.auroc == pytest.approx(3 / 4)
    assert shipped.aurc == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)
    assert (shipped.coverage_at_90, shipped.coverage_at_95) == (0.25, 0.25)
    assert shipped.ece == pytest.approx((0.017986 + 0.880797 + 0.268941 + 0.0) / 4, abs=1e-6)
    row = described(result)
    assert (row["questions"], row["right"], row["unanswerable"], row["unquotable"]) == (4, 2, 1, 1)
    assert (row["auroc_shipped"], row["auroc_cv"], row["auroc_loso"]) == (0.75, None, None)
    assert result.notes == (
        "Not measured: fitted on the other sets, as the default is (leaving a set out needs another set).",
        "Not measured: fitted on this set, tenfold cross-validation "
        "(10 folds need at least 10 right and 10 wrong cases).",
    )


def test_with_other_sets_and_enough_cases_every_model_is_measured() -> None:
    results = evaluate([graded("one"), graded("two", 60)], BY_SUPPORT)
    for result in results:
        assert set(result.models) == {"shipped", "loso", "cv"}
        # One signal in the same order: fitted anywhere, it ranks the same.
        assert result.models["loso"].auroc == pytest.approx(result.models["shipped"].auroc)
        assert result.models["cv"].auroc > 0.8
        assert result.notes == ()


def test_a_set_is_never_left_out_against_itself() -> None:
    results = evaluate([graded("one"), graded("one")], BY_SUPPORT)
    assert all("loso" not in result.models for result in results)


def test_a_set_without_a_wrong_quote_is_reported_without_figures() -> None:
    (result,) = evaluate(
        [JudgedSet("all right", (question(1, 0.9, True), question(2, 0.8, True)))], BY_SUPPORT
    )
    assert result.models == {}
    assert described(result)["auroc_shipped"] is None
    assert "all right" in abstention_report([result], BY_SUPPORT)


def test_a_report_says_what_the_shipped_model_was_fitted_on_and_what_that_means_for_those_sets() -> None:
    fitted = {"date": "2026-11-22", "sets": {"faq": {"questions": 480}, "wiki": {"questions": 20}}}
    shipped = replace(BY_SUPPORT, figures=fitted)
    for name, warned in (("faq", True), ("new", False)):
        (result,) = evaluate([JudgedSet(name, (question(1, 0.9, True), question(2, 0.1, False)))], shipped)
        page = " ".join(abstention_report([result], shipped).split())
        assert "(2026-11-22) was fitted on 500 questions of faq, wiki" in page
        assert ("its figures say nothing of other help centres" in page) is warned


def test_a_fit_finds_the_signal_that_tells_and_gives_no_signal_the_wrong_sign() -> None:
    generator = np.random.default_rng(1)
    values = generator.normal(size=(400, len(NAMES)))
    right = values[:, NAMES.index("support")] > 0
    weights = logistic.fit_together([Cases(values, right)], NAMES).weights
    assert NAMES[int(np.argmax(weights))] == "support"
    opposed = logistic.fit_together([Cases(values, ~right)], NAMES, free={"length"}).weights
    assert all(weight >= 0 for name, weight in zip(NAMES, opposed, strict=True) if name != "length")
    assert opposed[NAMES.index("support")] == 0


def test_sets_that_differ_in_how_hard_they_are_do_not_make_a_signal_of_it() -> None:
    # In the easy set `title` is high throughout and everything is right; within each set it tells nothing.
    generator = np.random.default_rng(3)
    names = ("support", "title")
    sets = []
    for level, share in ((0.0, 0.2), (3.0, 0.9)):
        values = generator.normal(size=(500, 2)) + np.asarray([0.0, level])
        right = values[:, 0] + generator.logistic(size=500) > -np.log(share / (1 - share))
        sets.append(Cases(values, right))
    together = logistic.fit_together(sets, names)
    assert together.weights[0] > 0.8
    assert together.weights[1] < 0.1
    pooled = Cases(np.vstack([one.values for one in sets]), np.concatenate([one.right for one in sets]))
    assert logistic.fit_together([pooled], names).weights[1] > 1.0


def test_a_set_may_count_more_than_the_others() -> None:
    generator = np.random.default_rng(4)
    first, second = (
        Cases(values, values[:, place] > 0) for place, values in enumerate(generator.normal(size=(2, 300, 2)))
    )
    alike = logistic.fit_together([first, second], ("support", "title")).weights
    heavier = logistic.fit_together([first, second], ("support", "title"), (1.0, 9.0)).weights
    assert heavier[1] / heavier[0] > 1.5 * alike[1] / alike[0]


def test_signals_that_nothing_tells_apart_weigh_alike_and_not_nothing() -> None:
    # The ridge pulls them together, not both to nothing.
    generator = np.random.default_rng(10)
    values = generator.normal(size=(200, 2))
    right = values.sum(axis=1) + generator.logistic(size=200) > 0
    cases, names, ridge = Cases(values, right), ("support", "title"), 0.0001
    pulled = logistic.fit_together([cases], names, regularisation=ridge).weights
    alike = logistic.fit_together([cases], names, regularisation=ridge, alike=(1.0, 1.0)).weights
    assert pulled.max() < 0.02
    assert alike.min() > 0.5
    assert alike[0] == pytest.approx(alike[1], abs=0.02)


def test_a_curve_bends_where_a_signal_begins_to_tell_and_never_falls() -> None:
    # Below 1 the first signal tells nothing, above it much; the second speaks for what is wrong.
    generator = np.random.default_rng(7)
    values = generator.normal(size=(2000, 2))
    told = 4.0 * np.maximum(values[:, 0] - 1.0, 0.0) - values[:, 1]
    cases = Cases(values, told + generator.logistic(size=2000) > 0)
    found = curves.fit([cases], ("support", "title"))
    bent, falling = found.curves
    assert bent.slope(2.0) > 4.0 * bent.slope(-1.0)
    assert falling(2.0) - falling(-2.0) == pytest.approx(0.0, abs=1e-9)
    assert list(bent.adds) == sorted(bent.adds)
    sign = np.where(cases.right, 1.0, -1.0)
    straight = logistic.fit_together([cases], ("support", "title"))
    loss, straight_loss = (np.logaddexp(0.0, -sign * one.logits(values)).mean() for one in (found, straight))
    assert loss < straight_loss


def test_a_signal_of_few_values_is_a_straight_line_and_adds_as_one() -> None:
    generator = np.random.default_rng(8)
    values = generator.integers(-1, 2, size=(300, 1)).astype(np.float64)
    cases = Cases(values, values[:, 0] + generator.logistic(size=300) > 0)
    found = curves.fit([cases], ("numbers",))
    assert found.curves[0].at == (0.0, 1.0)
    straight = logistic.fit_together(
        [cases], ("numbers",), regularisation=curves.REGULARISATION, alike=(1.0,)
    )
    assert found.logits(values).tolist() == pytest.approx(straight.logits(values).tolist())


@pytest.mark.parametrize("count", [2, default_fit.FEWEST_SETS])
def test_the_default_is_served_as_it_was_fitted_and_says_what_it_is_worth_elsewhere(
    tmp_path: Path, count: int
) -> None:
    generator = np.random.default_rng(9)
    sets = []
    for name in map(str, range(count)):
        values = generator.uniform(size=(200, len(NAMES)))
        right = values[:, NAMES.index("sentence")] + 0.3 * generator.normal(size=200) > 0.5
        rows = zip(values.tolist(), right, strict=True)
        sets.append(
            JudgedSet(
                name,
                tuple(
                    Judgement(str(at), True, bool(good), Signals(*row)) for at, (row, good) in enumerate(rows)
                ),
            )
        )
    save(default_model(sets, dt.date(2030, 1, 2)), tmp_path / "model.json")
    served = load(tmp_path / "model.json")
    assert (served.forest is None) == (count < default_fit.FEWEST_SETS)
    found = fit_default(sets)
    for one in sets:
        said = [served.probability(question.signals) for question in one.questions if question.signals]
        fitted = found.probabilities(cases_of(one).values)
        odds = np.log(said) - np.log1p(-np.asarray(said))
        moved = odds - (np.log(fitted) - np.log1p(-fitted))
        # All are moved alike, to where as much is right as is said.
        assert moved == pytest.approx(float(np.median(moved)), abs=2e-2)
        assert served.figures["sets"][one.name]["auroc_without_it"] > 0.75


def test_a_level_lets_as_much_be_right_as_is_said() -> None:
    said = [np.asarray([0.2, 0.4, 0.6]), np.asarray([0.3, 0.9])]
    rights = [np.asarray([False, True, True]), np.asarray([True, True])]
    level = level_of(said, rights)
    moved = [1.0 / (1.0 + np.exp(-(np.log(one / (1.0 - one)) + level))) for one in said]
    assert np.mean([one.mean() for one in moved]) == pytest.approx(np.mean([2 / 3, 1.0]), abs=1e-6)
    assert level > 0
    assert level_of([], []) == 0.0


def test_held_out_probabilities_come_from_models_without_the_case() -> None:
    # Signals that say nothing of the label: seen cases could be learnt by heart, held-out ones cannot.
    generator = np.random.default_rng(2)
    values = generator.normal(size=(200, len(NAMES)))
    right = generator.permutation(np.arange(200) % 2 == 0)
    held_out = own_fit.cross_validated(Cases(values, right))
    assert 0.35 < float(np.mean((held_out > 0.5) == right)) < 0.65
    with pytest.raises(ValueError, match="at least 10 right"):
        own_fit.cross_validated(Cases(values[:12], right[:12]))


def test_a_fit_of_one_help_centre_finds_what_no_sum_tells() -> None:
    # Right where exactly one of two signals is high: each by itself, and any sum of the two, tells nothing.
    generator = np.random.default_rng(5)
    values = generator.normal(size=(400, 3))
    right = (values[:, 0] > 0) != (values[:, 1] > 0)
    names = ("support", "title", "late")
    seen, coming = slice(0, 300), slice(300, 400)
    found = own_fit.fit(Cases(values[seen], right[seen]), names)
    said = found.probabilities(values[coming])
    assert auroc(said, right[coming]) > 0.75
    assert auroc(found.linear.probabilities(values[coming]), right[coming]) < 0.65


def test_the_product_serves_a_fit_as_it_was_measured(tmp_path: Path) -> None:
    generator = np.random.default_rng(6)
    values = generator.normal(size=(120, len(NAMES)))
    right = values[:, 3] + generator.normal(size=120) > 0
    questions = [
        Judgement(str(number), True, bool(good), Signals(*row))
        for number, (row, good) in enumerate(zip(values.tolist(), right, strict=True))
    ]
    one = JudgedSet("mine", tuple(questions))
    save(own_model(one, 0.5, dt.date(2030, 1, 2)), tmp_path / "model.json")
    served = load(tmp_path / "model.json")
    said = [served.probability(one.signals) for one in questions if one.signals]
    # Six decimals of a cut are kept: a case within a millionth of one may fall to the other side.
    assert said == pytest.approx(own_fit.fit(cases_of(one)).probabilities(values).tolist(), abs=1e-3)
    for question, probability in zip(questions, said, strict=True):
        assert question.signals is not None
        logit = served.bias + sum(part.adds for part in served.parts(question.signals))
        assert 1.0 / (1.0 + np.exp(-logit)) == pytest.approx(probability)


def test_a_long_curve_is_thinned_and_keeps_both_ends() -> None:
    curve = [Point(1 - place / 1000, (place + 1) / 1000, 0.0) for place in range(1000)]
    kept = thinned(curve)
    assert len(kept) == 200
    assert (kept[0], kept[-1]) == (curve[0], curve[-1])


def test_the_command_writes_one_object_a_set_and_a_report(
    little_set: Path, cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    judgements = [("p1", "kettle", 1), ("p2", "parcel", 1)]
    other = write_set(tmp_path / "other", corpus=CORPUS[:3], queries=OTHERS, judgements=judgements)
    figures, page = tmp_path / "figures.json", tmp_path / "page.html"
    given = [
        "eval",
        "abstention",
        str(little_set),
        str(other),
        "--data",
        str(tmp_path),
        "--cache",
        str(cache),
    ]
    assert main([*given, "--json", str(figures), "--html", str(page)]) == 0
    rows = json.loads(figures.read_text(encoding="utf-8"))
    assert [row["name"] for row in rows] == ["little", "other"]
    assert [(row["questions"], row["right"], row["unanswerable"]) for row in rows] == [(4, 3, 1), (4, 2, 2)]
    for row in rows:
        assert {"auroc_shipped", "auroc_cv", "ece_cv", "coverage_at_95_cv", "coverage_at_90_cv"} <= set(row)
        assert 0.0 <= row["auroc_shipped"] <= 1.0
        assert 0.0 <= row["auroc_loso"] <= 1.0
        assert row["auroc_cv"] is None
    assert "<svg" in page.read_text(encoding="utf-8")
    assert (
        "little: 4 questions, 3 of the quotes right, 1 questions without an answer" in capsys.readouterr().out
    )

    # Kept signals, half a line of a killed run among them, give the same figures.
    (kept,) = [path for path in cache.glob("indexes/*/signals-*.jsonl") if "limescale" not in str(path)][:1]
    kept.write_text(kept.read_text(encoding="utf-8") + '{"key": "half', encoding="utf-8")
    again = tmp_path / "again.json"
    assert main([*given, "--json", str(again)]) == 0
    assert json.loads(again.read_text(encoding="utf-8")) == rows

    # Both runs are kept, and the mean of a run's cases is the AUROC that was printed.
    first, second = (load_run(path) for path in sorted(runs_folder(tmp_path).glob("abstention-*.json")))
    assert [(one.name, one.variant) for one in first.sets] == [
        ("little", ""),
        ("little", "loso"),
        ("other", ""),
        ("other", "loso"),
    ]
    for one, name in zip(first.sets, ("shipped", "loso") * 2, strict=True):
        row = next(row for row in rows if row["name"] == one.name)
        assert one.figures["ranking"].value == pytest.approx(row[f"auroc_{name}"], abs=1e-6)
    assert {one.second for one in compare(first, second).sets[0].changed} == set()


def test_most_draws_the_same_few_questions(little_set: Path, cache: Path, tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    given = [
        "eval",
        "abstention",
        str(little_set),
        "--data",
        str(tmp_path),
        "--cache",
        str(cache),
        "--most",
        "2",
    ]
    assert main([*given, "--json", str(figures)]) == 0
    (row,) = json.loads(figures.read_text(encoding="utf-8"))
    assert row["questions"] == 2


def test_the_sample_is_named_by_its_word_and_measured_where_nothing_is_named() -> None:
    folder = Path("sets/sample")
    assert named([]) == ([], True)
    assert named([folder]) == ([folder], False)
    assert named([folder, Path("sample")]) == ([folder], True)
