"""Source text in, text of the same length that Markdown can parse out: templates, attribute lists and comments blanked.

Every offset in the masked text is an offset in the source. What is blanked becomes `MASK` inside a line, so that no
line changes its indentation, and white space where nothing else stands on the line.
"""

import re
from dataclasses import dataclass

from kb.markdown.attributes import mask_attributes

MASK = "\ufdd0"
"""A noncharacter, never text: it stands for a blanked character until the reading text is made."""
PIPE = "\ufdd1"
"""Stands for the `|` of a wiki link, which would otherwise cut a table cell in two."""

_MAX_TAG = 4000
"""Longest template tag or code span, in characters; an unclosed one beyond it is left as text."""

_FENCE = re.compile(r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})([^\n]*)$", re.M)
_SIGN = re.compile(r"`+|\{\{|\{%|\{:|<!--|\[\[|\[\^")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_ATTRIBUTES = re.compile(r"\{:[^{}\n]{0,500}\}")
_WIKI = re.compile(r"\[\[[^\[\]\n|]{1,300}(\\?\|)[^\[\]\n]{0,500}\]\]")
_FOOTNOTE = re.compile(r"\[\^([^\]\s]{1,60})\](:?)")
_BLOCK_TAG = re.compile(r"\{%-?\s*(comment|raw)\s*-?%\}")
_MASKED_LINE = re.compile(rf"^[ \t{MASK}]*{MASK}[ \t{MASK}]*$", re.M)
_ADMONITION = re.compile(r"^[ \t]*:{3,}[^\n]*$", re.M)
_CONTENTS = re.compile(r"^[ \t]*(?:\[\[_TOC_\]\]|\[TOC\])[ \t]*$", re.M | re.I)
_MODULE_LINE = re.compile(r"^(?:import|export)\s[^\n]*$", re.M)


@dataclass(frozen=True, slots=True)
class Masked:
    """A source ready for Markdown."""

    text: str
    """As long as the source, with `\\n` line ends and the front matter blank."""
    ids: dict[int, str]
    """Anchors written as `{#id}`, by the line (from 0) of their heading."""


def mask(source: str, body: int, *, modules: bool = False) -> Masked:
    """Masks `source`, whose text starts at `body`; `modules` also blanks the import lines of MDX."""
    text = _normalise(source)
    text = _blank(text[:body]) + text[body:]
    pieces = [text[:body]]
    ids: dict[int, str] = {}
    line = text.count("\n", 0, body)
    at = body
    for start, end in [*_code_blocks(text, body), (len(text), len(text))]:
        prose = text[at:start]
        pieces += [_mask_prose(prose, line, ids, modules=modules), text[start:end]]
        line += text.count("\n", at, end)
        at = end
    return Masked(_settle("".join(pieces)), ids)


def unmask(text: str) -> str:
    """Drops masks from reading text, with the blank that a mask before punctuation leaves."""
    if MASK in text:
        text = re.sub(rf"\s*{MASK}+(?=[.,;:!?)])|{MASK}+", "", text)
    return text.replace(PIPE, "|")


def _normalise(source: str) -> str:
    """One line end and no NUL, at the same length; a backslash break keeps its backslash at the line's end."""
    if "\r" in source:
        source = source.replace("\\\r\n", " \\\n").replace("\r\n", " \n").replace("\r", "\n")
    return (
        source.replace("\0", "\ufffd").replace("\ufeff", " ")
        if "\0" in source or "\ufeff" in source
        else source
    )


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _code_blocks(text: str, begin: int) -> list[tuple[int, int]]:
    """Ranges of fenced code, fences included; one left open runs to the end, as Markdown has it."""
    found: list[tuple[int, int]] = []
    while opening := _FENCE.search(text, begin):
        fence, info = opening.group(1), opening.group(2)
        if fence[0] == "`" and "`" in info:
            begin = opening.end()
            continue
        closing = re.compile(rf"^[ \t>]*{fence[0]}{{{len(fence)},}}[ \t]*$", re.M).search(text, opening.end())
        begin = closing.end() if closing else len(text)
        found.append((opening.start(), begin))
    return found


def _mask_prose(text: str, first_line: int, ids: dict[int, str], *, modules: bool) -> str:
    """One stretch of text between code blocks."""
    if modules:
        text = _MODULE_LINE.sub(lambda m: _blank(m.group()), text)
    if ":::" in text:
        text = _ADMONITION.sub(lambda m: _blank(m.group()), text)
    if "TOC" in text or "toc" in text:
        text = _CONTENTS.sub(lambda m: _blank(m.group()), text)
    if "{" in text:
        text = mask_attributes(text, first_line, ids)
    if not _SIGN.search(text):
        return text
    return _Scan(text).run()


