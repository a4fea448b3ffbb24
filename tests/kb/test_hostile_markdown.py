"""A file of nothing but one mark is read or rejected; were it quadratic, this file would run for hours."""

from contextlib import suppress
from itertools import pairwise

import pytest

from kb.chunking import chunk
from kb.errors import ArticleRejected
from kb.markdown import parse, render

SIZE = 1_000_000
SMALLER = 250_000
"""Enough for a quadratic parser to be noticed."""
SINGLE = list("[{*|>")
INLINE = [
    *"_`~<!#-(\\&",
    "{{",
    "{%",
    "{: ",
    "[[",
    "[a](",
    "![",
    '<a "',
    "***a",
    "`a``",
    "[^a]",
    "<b",
    "[a][",
    "[](",
]
BLOCKS = ["<!--", "<div>\n", "> ", "- ", "|a", "{%raw%}", "{%comment%}", "<td", "<?", "```\n", "# a\n"]
WORDS = ["a. ", "a.\u00a0B", "e.g. X ", "。", "!?", "&amp;"]


def words(text: str) -> int:
    return 2 + len(text.split())


@pytest.mark.parametrize("mark", [*SINGLE, *INLINE, *BLOCKS, *WORDS])
def test_a_file_of_nothing_but_one_mark_is_read_or_rejected(mark: str) -> None:
    text = mark * ((SIZE if mark in SINGLE else SMALLER) // len(mark))
    try:
        article = parse(text, "a.md", locales=frozenset())
    except ArticleRejected:
        return
    assert chunk(article, words)
    with suppress(ArticleRejected):
        render(text, lambda link: None)


def test_yaml_that_grows_or_nests_without_end_is_read_or_rejected() -> None:
    names = "abcdefghijklmnop"
    rows = [f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]" for before, name in pairwise(names)]
    bomb = "\n".join(["---", "a: &a [x]", *rows, "tags: *p", "title: *p", "---", "Text."])
    assert parse(bomb, "page.md", locales=frozenset()).title == "Page"
    with pytest.raises(ArticleRejected):
        parse("---\na: " + "[" * 100_000 + "\n---\nText.", "page.md", locales=frozenset())
