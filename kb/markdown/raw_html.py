"""HTML blocks in, spans out: their paragraphs, list items, table rows and preformatted text."""

import html
import re
from dataclasses import dataclass, field

from kb.article import Link, SpanKind
from kb.markdown.anchors import named_anchor
from kb.markdown.reading import SILENT_TAGS, Reading, address_of, alt_of, code_text
from kb.markdown.spans import Outline

_TAG = re.compile(
    r"<(/?)([A-Za-z][\w-]*)([^<>\"']*+(?:(?:\"[^\"]*+\"|'[^']*+')[^<>\"']*+)*+)>|<!--.*?-->|<[!?][^>]*>", re.S
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_WINDOW = 16_000
"""Longest tag, in characters: images carry their data in one."""
_NARROW = 200
"""The same after many `<` that begin no tag, so that a hostile file stays cheap."""
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)


@dataclass(slots=True)
class HtmlReader:
    """Reads the HTML blocks of one article; lists and tables may span several blocks."""

    outline: Outline
    _lists: list[tuple[str, int]] = field(default_factory=list)
    _group: int = -1
    _table: int = -1
    _header: list[str] = field(default_factory=list)
    _cells: list[tuple[str, bool, int, int]] = field(default_factory=list)
    _cell: str = ""
    _item: bool = False
    _heading: tuple[int, str, int] | None = None
    _pre: int = -1
    _silent: str = ""
    _run: Reading = field(default_factory=Reading)
    _failures: int = 0

    def feed(self, start: int, end: int) -> None:
        """Reads the block at [start, end) of the outline's text."""
        text = self.outline.text
        self._silent, self._pre, at = "", -1, start
        while at < end:
            opening = text.find("<", at, end)
            if opening < 0:
                self._text(at, end)
                break
            self._text(at, opening)
            window = _WINDOW if self._failures < 64 else _NARROW
            tag = _TAG.match(text, opening, min(end, opening + window))
            if not tag:
                self._failures += 1
                self._text(opening, opening + 1)
                at = opening + 1
                continue
            at = tag.end()
            if tag.group(2):
                self._tag(tag.group(2).lower(), bool(tag.group(1)), tag.group(), opening, at)
        self._flush(end)

    def _text(self, start: int, end: int) -> None:
        if self._silent or start >= end:
            return
        text, at = self.outline.text, start
        for entity in _ENTITY.finditer(text, start, end):
            self._run.add(text[at : entity.start()], at, literal=True)
            self._run.add(html.unescape(entity.group()), entity.start())
            at = entity.end()
        self._run.add(text[at:end], at, literal=True)

    def _tag(self, name: str, closes: bool, tag: str, start: int, end: int) -> None:
        if self._silent:
            self._silent = "" if closes and name == self._silent else self._silent
            return
        if name in SILENT_TAGS and not closes and not tag.endswith("/>"):
            self._flush(start)
            self._silent = name
        elif name == "br":
            self._run.add("\n", start)
        elif name == "img":
            self._run.add(alt_of(tag), start)
        elif name in _BLOCKS:
            self._flush(start)
            self._block(name, closes, tag, start, end)
        if not closes and name in ("a", "img") and (target := address_of(tag)):
            self.outline.links.append(Link(target=target, label=alt_of(tag), wiki=False))

    def _block(self, name: str, closes: bool, tag: str, start: int, end: int) -> None:
        if name in ("ul", "ol"):
            self._list(name, closes)
        elif name == "li":
            self._item = not closes
            if not closes and self._lists:
                self._lists[-1] = (self._lists[-1][0], self._lists[-1][1] + 1)
        elif name == "table":
            self._table = -1 if closes else self.outline.new_group()
            self._header, self._cells = [], []
        elif name in ("td", "th"):
            self._cell = "" if closes else name
        elif name == "tr":
            self._row()
        elif name == "pre":
            self._pre = -1 if closes else end
        elif len(name) == 2 and name[0] == "h" and name[1].isdigit() and not closes:
            self._heading = (int(name[1]), named_anchor(re.sub(r"^<\w+", "<a", tag)), start)
        elif self._heading and closes:
            self._heading = None

    def _list(self, name: str, closes: bool) -> None:
        if not closes:
            if not self._lists:
                self._group = self.outline.new_group()
            self._lists.append((name, 0))
        elif self._lists:
            self._lists.pop()
        self._item = bool(closes and self._lists)
        if not self._lists:
            self._group = -1

    def _row(self) -> None:
        """At either end of a row: the cells since the last one become a span, or the header."""
        cells, self._cells = self._cells, []
        if not cells:
            return
        if all(is_head for _, is_head, _, _ in cells):
            self._header = [text for text, _, _, _ in cells]
            return
        self.outline.new_block()
        text = row_text(self._header, [text for text, _, _, _ in cells])
        self.outline.span(cells[0][2], cells[-1][3], text, SpanKind.ROW, self._table)

    def _flush(self, end: int) -> None:
        """Ends the running text at `end` and makes it what the elements around it say."""
        run, self._run = self._run, Reading()
        text = run.text
        if not text:
            return
        start = run.start
        if self._heading:
            level, anchor, begin = self._heading
            self._heading = None
            self.outline.heading(level, text, self.outline.anchors.take(text, anchor), begin, end)
        elif self._cell and self._table >= 0:
            self._cells.append((text, self._cell == "th", start, end))
        elif self._pre >= 0:
            self.outline.new_block()
            code = code_text("".join(run.parts))
            self.outline.span(start, end, code, SpanKind.CODE, self._group)
        elif self._item and self._lists:
            kind, number = self._lists[-1]
            self._item = False
            self.outline.new_block()
            step = kind == "ol"
            self.outline.span(
                start, end, text, SpanKind.STEP if step else SpanKind.ITEM, self._group, number if step else 0
            )
        else:
            self.outline.new_block()
            for begin, stop, sentence in run.sentences(end):
                self.outline.span(max(begin, start), stop, sentence, SpanKind.SENTENCE, self._group)


def row_text(header: list[str], cells: list[str]) -> str:
    """A table row that reads on its own: `header: cell; header: cell`."""
    named = [*header, *[""] * (len(cells) - len(header))]
    return "; ".join(
        f"{name}: {cell}" if name else cell for name, cell in zip(named, cells, strict=False) if cell
    )
