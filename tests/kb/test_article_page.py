"""The HTML of an article page: faithful to the text, harmless whatever the text holds."""

import re

import pytest

from kb.article import Link
from kb.errors import ArticleRejected
from kb.markdown import render

PAGES = {
    "orders/track": "/articles/orders/track",
    "other.md": "/articles/other",
    "img/dial.svg": "/media/dial.svg",
}


def resolve(link: Link) -> str | None:
    page, hash_sign, anchor = link.target.partition("#")
    found = PAGES.get(page)
    return f"{found}{hash_sign}{anchor}" if found else None


def page(source: str, cited: tuple[int, int] | None = None) -> str:
    return render(source, resolve, cited)


def test_front_matter_and_the_title_are_left_out_but_the_titles_anchor_stays() -> None:
    assert page("---\ntitle: T\n---\n# The page {#top}\n\nText.") == '<span id="top"></span>\n<p>Text.</p>\n'


def test_headings_carry_the_anchors_of_published_sites() -> None:
    found = page('## Fees {#f}\n\n## Cost<a name="c.eu"></a>\n\n## 费用 & más\n\n## Cost\n\n## Cost')
    assert re.findall(r'<h2 id="([^"]*)">([^<]*)</h2>', found) == [
        ("f", "Fees"),
        ("c.eu", "Cost"),
        ("费用--más", "费用 &amp; más"),
        ("cost", "Cost"),
        ("cost-1", "Cost"),
    ]


def test_what_is_written_with_a_backslash_or_as_an_entity_is_that_character() -> None:
    assert page(
        r"Ends here\. \[Not a link\] \<b\> 3 &lt; 4 &amp; *a\*b*, AT&amp;T, &nbsp;x &quot;y&quot;"
    ) == ('<p>Ends here. [Not a link] &lt;b&gt; 3 &lt; 4 &amp; <em>a*b</em>, AT&amp;T, &nbsp;x "y"</p>\n')


def test_links_within_the_site_are_resolved_and_dead_ones_are_plain_text() -> None:
    assert page("[[orders/track#late|Track it]] [[gone/page]] [o](other.md) [x](missing.md) [here](#a)") == (
        '<p><a href="/articles/orders/track#late" rel="noopener noreferrer">Track it</a> page '
        '<a href="/articles/other" rel="noopener noreferrer">o</a> x '
        '<a href="#a" rel="noopener noreferrer">here</a></p>\n'
    )


def test_links_to_elsewhere_tell_nothing_and_give_no_hold() -> None:
    assert page("<https://x.example/?a=1&b>") == (
        '<p><a href="https://x.example/?a=1&amp;b" rel="noopener noreferrer">https://x.example/?a=1&amp;b</a></p>\n'
    )


def test_pictures_are_resolved_and_keep_their_words() -> None:
    assert page("![The dial](img/dial.svg)") == '<p><img src="/media/dial.svg" alt="The dial"></p>\n'
    assert page("![The dial](gone.svg)") == '<p><img alt="The dial"></p>\n'


def test_a_callout_is_an_aside() -> None:
    assert page("> [!WARNING] Hot\n> Wait.\n\n> plain") == (
        '<aside class="callout callout-warning">\n<p class="callout-title">Hot</p>\n<p>Wait.</p>\n</aside>\n'
        "<blockquote>\n<p>plain</p>\n</blockquote>\n"
    )


def test_an_unknown_callout_is_a_note() -> None:
    assert '<aside class="callout callout-note">' in page('> [!x" onclick=y]\n> a\n\n> [!whatever]\n> b')


def test_a_diagram_is_left_to_the_page_and_code_is_code() -> None:
    assert page("```mermaid\na-->b\n```\n\n```py\nx<1\n```") == (
        '<pre class="mermaid">a--&gt;b\n</pre>\n<pre><code>x&lt;1\n</code></pre>\n'
    )


def test_templates_comments_and_import_lines_are_not_shown() -> None:
    assert page("Hi {{ name }}.<!-- no -->{: .x}") == "<p>Hi .</p>\n"
    assert render("import X from 'y'\n\nText.", resolve, path="a.mdx") == "<p>Text.</p>\n"


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&colon;alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "<a href=' javascript:alert(1)'>x</a>",
        "<a href='wiki:javascript:alert(1)'>x</a>",
        "[[javascript:alert(1)]]",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "<iframe src='https://x.example'></iframe>",
        "<form action='https://x.example'><input name=card></form>",
        "<div style='position:fixed' onclick='alert(1)'>x</div>",
        "<base href='https://x.example/'>",
        "<meta http-equiv=refresh content='0;url=https://x.example'>",
        "![x](//x.example/a.png)",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "```\n</code></pre><script>alert(1)</script>\n```",
        '## <img src=x onerror=alert(1)> {#"><script>alert(1)</script>}',
    ],
)
def test_nothing_in_an_article_becomes_active(attack: str) -> None:
    found = page(attack)
    tags = " ".join(re.findall(r"<[^>]*>", found)).lower()
    for sign in (
        "script",
        "javascript",
        "onerror",
        "onload",
        "onclick",
        "style",
        "iframe",
        "form",
        "input",
        "data:",
    ):
        assert sign not in tags
    for sign in ("<base", "<meta", "<svg", "<math", "x.example"):
        assert sign not in tags


def test_what_resolve_gives_back_is_not_trusted_blindly() -> None:
    assert render("[[x]]", lambda link: "javascript:alert(1)") == "<p>x</p>\n"


def test_the_cited_blocks_are_marked_and_the_first_can_be_jumped_to() -> None:
    source = "One.\n\nTwo.\n\n- a\n- b\n- c\n\n| h |\n|---|\n| x |\n| y |"
    assert page(source, (source.index("Two"), source.index("b") + 1)) == (
        '<p>One.</p>\n<p class="cited" id="cited">Two.</p>\n<ul>\n<li class="cited">a</li>\n<li class="cited">b</li>\n'
        "<li>c</li>\n</ul>\n<table>\n<thead>\n<tr>\n<th>h</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>x</td>\n</tr>\n"
        "<tr>\n<td>y</td>\n</tr>\n</tbody>\n</table>\n"
    )
    assert '<tr class="cited" id="cited">\n<td>y</td>' in page(source, (source.index("| y"), len(source)))


def test_a_cited_code_block_is_marked_with_windows_line_ends_too() -> None:
    source = "---\r\ntitle: x\r\n---\r\nText.\r\n\r\n```\r\ncode\r\n```\r\n"
    assert '<pre class="cited" id="cited"><code>code' in page(source, (source.index("```"), len(source)))


def test_a_range_outside_the_text_marks_nothing() -> None:
    assert "cited" not in page("Text.", (500, 600))


def test_a_page_of_endless_tags_is_refused() -> None:
    with pytest.raises(ArticleRejected):
        page("<div>" * 30_000)
