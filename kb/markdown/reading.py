"""Inline tokens in, plain reading text out, each character still knowing where in the content it came from."""

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from markdown_it.token import Token

from kb.article import Link
from kb.markdown.masks import MASK, PIPE, unmask
from kb.markdown.naming import in_words
from kb.sentences import HARD_BREAK, breaks

_CJK = "\u3000-\u30ff\u3400-\u9fff\uff00-\uffef"
_SOFT_BREAK_IN_CJK = re.compile(rf"(?<=[{_CJK}])[ \t]*\n[ \t]*(?=[{_CJK}])")
_LOOSE_STARS = re.compile(r"(?<!\S)\*{2,3}(?!\S)")
"""`** bold **`: some generators write it, Markdown shows the stars, nobody reads them."""
_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)")
_ALT = re.compile(r"\balt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_HREF = re.compile(r"\b(?:href|src)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
SILENT_TAGS = frozenset({"script", "style", "noscript", "template", "svg", "iframe", "object", "head"})
"""HTML elements whose content no reader sees."""


@dataclass(slots=True)
class Reading:
    """Text as a person reads it, built piece by piece, with the way back to the content's offsets."""

    parts: list[str] = field(default_factory=list)
    _at: list[int] = field(default_factory=list)
    _from: list[tuple[int, bool]] = field(default_factory=list)
    _length: int = 0
    _whole: list[tuple[int, int]] = field(default_factory=list)

    def add(self, text: str, start: int, *, literal: bool = False) -> None:
        """Appends a piece that stands at `start`; `literal` when it stands there character by character."""
        if text:
            self._at.append(self._length)
            self._from.append((start, literal))
            self.parts.append(text)
            self._length += len(text)

    def keep_whole(self, start: int, end: int) -> None:
        """Marks content that no sentence may end within: a link, code or emphasis."""
        self._whole.append((start, end))

    @property
    def start(self) -> int:
        """Where the first piece with visible text stands."""
        for part, (start, literal) in zip(self.parts, self._from, strict=True):
            if visible := part.replace(MASK, " ").strip():
                return start + (part.index(visible[0]) if literal else 0)
        return self._from[0][0] if self._from else 0

    @property
    def text(self) -> str:
        """The whole text, masks removed and white space collapsed."""
        return clean("".join(self.parts))

    def sentences(self, end: int) -> list[tuple[int, int, str]]:
        """Sentences as (start, end, text) in content offsets that together cover [first piece, end)."""
        raw = "".join(self.parts)
        if not raw:
            return []
        whole = _merge(self._whole)
        starts = [start for start, _ in whole]
        found: list[tuple[int, int, str]] = []
        text_from, content_from = 0, 0
        for text_to, text_next in breaks(raw.replace(MASK, " ")):
            cut = self._content(text_to)
            index = bisect_left(starts, cut) - 1
            if index >= 0 and cut < whole[index][1]:
                continue
            found.append((content_from, cut, clean(raw[text_from:text_to])))
            text_from, content_from = text_next if text_next > text_to else text_to, cut
        found.append((content_from, end, clean(raw[text_from:])))
        return _without_empty(found)

    def _content(self, at: int) -> int:
        index = bisect_right(self._at, at) - 1
        start, literal = self._from[index]
        # Inside a piece that is not literal, any place after its start will do: such pieces are kept whole.
        return start + (at - self._at[index] if literal else min(1, at - self._at[index]))


def clean(raw: str) -> str:
    """Reading text without masks, its white space collapsed; Chinese and Japanese lines join without a blank."""
    if "\n" in raw:
        raw = _SOFT_BREAK_IN_CJK.sub("", raw)
    if "**" in raw:
        raw = _LOOSE_STARS.sub("", raw)
    return " ".join(unmask(raw).split())


def code_text(raw: str) -> str:
    """Code as shown: without masks, the blanks at line ends and the empty lines around it."""
    return "\n".join(line.rstrip() for line in unmask(raw).split("\n")).strip("\n")


def _without_empty(found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Gives the range of an empty sentence to its neighbour, so that no markup is lost between two."""
    kept: list[tuple[int, int, str]] = []
    for start, end, text in found:
        if text:
            kept.append((start, end, text))
        elif kept:
            kept[-1] = (kept[-1][0], end, kept[-1][2])
    return kept


def _merge(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def read_inline(children: Iterable[Token], links: list[Link]) -> Reading:
    """Reads inline tokens; links and images met on the way are appended to `links`."""
    reading = Reading()
    opened: list[tuple[Token, int]] = []
    silent = ""
    # Whether the line so far ends a sentence or is a label, so that a hard break after it ends a span.
    ended = False
    children = list(children)
    closed = {
        t.content[2:-1].strip().lower() for t in children if t.type == "html_inline" and t.content[1] == "/"
    }
    for token in children:
        start, end = token.map or (0, 0)
        kind = token.type
        if kind == "html_inline":
            silent = _read_tag(token, start, reading, links, silent, HARD_BREAK if ended else "\n")
            # “Put it in the <head>” names an element that nothing closes.
            silent = silent if silent in closed else ""
        elif silent:
            continue
        elif kind in ("text", "text_special"):
            reading.add(token.content, start, literal=kind == "text")
            ended = _ends_line(token.content, ended)
        elif kind in ("softbreak", "hardbreak"):
            reading.add(HARD_BREAK if kind == "hardbreak" and ended else "\n", start)
        elif kind == "code_inline":
            reading.add(token.content, start)
            reading.keep_whole(start, end)
        elif kind == "image":
            alt = read_inline(token.children or (), links).text
            links.append(Link(target=_target(token, "src"), label=alt, wiki=False))
            reading.add(alt, start)
            reading.keep_whole(start, end)
        elif kind == "wiki":
            link = wiki_link(token)
            links.append(link)
            reading.add(link.label, start)
            reading.keep_whole(start, end)
        elif token.nesting == 1:
            opened.append((token, len(reading.parts)))
        elif token.nesting == -1 and opened:
            opener, part = opened.pop()
            ended = ended or kind == "strong_close"
            reading.keep_whole((opener.map or (0, 0))[0], end)
            if kind == "link_close" and (target := _target(opener, "href")):
                links.append(Link(target=target, label=clean("".join(reading.parts[part:])), wiki=False))
    return reading


def wiki_link(token: Token) -> Link:
    """The link of a wiki token; without a label its last segment speaks, in words."""
    target = token.meta["target"].replace(MASK, "").strip()
    label = html.unescape(token.content.replace(MASK, "").replace(PIPE, "|")).strip()
    return Link(target=target, label=label or in_words(target) or target, wiki=True)


def _target(token: Token, name: str) -> str:
    return str(token.attrs.get(name, "")).replace(MASK, "").strip()


def _ends_line(text: str, before: bool) -> bool:
    """Whether a line that goes on with `text` ends there for the reader; `before` is how it stood."""
    text = text.rstrip()
    return text.endswith((*".!?:…。！？：", "**")) if text else before


def _read_tag(
    token: Token, start: int, reading: Reading, links: list[Link], silent: str, line_end: str
) -> str:
    """Reads one inline HTML tag; returns the element whose content is being left out, or empty."""
    tag = _TAG.match(token.content)
    if not tag:
        return silent
    name = tag.group(2).lower()
    if silent:
        return "" if tag.group(1) and name == silent else silent
    if name in SILENT_TAGS and not tag.group(1) and not token.content.endswith("/>"):
        return name
    if name == "br":
        reading.add(line_end, start)
    elif name == "img":
        reading.add(attribute(_ALT, token.content), start)
    if name in ("a", "img") and (target := attribute(_HREF, token.content)):
        links.append(Link(target=target, label=attribute(_ALT, token.content), wiki=False))
    return ""


def attribute(pattern: re.Pattern[str], tag: str) -> str:
    """The value of an attribute in a tag, entities decoded; empty when it has none."""
    match = pattern.search(tag)
    return html.unescape((match.group(1) or match.group(2) or "").replace(MASK, "")).strip() if match else ""


def alt_of(tag: str) -> str:
    """Alternative text of an `<img>` tag."""
    return attribute(_ALT, tag)


def address_of(tag: str) -> str:
    """Address of an `<a>` or `<img>` tag."""
    return attribute(_HREF, tag)
