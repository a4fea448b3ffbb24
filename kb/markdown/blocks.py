"""Block tokens in, an `Outline` filled with headings and spans out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from kb.article import SpanKind
from kb.markdown.anchors import named_anchor
from kb.markdown.masks import Masked
from kb.markdown.raw_html import HtmlReader, row_text
from kb.markdown.reading import code_text, read_inline
from kb.markdown.spans import Outline
from kb.markdown.syntax import is_diagram

_QUOTE_MARKS = re.compile(r"[ \t>]*")


@dataclass(slots=True)
class _Item:
    kind: SpanKind
    number: int
    spoken: bool = False
    """Its own text has become a span; paragraphs after that are sentences of the list."""


@dataclass(slots=True)
class BlockReader:
    """Walks the tokens of one article once."""

    masked: Masked
    outline: Outline
    _lines: list[int] = field(default_factory=list)
    _lists: list[tuple[bool, int]] = field(default_factory=list)
    """Lists around the current block: ordered or not, and the number of the next item."""
    _items: list[_Item] = field(default_factory=list)
    _group: int = -1

    def __post_init__(self) -> None:
        self._lines = [0]
        text = self.masked.text
        at = text.find("\n")
        while at >= 0:
            self._lines.append(at + 1)
            at = text.find("\n", at + 1)
        self._lines.append(len(text) + 1)

    def read(self, tokens: Sequence[Token]) -> None:
        """Reads all tokens in order."""
        html = HtmlReader(self.outline)
        index = 0
        while index < len(tokens):
            token = tokens[index]
            kind = token.type
            if kind == "heading_open":
                self._heading(token, tokens[index + 1])
                index += 2
            elif kind == "table_open":
                index = self._table(tokens, index)
            elif kind == "inline":
                self._paragraph(token)
            elif kind == "html_block":
                html.feed(*self._range(token))
            elif kind in ("fence", "code_block"):
                self._code(token)
            else:
                self._list(token)
            index += 1

    def _range(self, token: Token) -> tuple[int, int]:
        """Characters of a token's lines, without the last line end."""
        first, last = token.map or [0, 0]
        return self._lines[first], self._lines[last] - 1

    def _heading(self, token: Token, inline: Token) -> None:
        text = read_inline(inline.children or (), self.outline.links).text
        first, last = token.map or [0, 0]
        explicit = next((self.masked.ids[line] for line in range(first, last) if line in self.masked.ids), "")
        if not explicit and "<a" in inline.content:
            explicit = named_anchor(inline.content)
        start, end = self._range(token)
        anchor = self.outline.anchors.take(text, explicit) if text or explicit else ""
        self.outline.heading(int(token.tag[1]), text, anchor, start, end)

    def _list(self, token: Token) -> None:
        """Keeps account of the lists that are open; other tokens only frame their content."""
        kind = token.type
        if kind in ("ordered_list_open", "bullet_list_open"):
            if not self._lists:
                self._group = self.outline.new_group()
            self._lists.append((kind == "ordered_list_open", int(token.attrs.get("start", 1))))
        elif kind == "list_item_open":
            ordered, number = self._lists[-1]
            self._lists[-1] = (ordered, number + 1)
            self._items.append(_Item(SpanKind.STEP, number) if ordered else _Item(SpanKind.ITEM, 0))
        elif kind == "list_item_close":
            self._items.pop()
        elif kind in ("ordered_list_close", "bullet_list_close"):
            self._lists.pop()
            if not self._lists:
                self._group = -1

    def _paragraph(self, inline: Token) -> None:
        reading = read_inline(inline.children or (), self.outline.links)
        text = reading.text
        if not text:
            return
        self.outline.new_block()
        places = self._places(inline)
        item = self._items[-1] if self._items else None
        if item and not item.spoken:
            item.spoken = True
            start, end = _place(places, 0), _place(places, len(inline.content))
            self.outline.span(start, end, text, item.kind, self._group, item.number)
            return
        for begin, stop, sentence in reading.sentences(len(inline.content)):
            start, end = _place(places, begin), _place(places, stop)
            self.outline.span(start, end, sentence, SpanKind.SENTENCE, self._group)

    def _places(self, inline: Token) -> list[tuple[int, int]]:
        """For each content line, its first offset in the content and the source offset of that character.

        Markdown takes indentation, quote and list marks off a line's front and blanks off its end, so a content line
        is found by laying its end on the end of the source line.
        """
        first, last = inline.map or [0, 0]
        places: list[tuple[int, int]] = []
        at, line = 0, first
        for content in inline.content.split("\n"):
            wanted = content.rstrip()
            while line < last:
                start, end = self._lines[line], self._lines[line + 1] - 1
                source = self.masked.text[start:end].rstrip()
                line += 1
                if source.endswith(wanted):
                    places.append((at, start + len(source) - len(wanted)))
                    break
            at += len(content) + 1
        return places or [(0, self._lines[first])]

    def _code(self, token: Token) -> None:
        if is_diagram(token):
            return
        code = code_text(token.content)
        if not code.strip():
            return
        start, end = self._range(token)
        marks = _QUOTE_MARKS.match(self.masked.text, start)
        self.outline.new_block()
        self.outline.span(marks.end() if marks else start, end, code, SpanKind.CODE, self._group)

    def _table(self, tokens: Sequence[Token], index: int) -> int:
        """Reads a table whose first token is at `index`; returns the index of its last."""
        group = self.outline.new_group()
        rows: list[tuple[Token, list[str]]] = []
        while tokens[index].type != "table_close":
            token = tokens[index]
            if token.type == "tr_open":
                rows.append((token, []))
            elif token.type == "inline":
                rows[-1][1].append(read_inline(token.children or (), self.outline.links).text)
            index += 1
        (head, header), body = rows[0], rows[1:]
        if not any(any(cells) for _, cells in body):
            body = [(head, header)]
            header = []
        for token, cells in body:
            start, end = self._range(token)
            marks = _QUOTE_MARKS.match(self.masked.text, start)
            self.outline.new_block()
            self.outline.span(
                marks.end() if marks else start, end, row_text(header, cells), SpanKind.ROW, group
            )
        return index


def _place(places: list[tuple[int, int]], at: int) -> int:
    """Source offset of a content offset."""
    content, source = places[0]
    for next_content, next_source in places[1:]:
        if next_content > at:
            break
        content, source = next_content, next_source
    return source + at - content
