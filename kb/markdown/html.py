"""An article's source in, safe HTML for the article page out."""

import html
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from urllib.parse import quote, unquote

import nh3
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from kb.article import Link
from kb.errors import ArticleRejected
from kb.markdown.anchors import Anchors, named_anchor
from kb.markdown.frontmatter import body_start
from kb.markdown.masks import MASK, PIPE, mask
from kb.markdown.reading import read_inline, wiki_link
from kb.markdown.syntax import CALLOUTS, engine, is_diagram, tokens_of

Resolve = Callable[[Link], str | None]
"""Address of a wiki or relative link (or image) within the site, or None when there is no such page."""

_WIKI_SCHEME = "wiki"
_EXTERNAL = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)
_SAFE_RESOLVED = re.compile(r"(?:https?://|/(?!/)|#|\?|\.{0,2}/|[\w%.-]+(?:[/?#]|$))", re.IGNORECASE)
_REL = "noopener noreferrer"
_DEAD_LINK = re.compile(rf'<a(?: title="[^"]*")?(?: rel="{_REL}")?>(.*?)</a>', re.DOTALL)
# The sanitiser's time grows with the square of what is nested and of the entities in one text.
_MAX_TAGS = 20_000
_MAX_RUN = 20_000
_BLOCKS_WITH_ID = frozenset(
    ("h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "tr", "pre", "span", "div", "table")
)
_TEXT_TAGS = "a abbr b br code del em i img ins kbd mark s small span strong sub sup u wbr"
_BLOCK_TAGS = (
    "aside blockquote details div dl dd dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre summary ul"
)
_TABLE_TAGS = "caption table tbody td tfoot th thead tr"
_TAGS = frozenset(" ".join((_TEXT_TAGS, _BLOCK_TAGS, _TABLE_TAGS)).split())
_ATTRIBUTES: dict[str, set[str]] = {
    **{tag: {"id"} for tag in _BLOCKS_WITH_ID},
    "a": {"href", "title", "id"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "details": {"open"},
    "abbr": {"title"},
}
_CITED = {"cited"}
_CLASSES: dict[str, set[str]] = {
    **{tag: set(_CITED) for tag in _BLOCKS_WITH_ID},
    "p": {"cited", "callout-title"},
    "pre": {"cited", "mermaid"},
    "aside": {"callout", *(f"callout-{kind}" for kind in CALLOUTS)},
    "li": {"cited", "task-list-item"},
}


def render(source: str, resolve: Resolve, cited: tuple[int, int] | None = None, path: str = "") -> str:
    """Renders the text below the front matter.

    The first level-1 heading is left out, because the page shows the title, but its anchor stays. Headings carry the
    anchors that `parse` gives. `cited` is a range [start, end) of characters in `source`: the blocks it touches get
    the class `cited`, the first of them the id `cited`. `path` tells MDX from Markdown. What `resolve` does not know
    becomes plain text. Raises `ArticleRejected` for a source that could not have been parsed.
    """
    masked = mask(source, body_start(source), modules=path.lower().endswith(".mdx"))
    tokens = tokens_of(masked.text)
    _anchor_headings(tokens, masked.ids)
    if cited and cited[0] < cited[1] <= len(source):
        _mark(tokens, masked.text, *cited)
    if _tags(tokens) > _MAX_TAGS:
        raise ArticleRejected("The article holds far too many HTML tags to be shown; write it in Markdown.")
    rendered = _Renderer().render(tokens, engine().options, {})
    return _sanitise(rendered.replace(MASK, "").replace(PIPE, "|"), resolve)


def _sanitise(rendered: str, resolve: Resolve) -> str:
    """Only known elements and attributes, only addresses that are safe or resolved."""

    def address(tag: str, name: str, value: str) -> str | None:
        if (tag, name) not in (("a", "href"), ("img", "src")):
            return value
        if _EXTERNAL.match(value) or (tag == "a" and value.startswith("#")):
            return value
        wiki = value.startswith(f"{_WIKI_SCHEME}:")
        target = unquote(value.partition(":")[2]) if wiki else value
        found = resolve(Link(target=target, label="", wiki=wiki))
        return found if found and _SAFE_RESOLVED.match(found) else None

    cleaned = nh3.clean(
        rendered,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        attribute_filter=address,
        url_schemes={"http", "https", "mailto", "tel", _WIKI_SCHEME},
        link_rel=_REL,
        clean_content_tags={"script", "style", "noscript", "template", "svg", "iframe", "object"},
    )
    return _DEAD_LINK.sub(r"\1", cleaned)


def _tags(tokens: Sequence[Token]) -> int:
    """How many raw HTML tags there may be."""
    pieces = (piece for token in tokens for piece in (token, *(token.children or ())))
    return sum(piece.content.count("<") for piece in pieces if piece.type in ("html_block", "html_inline"))


def _escaped(text: str) -> str:
    """Text as HTML, with break opportunities that keep each text node short for the sanitiser."""
    runs = (text[at : at + _MAX_RUN] for at in range(0, len(text), _MAX_RUN))
    return "<wbr>".join(html.escape(run, quote=False) for run in runs)


def _anchor_headings(tokens: list[Token], ids: dict[int, str]) -> None:
    """Gives headings their ids; the first level-1 heading becomes an empty anchor."""
    anchors = Anchors()
    titled = False
    for index, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        inline, closing = tokens[index + 1], tokens[index + 2]
        first, last = token.map or [0, 0]
        explicit = next((ids[line] for line in range(first, last) if line in ids), "") or named_anchor(
            inline.content
        )
        text = read_inline(inline.children or (), []).text
        if text or explicit:
            token.attrSet("id", anchors.take(text, explicit))
        inline.children = [child for child in inline.children or [] if not named_anchor(child.content)]
        if token.tag == "h1" and not titled:
            titled = True
            token.tag = closing.tag = "span"
            inline.children = []


def _mark(tokens: Sequence[Token], text: str, start: int, end: int) -> None:
    """Marks the blocks whose lines the range touches."""
    lines = [0]
    at = text.find("\n")
    while at >= 0:
        lines.append(at + 1)
        at = text.find("\n", at + 1)
    first, last = bisect_right(lines, start) - 1, bisect_right(lines, max(start, end - 1)) - 1
    holders: list[Token] = []
    found: list[Token] = []
    for token in tokens:
        if token.type in ("paragraph_open", "list_item_open", "tr_open", "heading_open"):
            holders.append(token)
        elif token.type in ("paragraph_close", "list_item_close", "tr_close", "heading_close"):
            holders.pop()
        block = _holder(token, holders)
        if block and token.map and token.map[0] <= last and token.map[1] > first and block not in found[-1:]:
            found.append(block)
    for block in found:
        block.attrJoin("class", "cited")
    if found:
        found[0].attrSet("id", "cited")


def _holder(token: Token, holders: Sequence[Token]) -> Token | None:
    """The block to mark for a token that carries text of its own."""
    if token.type in ("fence", "code_block"):
        return token
    if token.type != "inline":
        return None
    return next((holder for holder in reversed(holders) if not holder.hidden), None)


class _Renderer(RendererHTML):
    """markdown-it's renderer, with this house's callouts, wiki links, code and task boxes."""

    def blockquote_open(self, tokens: Sequence[Token], index: int, options: object, env: object) -> str:
        """A callout is an aside."""
        kind = tokens[index].meta.get("callout")
        return f'<aside class="callout callout-{kind}">\n' if kind else "<blockquote>\n"

    def blockquote_close(self, tokens: Sequence[Token], index: int, options: object, env: object) -> str:
        """Closes what `blockquote_open` opened."""
        return "</aside>\n" if tokens[index].meta.get("callout") else "</blockquote>\n"

    def list_item_open(self, tokens: Sequence[Token], index: int, options: object, env: object) -> str:
        """A task shows its box as a character: a form field in an article could ask for anything."""
        token = tokens[index]
        box = ("☑ " if token.meta["checked"] else "☐ ") if "checked" in token.meta else ""
        return f"<li{self.renderAttrs(token)}>{box}"

    def text(self, tokens: Sequence[Token], index: int, options: object, env: object) -> str:
        """Plain text."""
        return _escaped(tokens[index].content)

    def text_special(self, tokens: Sequence[Token], index: int, options: object, env: object) -> str:
        """A character that was written with a backslash before it, or as an entity."""
        return _escaped(tokens[index].content)

    def wiki(self, tokens: Sequence[Token], index: int, options: object, env: object) -> str:
        """Marks a wiki link for `_sanitise`, which resolves it."""
        link = wiki_link(tokens[index])
        return (
            f'<a href="{_WIKI_SCHEME}:{quote(link.target, errors="replace")}">{html.escape(link.label)}</a>'
        )

    def fence(self, tokens: Sequence[Token], index: int, options: object, env: object) -> str:
        """Code, or a diagram that the page may draw."""
        token = tokens[index]
        body = _escaped(token.content)
        if is_diagram(token):
            token.attrJoin("class", "mermaid")
            return f"<pre{self.renderAttrs(token)}>{body}</pre>\n"
        return f"<pre{self.renderAttrs(token)}><code>{body}</code></pre>\n"

    def code_block(self, tokens: Sequence[Token], index: int, options: object, env: object) -> str:
        """Indented code."""
        return self.fence(tokens, index, options, env)
