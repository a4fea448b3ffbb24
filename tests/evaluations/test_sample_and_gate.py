import json
from pathlib import Path

import pytest

from bot.settings import load as load_settings
from evaluations.errors import DatasetInvalid
from evaluations.gate import MARGIN, Floor, flat, floors, judge, updated
from evaluations.sample import ARTICLES, QUESTIONS, as_dataset, filters_of, load, open_services
from index.compiled import CompiledEncoder
from tests.evaluations.made_runs import made_set


def test_every_quote_of_the_sample_is_in_its_article() -> None:
    sample = load()
    assert (len(sample.answerable), len(sample.unanswerable), len(sample.person)) == (250, 100, 80)


def test_a_quote_that_its_article_has_lost_is_named_by_its_line(tmp_path: Path) -> None:
    for path in QUESTIONS.glob("*.jsonl"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    lines = (tmp_path / "answerable.jsonl").read_text(encoding="utf-8").splitlines()
    lines[2] = json.dumps({**json.loads(lines[2]), "quote": "We never wrote this."})
    (tmp_path / "answerable.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(DatasetInvalid, match=r"answerable\.jsonl:3: the quote is not in .* find it again"):
        load(tmp_path, ARTICLES)


def test_a_figure_below_its_floor_fails_and_so_does_one_that_is_missing() -> None:
    wanted = [Floor("up", 0.9, 0.8, False), Floor("down", 0.1, 0.2, True), Floor("gone", 0.5, 0.4, False)]
    assert [one.passed for one in judge(wanted, {"up": 0.8, "down": 0.2})] == [True, True, False]
    assert [one.passed for one in judge(wanted, {"up": 0.79, "down": 0.21, "gone": 1})] == [
        False,
        False,
        True,
    ]


def test_the_committed_floors_can_be_read_and_name_figures_that_are_measured() -> None:
    names = {floor.name for floor in floors()}
    assert {"retrieval hit@1", "retrieval ndcg@10"} <= names
    kinds = {name.split()[0] for name in names}
    assert kinds == {"retrieval", "answerable", "unanswerable", "person"}
    assert all(
        floor.figure <= floor.floor if floor.at_most else floor.figure >= floor.floor for floor in floors()
    )


@pytest.mark.parametrize(
    "text", ["", "{}", '{"format": 9, "figures": {}}', '{"format": 1, "figures": {"x": {"figure": 1}}}']
)
def test_floors_that_cannot_be_read_are_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "gate.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DatasetInvalid):
        floors(path)


def test_figures_are_named_after_what_was_measured() -> None:
    named = flat(made_set([1, 0.5]), made_set([1]))
    assert named == {"retrieval hit@1": 0.5, "retrieval ndcg@10": 0.75}


def test_updated_floors_stand_a_margin_away_from_the_figures(tmp_path: Path) -> None:
    wanted = [Floor("up", 0.1, 0.1, False), Floor("down", 0.1, 0.1, True)]
    path = tmp_path / "gate.json"
    path.write_text(updated(wanted, {"up": 0.5, "down": 0.25, "other": 1.0}), encoding="utf-8")
    assert floors(path) == (Floor("up", 0.5, 0.5 - MARGIN, False), Floor("down", 0.25, 0.25 + MARGIN, True))
    with pytest.raises(DatasetInvalid, match="up was not measured"):
        updated(wanted, {"down": 0.25})


@pytest.fixture(scope="module")
def few_articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One article in two languages and one for agents."""
    folder = tmp_path_factory.mktemp("articles")
    for path in ("en/returns/refund-times.md", "de/returns/refund-times.md", "en/agents/goodwill-credit.md"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text((ARTICLES / path).read_text(encoding="utf-8"), encoding="utf-8")
    return folder


def test_the_sample_as_a_retrieval_set_has_public_articles_once_under_their_english_title(
    few_articles: Path, encoder: CompiledEncoder, tmp_path: Path
) -> None:
    services = open_services(tmp_path, encoder, load_settings(), few_articles)
    try:
        dataset, index = as_dataset(load(), services)
    finally:
        services.close()
    english = next(
        one.title for one in index.generation.articles if one.key.locale == "en" and "refund" in one.key.id
    )
    assert [(entry.id, entry.title) for entry in dataset.entries] == [("returns/refund-times", english)]
    assert len(dataset.judged()) == 250
    assert filters_of(dataset.queries[0]).locales == ("en",)
