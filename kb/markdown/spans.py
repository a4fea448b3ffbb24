"""Blocks in document order in, sections with their spans out; the one place where spans get their offsets checked."""

from dataclasses import dataclass, field

from kb.article import Link, Section, Span, SpanKind
from kb.errors import ArticleRejected
from kb.markdown.anchors import Anchors
from kb.markdown.masks import MASK

MAX_SPANS = 20_000
"""Sentences, items and rows of one article; the largest real one known has some 3,000."""
_TRIM = " \t\n\r\f\v\u00a0\u2028\u3000" + MASK


@dataclass(slots=True)
class Outline:
    """Collects headings and spans while the text is read from top to bottom."""

    text: str
    """The masked text; its offsets are the source's."""
    start: int
    """Where the body begins."""
    links: list[Link] = field(default_factory=list)
    title: str = ""
    """Text of the first level-1 heading."""
    anchors: Anchors = field(default_factory=Anchors)
    block: int = -1
    group: int = -1
    _sections: list[Section] = field(default_factory=list)
    _spans: list[Span] = field(default_factory=list)
    _path: list[tuple[int, str]] = field(default_factory=list)
    _level: int = 0
    _anchor: str = ""
    _from: int = 0
    _last: int = 0
    _has_title: bool = False
    _count: int = 0

    def __post_init__(self) -> None:
        self._from = self._last = self.start

    def heading(self, level: int, text: str, anchor: str, start: int, end: int) -> None:
        """Begins the section of a heading that stands at [start, end)."""
        self._close(start)
        self._path = [(depth, name) for depth, name in self._path if depth < level]
        if level == 1 and not self._has_title:
            self._has_title = True
            self.title = text
        elif text:
            self._path.append((level, text))
        self._level, self._anchor, self._from = level, anchor, end
        self._last = max(self._last, end)

    def new_block(self) -> None:
        """Begins a paragraph, item, row or code block."""
        self.block += 1

    def new_group(self) -> int:
        """Begins a list or table; returns its ordinal."""
        self.group += 1
        return self.group

    def span(self, start: int, end: int, text: str, kind: SpanKind, group: int = -1, number: int = 0) -> None:
        """Adds a span of the current block, trimmed; one without text is left out."""
        # HTML inside lists can claim a line twice; a character is quoted once.
        start, end = max(start, self._last), min(end, len(self.text))
        while start < end and self.text[start] in _TRIM:
            start += 1
        while start < end and self.text[end - 1] in _TRIM:
            end -= 1
        if start < end and text.strip():
            self._count += 1
            if self._count > MAX_SPANS:
                raise ArticleRejected("The file holds too much text for one article; please split it.")
            self._spans.append(Span(start, end, text.strip(), kind, self.block, group, number))
            self._last = end

    def sections(self) -> tuple[Section, ...]:
        """All sections that hold text."""
        self._close(len(self.text))
        return tuple(self._sections)

    def _close(self, end: int) -> None:
        if self._spans:
            path = tuple(name for _, name in self._path)
            start = min(self._from, self._spans[0].start)
            self._sections.append(
                Section(path, self._anchor, self._level, start, max(end, self._last), tuple(self._spans))
            )
        self._spans = []
