"""markdown-it as the knowledge base speaks it: placed inline tokens, wiki links, callouts, limits."""

import functools
import re

from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

from kb.errors import ArticleRejected
from kb.markdown.masks import PIPE

MAX_DEPTH = 60
"""Nesting of blocks; a list takes two levels. Deeper files are accidents or attacks."""
MAX_LINES = 30_000
"""The longest of 3,000 real articles has 2,642; each line can cost as much as a paragraph."""
MAX_INLINE = 50_000
"""Characters of one paragraph that are searched for markup; a longer one is read as plain text."""

CALLOUTS = frozenset(
    [
        "note",
        "info",
        "tip",
        "hint",
        "important",
        "warning",
        "caution",
        "danger",
        "error",
        "bug",
        "example",
        "question",
        "success",
        "quote",
        "abstract",
        "todo",
    ]
)
_CALLOUT = re.compile(r"\[!([A-Za-z]{1,20})\][+-]?[ \t]*")
_TAG_FIRST = re.compile(r"\s*</?[A-Za-z][\w-]*[\s/>]")
_WIKI = re.compile(rf"\[\[([^\[\]\n|{PIPE}]{{1,300}})(?:{PIPE}([^\[\]\n]{{0,500}}))?\]\]")


class _PlacedInline(StateInline):
    """Remembers where pending text began, so that each token's `map` can hold its place in the content."""

    def __init__(self, src: str, md: MarkdownIt, env: EnvType, out_tokens: list[Token]) -> None:
        super().__init__(src, md, env, out_tokens)
        self._fresh = True
        self._pending_at = 0

    def append_pending(self, text: str) -> None:
        if self._fresh:
            self._pending_at = self.pos
            self._fresh = False
        super().append_pending(text)

    def pushPending(self) -> Token:  # noqa: N802 - markdown-it's name
        token = super().pushPending()
        token.map = [self._pending_at, self._pending_at + len(token.content)]
        self._fresh = True
        return token

    def push(self, ttype: str, tag: str, nesting: int) -> Token:
        token = super().push(ttype, tag, nesting)  # type: ignore[arg-type]
        self._fresh = True
        return token


