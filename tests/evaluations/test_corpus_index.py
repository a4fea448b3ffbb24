import os
from pathlib import Path

import pytest

from evaluations.beir import Entry, read
from evaluations.corpus_index import MOST_KEPT, article_of, forget_oldest, forget_unfinished, open_index
from index.compiled import CompiledEncoder
from kb.article import ArticleKey, Audience
from tests.evaluations.conftest import write_set


def _body(entry: Entry) -> str:
    article = article_of(entry)
    assert article is not None
    return " ".join(span.text for section in article.sections for span in section.spans)


def test_an_entry_is_an_article_with_its_title_text_and_id() -> None:
    article = article_of(Entry("odd id/π?", "A  title", "Some text."))
    assert article is not None
    assert (article.key, article.title) == (ArticleKey("odd id/π?", "en"), "A title")
    assert _body(Entry("x", "A title", "Some text.")) == "Some text."


@pytest.mark.parametrize("fence", ["---", "+++"])
def test_a_text_that_looks_like_front_matter_is_text(fence: str) -> None:
    entry = Entry("x", "Real title", f"{fence}\naudience: agent\ntitle: other\ndraft: true\n{fence}\nhidden")
    article = article_of(entry)
    assert article is not None
    assert (article.title, article.audience, article.draft) == ("Real title", Audience.PUBLIC, False)
    found = " ".join(part for section in article.sections for part in section.heading_path) + _body(entry)
    assert "audience" in found
    assert "hidden" in found


@pytest.mark.parametrize("text", ["", "  \n ", "![](picture.png)"])
def test_a_text_with_nothing_to_read_falls_back_to_the_title(text: str) -> None:
    assert _body(Entry("x", "Only a title", text)) == "Only a title"


def test_an_entry_with_nothing_to_read_at_all_becomes_no_article() -> None:
    assert article_of(Entry("x", "", "")) is None


def test_an_entry_without_a_title_gets_its_first_heading_or_none() -> None:
    with_heading, without = (
        article_of(Entry("x", "", "# Heading\n\nText.")),
        article_of(Entry("y", "", "Text.")),
    )
    assert with_heading is not None
    assert without is not None
    assert (with_heading.title, without.title) == ("Heading", "")


def test_a_second_run_opens_the_index_of_the_first(encoder: CompiledEncoder, tmp_path: Path) -> None:
    dataset = read(write_set(tmp_path / "set"))
    first = open_index(dataset, encoder, tmp_path / "cache")
    second = open_index(dataset, encoder, tmp_path / "cache")
    again = open_index(dataset, encoder, tmp_path / "cache", rebuild=True)
    assert (first.reused, second.reused, again.reused) == (False, True, False)
    assert second.seconds == first.seconds
    assert len(second.generation.articles) == 4


def test_another_corpus_gets_an_index_of_its_own(encoder: CompiledEncoder, tmp_path: Path) -> None:
    open_index(read(write_set(tmp_path / "one")), encoder, tmp_path / "cache")
    corpus = [{"_id": "kettle", "text": "Other words."}, {"_id": "nothing", "text": ""}]
    other = open_index(read(write_set(tmp_path / "two", corpus=corpus)), encoder, tmp_path / "cache")
    assert not other.reused
    assert [facts.key.id for facts in other.generation.articles] == ["kettle"]
    assert other.left_out == ("nothing",)


def test_a_damaged_index_is_built_anew(encoder: CompiledEncoder, tmp_path: Path) -> None:
    dataset = read(write_set(tmp_path / "set"))
    folder = open_index(dataset, encoder, tmp_path / "cache").folder
    (folder / "built.json").write_text("{", encoding="utf-8")
    assert not open_index(dataset, encoder, tmp_path / "cache").reused
    assert open_index(dataset, encoder, tmp_path / "cache").reused


def test_the_cache_keeps_what_was_used_last_and_the_index_in_use(tmp_path: Path) -> None:
    for number in range(MOST_KEPT + 3):
        folder = tmp_path / str(number)
        folder.mkdir()
        os.utime(folder, (number, number))
    forget_oldest(tmp_path, keep=tmp_path / "0")
    assert {path.name for path in tmp_path.iterdir()} == {
        "0",
        *(str(number) for number in range(4, MOST_KEPT + 3)),
    }


def test_what_a_killed_run_left_is_removed_days_later_and_not_while_a_run_may_be_at_it(
    tmp_path: Path,
) -> None:
    left, kept = tmp_path / ".building-abc", tmp_path / "0123"
    for path in (left, kept):
        (path / "data").mkdir(parents=True)
    made = left.stat().st_mtime
    forget_unfinished(tmp_path, made + 3600)
    assert left.exists()
    forget_unfinished(tmp_path, made + 3 * 24 * 3600)
    assert [path.name for path in tmp_path.iterdir()] == ["0123"]


def test_progress_is_told_before_the_first_passage_is_encoded(
    encoder: CompiledEncoder, tmp_path: Path
) -> None:
    told: list[tuple[int, int]] = []
    open_index(
        read(write_set(tmp_path / "set")),
        encoder,
        tmp_path / "cache",
        progress=lambda done, total: told.append((done, total)),
    )
    assert (told[0], told[-1]) == ((0, 4), (4, 4))