class _Scan:
    """One pass over a stretch of text that blanks template tags, comments and footnote marks outside code spans."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.masked: list[tuple[int, int, str]] = []
        self.last = {closer: text.rfind(closer) for closer in ("}}", "%}", "-->")}
        self.closed = {"raw", "comment"}
        """Block tags that may still be closed further down."""
        self.footnotes = {
            m.group(1) for m in _FOOTNOTE.finditer(text) if m.group(2) and _starts_line(text, m.start())
        }

    def run(self) -> str:
        at = 0
        while found := _SIGN.search(self.text, at):
            at = self._step(found.group(), found.start())
        return self._apply()

    def _step(self, sign: str, at: int) -> int:
        """Handles the sign at `at`; returns where to go on."""
        if sign[0] == "`":
            return self._code_span(sign, at)
        if sign == "{{":
            return self._tag(at, "}}")
        if sign == "{%":
            return self._liquid(at)
        if sign == "<!--":
            end = self.text.find("-->", at + 4) if self.last["-->"] > at else -1
            return self._hide(at, end + 3) if end >= 0 else at + len(sign)
        if sign == "{:":
            found = _ATTRIBUTES.match(self.text, at)
            return self._hide(at, found.end()) if found else at + len(sign)
        if sign == "[^":
            return self._footnote(at)
        wiki = _WIKI.match(self.text, at)
        if not wiki:
            return at + 1
        pipe = wiki.group(1)
        self.masked.append((wiki.start(1), wiki.end(1), MASK * (len(pipe) - 1) + PIPE))
        return wiki.end()

    def _code_span(self, run: str, at: int) -> int:
        begin = at + len(run)
        window = self.text[begin : begin + _MAX_TAG]
        if len(run) > len(window):
            return begin
        closing = re.search(rf"(?<!`){run}(?!`)", window)
        if closing and not _BLANK_LINE.search(window, 0, closing.start()):
            return begin + closing.end()
        return begin

    def _tag(self, at: int, closer: str) -> int:
        if self.last[closer] <= at:
            return at + 2
        end = self.text.find(closer, at + 2, at + _MAX_TAG)
        if end < 0 or _BLANK_LINE.search(self.text, at, end):
            return at + 2
        return self._hide(at, end + len(closer))

    def _liquid(self, at: int) -> int:
        block = _BLOCK_TAG.match(self.text, at)
        after = self._tag(at, "%}")
        if not block or after == at + 2:
            return after
        name = block.group(1)
        end = (
            re.compile(rf"\{{%-?\s*end{name}\s*-?%\}}").search(self.text, after)
            if name in self.closed
            else None
        )
        if not end:
            self.closed.discard(name)
            return after
        return self._hide(end.start() if name == "raw" else after, end.end())

    def _footnote(self, at: int) -> int:
        mark = _FOOTNOTE.match(self.text, at)
        if not mark or mark.group(1) not in self.footnotes:
            return at + 1
        defines = mark.group(2) and _starts_line(self.text, at)
        return self._hide(at, mark.end() if defines else mark.end(1) + 1)

    def _hide(self, start: int, end: int) -> int:
        self.masked.append((start, end, ""))
        return end

    def _apply(self) -> str:
        out: list[str] = []
        at = 0
        for start, end, given in self.masked:
            out.append(self.text[at:start])
            out.append(given or re.sub(r"[^\n]", MASK, self.text[start:end]))
            at = end
        out.append(self.text[at:])
        return "".join(out)


def _starts_line(text: str, at: int) -> bool:
    return not text[text.rfind("\n", max(0, at - 4), at) + 1 : at].strip() if at else True


def _settle(text: str) -> str:
    """Lines with nothing but masks become blank, unless text stands right above and below.

    There a blank line would cut a paragraph or HTML block in two, and the indented rest would turn into code.
    """
    if MASK not in text:
        return text
    lines = text.split("\n")
    index = 0
    while index < len(lines):
        if not _MASKED_LINE.fullmatch(lines[index]):
            index += 1
            continue
        end = index
        while end < len(lines) and _MASKED_LINE.fullmatch(lines[end]):
            end += 1
        glued = index > 0 and end < len(lines) and lines[index - 1].strip() and lines[end].strip()
        if not glued:
            lines[index:end] = [" " * len(line) for line in lines[index:end]]
        index = end
    return "\n".join(lines)