class _PlacedParserInline(ParserInline):
    """Gives every inline token `map = [start, end)`, in characters of the inline content."""

    def tokenize(self, state: StateInline) -> None:
        rules = self.ruler.getRules("")
        deepest = state.md.options["maxNesting"]
        end = state.posMax
        while state.pos < end:
            at, count, ok = state.pos, len(state.tokens), False
            if state.level < deepest:
                for rule in rules:
                    if ok := rule(state, False):
                        break
            if not ok:
                state.append_pending(state.src[at])
                state.pos += 1
            elif len(state.tokens) > count:
                _place(state.tokens, count, at, state.pos)
        if state.pending:
            state.pushPending()

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        if len(src) > MAX_INLINE:
            token = Token("text", "", 0, content=src)
            token.map = [0, len(src)]
            tokens.append(token)
            return tokens
        state = _PlacedInline(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def _place(tokens: list[Token], first: int, at: int, end: int) -> None:
    """Places the tokens that one rule made of [at, end); a run of delimiters is one token each."""
    cursor = at
    for token in tokens[first:]:
        if token.map is None:
            if token.type == "text":
                token.map = [cursor, cursor + len(token.content)]
                cursor += len(token.content)
            else:
                token.map = [at, end]


class _BoundedParserBlock(ParserBlock):
    """Refuses what markdown-it would silently leave out: text nested beyond the limit."""

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803 - markdown-it's names
        if state.level >= state.md.options.maxNesting:
            raise ArticleRejected("Lists or quotes are nested too deeply to be read; please flatten them.")
        super().tokenize(state, startLine, endLine)


def _wiki(state: StateInline, silent: bool) -> bool:
    """`[[target]]` and `[[target|label]]`; the label's bar was masked as `PIPE`."""
    if not state.src.startswith("[[", state.pos):
        return False
    match = _WIKI.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    if not silent:
        token = state.push("wiki", "a", 0)
        token.content = match.group(2) or ""
        token.meta = {"target": match.group(1)}
    state.pos = match.end()
    return True


def _html_goes_on(state: StateCore) -> None:
    """A blank line ends an HTML block, so its indented rest would be code; no site shows it so."""
    after_html = False
    for token in state.tokens:
        if token.type == "code_block" and after_html and _TAG_FIRST.match(token.content):
            token.type = "html_block"
        after_html = token.type == "html_block"


def _callouts(state: StateCore) -> None:
    """`> [!note] Title` becomes a block quote with `meta["callout"]` and its title a paragraph of its own."""
    tokens = state.tokens
    out: list[Token] = []
    quotes: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        out.append(token)
        index += 1
        if token.type == "blockquote_open":
            quotes.append(token)
        elif token.type == "blockquote_close":
            token.meta = quotes.pop().meta
        if (
            token.type != "blockquote_open"
            or index + 1 >= len(tokens)
            or tokens[index].type != "paragraph_open"
        ):
            continue
        inline = tokens[index + 1]
        match = _CALLOUT.match(inline.content)
        if not match:
            continue
        kind = match.group(1).lower()
        token.meta["callout"] = kind if kind in CALLOUTS else "note"
        title, _, rest = inline.content[match.end() :].partition("\n")
        inline.content = rest.strip()
        if title.strip():
            out.extend(_title_paragraph(tokens[index], inline, title.strip()))
        if not inline.content:
            index += 3  # the marker's own paragraph is empty now
    state.tokens = out


def _title_paragraph(paragraph: Token, inline: Token, title: str) -> list[Token]:
    line = inline.map[0] if inline.map else 0
    inline.map = [line + 1, max(line + 1, inline.map[1])] if inline.map else None
    opening = paragraph.copy(map=[line, line + 1], attrs={"class": "callout-title"})
    content = inline.copy(content=title, map=[line, line + 1], children=[])
    return [opening, content, Token("paragraph_close", "p", -1, block=True, level=paragraph.level)]


@functools.cache
def engine() -> MarkdownIt:
    """The parser of all articles; it keeps no state between texts."""
    md = MarkdownIt("commonmark", {"maxNesting": MAX_DEPTH, "tasklists": True})
    md.enable(["table", "strikethrough"])
    inline, block = _PlacedParserInline(), _BoundedParserBlock()
    inline.ruler.enableOnly(md.get_active_rules()["inline"])
    # Joining text again would lose the place of each piece.
    inline.ruler2.enableOnly([rule for rule in md.get_active_rules()["inline2"] if rule != "fragments_join"])
    block.ruler.enableOnly(md.get_active_rules()["block"])
    inline.ruler.before("link", "wiki", _wiki)
    md.inline, md.block = inline, block
    md.core.ruler.disable("text_join")
    md.core.ruler.after("block", "callouts", _callouts)
    md.core.ruler.after("block", "html_goes_on", _html_goes_on)
    # Addresses stay as the writer wrote them; what is dangerous is decided where HTML is made.
    md.normalizeLink = lambda url: url  # type: ignore[method-assign]
    md.validateLink = lambda url: True  # type: ignore[method-assign]
    return md


def is_diagram(token: Token) -> bool:
    """Whether a code block is a mermaid diagram, which says nothing to a reader of text."""
    return token.type == "fence" and token.info.strip().split(" ")[0].lower() in ("mermaid", "{mermaid}")


def tokens_of(text: str) -> list[Token]:
    """Block tokens of a masked text. Raises `ArticleRejected` for a bottomless or endless one."""
    if text.count("\n") > MAX_LINES:
        raise ArticleRejected(f"The file has more than {MAX_LINES:,} lines; please split it into articles.")
    return engine().parse(text, {})
