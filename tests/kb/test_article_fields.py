"""What the front matter and the path say about an article."""

import datetime as dt

import pytest

from kb.article import Article, ArticleKey, Audience
from kb.errors import ArticleRejected
from kb.markdown import parse

LOCALES = frozenset({"en", "es", "de", "zh", "pt-BR"})


def article(front: str, path: str = "help/my-page.md", body: str = "Text.") -> Article:
    return parse(f"---\n{front}\n---\n{body}", path, locales=LOCALES)


def test_all_fields_are_read() -> None:
    found = article(
        "title: 'Fees: all'\nlang: es\nslug: fees\npermalink: /help/fees/\ntags: [a, b]\naudience: agent\nowner: ann\n"
        "last_reviewed: 2026-03-01\nnext_review: 2026-09-01\nproduct: Heron\ncategory: Machines\n"
        "layout: ignored\nhero: {x: [1, 2]}"
    )
    assert found.key == ArticleKey("help/fees", "es")
    assert (found.title, found.url, found.tags) == ("Fees: all", "/help/fees/", ("a", "b"))
    assert (found.audience, found.owner) == (Audience.AGENT, "ann")
    assert (found.product, found.category) == ("Heron", "Machines")
    assert (found.last_reviewed, found.next_review) == (dt.date(2026, 3, 1), dt.date(2026, 9, 1))
    assert found.draft is False


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("_help/page._es.md", "es/_help/page"),
        ("help/page.es.md", "es/help/page"),
        ("es/help/page.md", "es/help/page"),
        ("content/es/help/page.md", "es/content/help/page"),
        ("pt-br/page.md", "pt-BR/page"),
        ("help/page_es.md", "en/help/page_es"),
        ("help/v1.2.md", "en/help/v1.2"),
        ("de/page.es.md", "es/page"),
        ("espresso/page.markdown", "en/espresso/page"),
        ("es.md", "en/es"),
    ],
)
def test_a_path_says_locale_and_id(path: str, key: str) -> None:
    assert str(parse("Text.", path, locales=LOCALES).key) == key


def test_the_stated_language_wins_over_the_path() -> None:
    assert article("lang: de-AT", "es/page.md").key == ArticleKey("page", "de")
    assert article("language: NL", "es/page.md").key == ArticleKey("page", "nl")
    assert article("lang: no", "page.md").key == ArticleKey("page", "no")


def test_the_id_is_the_stated_one_cleaned_of_dots_and_slashes() -> None:
    assert article("id: /billing/../fees/").key.id == "billing/fees"


@pytest.mark.parametrize(
    ("front", "body", "title"),
    [
        ("title: Stated", "# Heading\n\nx", "Stated"),
        ("owner: x", "# *The* heading\n\nx", "The heading"),
        ("owner: x", "## Second level\n\nx", "My page"),
        ("title: 2024", "x", "2024"),
    ],
)
def test_the_title_is_stated_or_the_first_heading_or_the_file_name(front: str, body: str, title: str) -> None:
    assert article(front, body=body).title == title


@pytest.mark.parametrize("front", ["draft: true", "Draft: yes", "published: false", "status: draft"])
def test_a_draft_is_a_draft_however_it_is_written(front: str) -> None:
    assert article(front).draft is True


def test_a_draft_needs_neither_text_nor_valid_values() -> None:
    assert (
        parse("---\ndraft: true\naudience: nobody\nlast_reviewed: soon\n---\n", "a.md", locales=LOCALES).draft
        is True
    )


@pytest.mark.parametrize("word", ["Agent", "agents", "internal", "[agent]", "'agent'"])
def test_an_internal_page_stays_internal_however_it_is_written(word: str) -> None:
    assert article(f"Audience: {word}").audience is Audience.AGENT


@pytest.mark.parametrize("start", ["", "\n\n", "\ufeff", "  \n"])
def test_front_matter_is_found_behind_blanks(start: str) -> None:
    found = parse(f"{start}---\r\naudience: agent\r\n---\r\nText.", "a.md", locales=LOCALES)
    assert found.audience is Audience.AGENT


def test_toml_front_matter_is_read() -> None:
    found = parse(
        "+++\ntitle = 'T'\ntags = ['a']\nlast_reviewed = 2026-01-02\n+++\nText.", "a.md", locales=LOCALES
    )
    assert (found.title, found.tags, found.last_reviewed) == ("T", ("a",), dt.date(2026, 1, 2))


@pytest.mark.parametrize(
    "word", ["2026-03-01", "'2026-03-01'", "2026-03-01T10:00:00Z", "2026/03/01", "01.03.2026"]
)
def test_dates_are_read_as_people_write_them(word: str) -> None:
    assert article(f"last_reviewed: {word}").last_reviewed == dt.date(2026, 3, 1)


def test_tags_may_be_one_string() -> None:
    assert article("tags: billing, Cards , billing").tags == ("billing", "Cards")


@pytest.mark.parametrize(
    ("permalink", "url"),
    [
        ("/a/b/", "/a/b/"),
        ("a/b", "/a/b"),
        ("https://x.example/a", "https://x.example/a"),
        ("javascript:alert(1)", ""),
        ("//evil.example", ""),
        ("/:categories/:title/", ""),
        ("{{ x }}", ""),
    ],
)
def test_a_permalink_is_used_only_where_it_can_be_linked_to(permalink: str, url: str) -> None:
    assert article(f'permalink: "{permalink}"').url == url


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The file is empty."),
        (" \n\t", "The file is empty."),
        ("---\ntitle: x\n---\n\n", "There is no text below the front matter."),
        (
            "---\na: 1\nb: [\n---\nx",
            "Line 3 of the front matter cannot be read: a bracket is opened and never closed.",
        ),
        (
            "---\n\ntitle: a: b\n---\nx",
            "Line 3 of the front matter cannot be read: a value with a colon in it needs",
        ),
        ("---\na: 'b\n---\nx", "a quotation mark is opened and never closed"),
        ("---\na: x\n\tb: y\n---\nx", "use spaces"),
        ("---\na: @home\n---\nx", "needs quotation marks"),
        ("---\n- a\n- b\n---\nx", "is not a list of `name: value` lines"),
        ("---\naudience: agent\nText without an end", "never closed"),
        ("---\naudience: partners\n---\nx", "The audience can only be `public` or `agent`"),
        ("---\ndraft: perhaps\n---\nx", "The value of `draft` can only be `true` or `false`"),
        ("---\nnext_review: soon\n---\nx", "The date `next_review: soon` cannot be read"),
        ("---\nlang: English\n---\nx", "is not a language code"),
        ("# Only a heading\n\n## Another", "no text to answer from"),
        ("+++\na = \n+++\nx", "TOML"),
        (">" * 500 + " deep", "nested too deeply"),
        ("a\n" * 40_000, "more than 30,000 lines"),
    ],
)
def test_a_page_that_cannot_be_read_is_rejected_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ArticleRejected) as rejected:
        parse(text, "a.md", locales=LOCALES)
    assert sentence in str(rejected.value)


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert parse("---\n\nJust text.", "a.md", locales=LOCALES).sections[0].spans[0].text == "Just text."


def test_the_same_text_is_the_same_revision() -> None:
    one, other = article("title: a"), article("title: b")
    assert one.revision == article("title: a").revision
    assert len(one.revision) == 12
    assert one.revision != other.revision
