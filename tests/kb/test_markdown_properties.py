"""What holds for every text: offsets, order, nothing lost, nothing raised but a rejection."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.article import Article
from kb.chunking import chunk, encoder_text, span_ranges
from kb.errors import ArticleRejected
from kb.markdown import parse, render

LOCALES = frozenset({"en", "es"})
RELAXED = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])

TEXT = ["order", "Go", "Überweisung", "重设密码。", "e.g.", "3.50", "café", "ok.", "Really?", "😀", "\u00a0"]
MARKUP = [
    "**bold.** ",
    "`a. B`",
    "[link. Two](x.md)",
    "&amp;",
    "{{ x }}",
    "[[a/b|c]]",
    "\\*",
    "<b>b</b>",
    "_it_",
    "~~x~~",
]
WORDS = st.sampled_from([*TEXT, *MARKUP, "![alt](i.png)", "<br>"])
SENTENCE = st.lists(WORDS, min_size=1, max_size=9).map(" ".join)
INDENT = st.sampled_from(["", "  ", "   ", "\t", "    "])
LINES = st.one_of(
    SENTENCE,
    st.tuples(INDENT, st.sampled_from(["- ", "* ", "1. ", "2) ", "-\t", "+   "]), SENTENCE).map("".join),
    st.tuples(st.sampled_from(["# ", "## ", "### "]), SENTENCE, st.sampled_from(["", " {#id}", " ##"])).map(
        "".join
    ),
    st.tuples(st.sampled_from(["> ", ">", "> > ", "> [!note] ", "> - "]), SENTENCE).map("".join),
    st.tuples(SENTENCE, SENTENCE).map(
        lambda cells: f"| {cells[0]} | {cells[1]} |\n|---|---|\n| {cells[1]} | {cells[0]} |"
    ),
    st.tuples(INDENT, SENTENCE).map(lambda code: f"{code[0]}```\n{code[0]}{code[1]}\n{code[0]}```"),
    st.tuples(SENTENCE, SENTENCE).map(
        lambda text: f"<div>\n  <p>{text[0]}</p><ul><li>{text[1]}</ul>\n</div>"
    ),
    st.sampled_from(
        ["", "", "---", "===", "{: .x}", "{% if a %}", "<!-- c -->", "    code", "[^1]: note", "  \\"]
    ),
)
DOCUMENTS = st.tuples(
    st.lists(LINES, min_size=1, max_size=14),
    st.sampled_from(["\n", "\n\n", "\r\n", "\r\n\r\n", "\n \n", "\r"]),
).map(lambda parts: parts[1].join(parts[0]))


def read(text: str) -> Article | None:
    try:
        return parse(text, "a/page.md", locales=LOCALES)
    except ArticleRejected:
        return None


def words(text: str) -> int:
    return 2 + len(text.split())


def check(article: Article) -> None:
    last = 0
    for section in article.sections:
        assert section.spans
        assert section.start <= section.spans[0].start
        assert section.spans[-1].end <= section.end <= len(article.source)
        for span in section.spans:
            assert last <= span.start < span.end <= len(article.source)
            assert span.text == span.text.strip("\n ")
            assert span.text
            last = span.end


@RELAXED
@given(DOCUMENTS)
def test_spans_of_a_document_are_ordered_and_inside_it(text: str) -> None:
    article = read(text)
    if article:
        assert article.source == text
        check(article)


@RELAXED
@given(DOCUMENTS, st.integers(4, 40))
def test_every_span_lands_in_a_chunk_whose_quote_is_the_source(text: str, limit: int) -> None:
    article = read(text)
    if not article:
        return
    chunks = chunk(article, words, limit)
    for number, found in enumerate(chunks):
        assert found.ordinal == number
        assert (found.start, found.end) == (found.spans[0].start, found.spans[-1].end)
        body = encoder_text(found)
        assert [body[begin:end] for begin, end in span_ranges(found)] == [span.text for span in found.spans]
    chunked = [span for found in chunks for span in found.spans]
    assert [span.start for span in chunked] == sorted({span.start for span in chunked})
    said = "".join("".join(span.text.split()) for span in chunked)
    assert said == "".join("".join(span.text.split()) for part in article.sections for span in part.spans)


@RELAXED
@given(DOCUMENTS)
def test_every_visible_word_of_a_plain_document_is_in_some_span(text: str) -> None:
    plain = "\n\n".join(
        f"Word{index} {line.split()[0]}" for index, line in enumerate(text.split("\n")) if line.split()
    )
    article = read("".join(c for c in plain if c.isalnum() or c in " \n"))
    if article:
        said = " ".join(span.text for section in article.sections for span in section.spans)
        assert all(
            f"Word{index}" in said for index in range(plain.count("\n\n") + 1) if f"Word{index} " in plain
        )


@RELAXED
@given(st.text(max_size=400))
def test_any_text_is_an_article_or_is_rejected(text: str) -> None:
    article = read(text)
    if article:
        check(article)
        render(text, lambda link: None)


@RELAXED
@given(st.text(alphabet="[]{}()<>*_`~#|!-:\\\"'&;^=+. \t\r\n0a%/", max_size=300))
def test_any_markup_is_an_article_or_is_rejected(text: str) -> None:
    article = read(text)
    if article:
        check(article)
        assert "<script" not in render(text, lambda link: None)


@RELAXED
@given(DOCUMENTS)
def test_the_page_has_the_anchors_of_the_sections(text: str) -> None:
    article = read(text)
    if article:
        page = render(text, lambda link: "/x")
        for section in article.sections:
            if section.anchor and '"' not in section.anchor and "&" not in section.anchor:
                assert f'id="{section.anchor}"' in page
