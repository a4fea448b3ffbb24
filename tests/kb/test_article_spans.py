"""What an article's text becomes; the cases are in fixtures/."""

from typing import Protocol

from kb.article import Article
from kb.markdown import parse
from kb.sentences import breaks

LOCALES = frozenset({"en", "es", "de", "fr"})


class Case(Protocol):
    given: str
    expected: str


def described(article: Article) -> str:
    lines: list[str] = []
    for section in article.sections:
        lines.append(f"# {' > '.join(section.heading_path)} | {section.anchor}")
        for span in section.spans:
            number = f" {span.number}" if span.number else ""
            group = f" @{span.group}" if span.group >= 0 else ""
            quote = article.source[span.start : span.end]
            source = f" << {quote}" if quote != span.text else ""
            lines.append(f"{span.kind}{number}{group}: {span.text}{source}".replace("\n", "\\n"))
    return "\n".join(lines)


def stripped(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n"))


def test_an_article_becomes_these_spans(spans_case: Case) -> None:
    article = parse(spans_case.given, "page.md", locales=LOCALES)
    assert stripped(described(article)) == stripped(spans_case.expected)


def test_windows_line_ends_change_offsets_but_not_the_text(spans_case: Case) -> None:
    plain = parse(spans_case.given, "page.md", locales=LOCALES)
    windows = parse(spans_case.given.replace("\n", "\r\n"), "page.md", locales=LOCALES)
    assert [s.text for x in windows.sections for s in x.spans] == [
        s.text for x in plain.sections for s in x.spans
    ]
    assert [(x.heading_path, x.anchor) for x in windows.sections] == [
        (x.heading_path, x.anchor) for x in plain.sections
    ]
    for section, other in zip(windows.sections, plain.sections, strict=True):
        for span, twin in zip(section.spans, other.spans, strict=True):
            quote = windows.source[span.start : span.end].replace("\r\n", "\n")
            assert quote == plain.source[twin.start : twin.end]


def test_text_is_cut_into_these_sentences(sentences_case: Case) -> None:
    text = sentences_case.given
    found: list[str] = []
    begin = 0
    for end, after in breaks(text):
        found.append(text[begin:end])
        begin = after
    found.append(text[begin:])
    assert found == sentences_case.expected.split("\n")


def test_links_are_kept_as_written() -> None:
    article = parse(
        "[[a/b|B]] ![pic](i/x y.png) [c](<d e.md#f> 't') <a href='/g'>h</a>", "page.md", locales=LOCALES
    )
    assert [(link.target, link.label, link.wiki) for link in article.links] == [
        ("a/b", "B", True),
        ("d e.md#f", "c", False),
        ("/g", "", False),
    ]
