"""The small help centres that come with the project: whole, and as their page says."""

import re
from pathlib import Path

import pytest

from evaluations.beir import read
from evaluations.centres import FOLDER, WORD, folders, spelled_out
from evaluations.jsonlines import rows


@pytest.mark.parametrize("folder", folders(), ids=lambda one: one.name)
def test_what_is_answerable_is_answered_word_for_word_by_an_article_that_is_named(folder: Path) -> None:
    dataset = read(folder)
    articles = {one.id: f"{one.title}\n{one.text}" for one in dataset.entries}
    questions = {str(row["_id"]): row for _, row in rows(folder / "queries.jsonl")}
    assert {one.id for one in dataset.queries} <= set(questions)
    wanted: dict[str, list[str]] = {}
    for line in (folder / "qrels" / "test.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        question, article, _ = line.split("\t")
        wanted.setdefault(question, []).append(article)
    for name, row in questions.items():
        assert bool(row["answerable"]) == (name in wanted), name
        if row["answerable"]:
            assert any(row["answer"] in articles[one] for one in wanted[name]), name


def test_the_page_counts_them_rightly() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(\w+)` \|[^|]*\| (\d+) \| (\d+) \| (\d+) \|", page, re.MULTILINE)
    found = []
    for folder in folders():
        answerable = [bool(one["answerable"]) for _, one in rows(folder / "queries.jsonl")]
        counts = (
            len(list(rows(folder / "corpus.jsonl"))),
            sum(answerable),
            len(answerable) - sum(answerable),
        )
        found.append((folder.name, *map(str, counts)))
    assert told == found


def test_one_word_names_them_all(tmp_path: Path) -> None:
    assert spelled_out([tmp_path, WORD]) == [tmp_path, *folders()]
