"""An `Article` in, `Chunk`s sized for the encoder out; they follow sections, blocks and list items."""

import itertools
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kb.article import Article, Chunk, Section, Span, SpanKind
from kb.sentences import breaks

CHUNKER = "sections-1"
"""Name of these rules; an index built with others is refused and built anew."""

DEFAULT_LIMIT = 160
"""Encoder tokens. MiniLM reads 256 but was trained on 128; passages this long still answer one question each."""

_MAX_TITLE = 120
_MAX_PATH = 160
"""Characters of title and heading path given to the encoder: a label, never the bulk of the text."""

# What a cut costs, in units of one full chunk, beside the balance of sizes.
_CUT_SENTENCES = 0.6
_CUT_LEAD_IN = 0.6
_CUT_GROUP = 0.25

_WORD = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]|[^\s\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]+")
_MARKUP = r"(?:\]\([^)\s]{0,500}\)|[^\w\s]|\s){0,60}?"
"""What may stand between two words of a text in its Markdown source."""
_REACH = 4000
"""Characters of markup, such as addresses, that may stand before a piece on top of its own length."""

Measure = Callable[[str], int]
"""Counts the encoder's tokens of a text; tokens it adds around every text may be included."""


def encoder_text(chunk: Chunk) -> str:
    """What the encoder reads: title, heading path and body, a line each; only the body is ever quoted."""
    return _head(chunk.title, chunk.heading_path) + "".join(_joined(chunk.spans))


def span_ranges(chunk: Chunk) -> tuple[tuple[int, int], ...]:
    """For each span of the chunk, its characters [start, end) in `encoder_text(chunk)`."""
    at = len(_head(chunk.title, chunk.heading_path))
    ranges: list[tuple[int, int]] = []
    for span, text in zip(chunk.spans, _joined(chunk.spans), strict=True):
        at += len(text)
        ranges.append((at - len(span.text), at))
    return tuple(ranges)


def chunk(article: Article, measure: Measure, limit: int = DEFAULT_LIMIT) -> tuple[Chunk, ...]:
    """Cuts an article into chunks whose `encoder_text` has at most `limit` tokens.

    A chunk never spans two sections and holds whole spans. A span too long for a chunk is parted at lines or words,
    and where even that fails it stands alone. A title and path that leave less than half the limit are not counted
    in full, so that the body keeps that half.
    """
    around = measure("")
    chunks: list[Chunk] = []
    for section in article.sections:
        head = measure(_head(article.title, section.heading_path))
        budget = max(limit - head, limit // 2, 1)
        parts = [
            part for span in section.spans for part in _fit(article.source, span, measure, around, budget)
        ]
        for spans in _cut(parts, budget):
            chunks.append(_chunk(article, section, len(chunks), spans))
    return tuple(chunks)


def _chunk(article: Article, section: Section, ordinal: int, spans: tuple[Span, ...]) -> Chunk:
    return Chunk(
        key=article.key,
        revision=article.revision,
        ordinal=ordinal,
        title=article.title,
        heading_path=section.heading_path,
        anchor=section.anchor,
        start=spans[0].start,
        end=spans[-1].end,
        spans=spans,
    )


def _head(title: str, heading_path: Sequence[str]) -> str:
    path = " > ".join(heading_path)
    if len(path) > _MAX_PATH:
        path = path[-_MAX_PATH:].partition(" ")[2] or path[-_MAX_PATH:]
    return "".join(f"{line}\n" for line in (title[:_MAX_TITLE].strip(), path.strip()) if line)


def _joined(spans: Sequence[Span]) -> list[str]:
    """The spans' texts, each behind what parts it from the one before: a blank in a block, a line end between."""
    texts: list[str] = []
    for index, span in enumerate(spans):
        parted = "" if index == 0 else " " if span.block == spans[index - 1].block else "\n"
        texts.append(parted + span.text)
    return texts


@dataclass(frozen=True, slots=True)
class _Part:
    span: Span
    tokens: int


def _cut(parts: Sequence[_Part], budget: int) -> list[tuple[Span, ...]]:
    """Cuts a section where the sum over chunks of 1 + (size / budget)² + the price of the cut is least.

    The 1 keeps chunks few, the square makes them alike in size, the price moves cuts to where the text has a joint.
    """
    best = [0.0] + [math.inf] * len(parts)
    begin = [0] * (len(parts) + 1)
    for end in range(1, len(parts) + 1):
        size = 0
        for start in range(end - 1, -1, -1):
            size += parts[start].tokens
            if size > budget and start < end - 1:
                break
            price = 0.0 if start == 0 else _price(parts[start - 1].span, parts[start].span)
            cost = best[start] + 1 + (size / budget) ** 2 + price
            if cost < best[end]:
                best[end], begin[end] = cost, start
    cuts: list[tuple[Span, ...]] = []
    end = len(parts)
    while end:
        cuts.append(tuple(part.span for part in parts[begin[end] : end]))
        end = begin[end]
    return cuts[::-1]


def _price(before: Span, after: Span) -> float:
    if before.block == after.block:
        return _CUT_SENTENCES
    if after.group >= 0 and before.group == after.group:
        return _CUT_GROUP
    if before.text.endswith((":", "：")):
        return _CUT_LEAD_IN
    return 0.0


def _fit(source: str, span: Span, measure: Measure, around: int, budget: int) -> list[_Part]:
    """The span with its tokens, or its pieces when it is longer than a whole chunk.

    Code is parted between lines, anything else between sentences and, where one sentence is too long, words.
    """
    tokens = max(measure(span.text) - around, 1)
    if tokens <= budget:
        return [_Part(span, tokens)]
    if span.kind is SpanKind.CODE and "\n" in span.text:
        units = span.text.splitlines(keepends=True)
    else:
        cuts = [0, *(start for _, start in breaks(span.text)), len(span.text)]
        units = [span.text[begin:end] for begin, end in itertools.pairwise(cuts)]
    sized: list[tuple[str, int]] = []
    for unit in units:
        size = max(measure(unit) - around, 1)
        pieces = (
            [(unit, size)]
            if size <= budget
            else [(word, max(measure(word) - around, 1)) for word in _words(unit)]
        )
        sized += pieces
    parts: list[_Part] = []
    for first, last in _runs([size for _, size in sized], budget):
        text = "".join(unit for unit, _ in sized[first:last])
        parts.append(_Part(replace(span, text=text), sum(size for _, size in sized[first:last])))
    return _placed(source, span, parts)


def _words(text: str) -> list[str]:
    """The text cut before each word, nothing left out."""
    starts = [0, *(word.start() for word in _WORD.finditer(text)), len(text)]
    return [text[begin:end] for begin, end in itertools.pairwise(starts) if begin < end]


def _runs(sizes: Sequence[int], budget: int) -> list[tuple[int, int]]:
    """Runs of units of nearly equal size, none over the budget unless a single unit is."""
    target = sum(sizes) / math.ceil(sum(sizes) / budget)
    runs: list[tuple[int, int]] = []
    first, size = 0, 0
    for index, unit in enumerate(sizes):
        if index > first and (size + unit > budget or size + unit / 2 > target):
            runs.append((first, index))
            first, size = index, 0
        size += unit
    return [*runs, (first, len(sizes))]


def _placed(source: str, span: Span, parts: Sequence[_Part]) -> list[_Part]:
    """Gives each piece its place in the source, found by its first words; one not found joins the piece before."""
    found: list[_Part] = []
    at = span.start
    for part in parts:
        place = _find(source, part.span.text, at, span.end) if found else span.start
        if place is None:
            before = found[-1]
            found[-1] = _Part(
                replace(before.span, text=before.span.text + part.span.text), before.tokens + part.tokens
            )
            continue
        if found:
            found[-1] = _Part(replace(found[-1].span, end=place), found[-1].tokens)
        found.append(_Part(replace(part.span, start=place, end=span.end), part.tokens))
        # Markup only adds characters, so as many as the piece reads must pass before the next can begin; but the
        # headings that a row's text repeats are not in its line.
        read = len(part.span.text.strip())
        at = place + max(1, read // 2 if span.kind is SpanKind.ROW else read)
    if len(found) == 1:
        return [_Part(span, found[0].tokens)]
    kind = SpanKind.CODE if span.kind is SpanKind.CODE else SpanKind.SENTENCE
    return [_trimmed(source, part, kind) for part in found]


def _find(source: str, text: str, start: int, end: int) -> int | None:
    """Where a piece of reading text begins in the source: its first words, with nothing but markup between."""
    words = [re.escape(word.group()) for word in itertools.islice(_WORD.finditer(text), 4)]
    near = min(end, start + 4 * len(text) + _REACH)
    place = re.compile(_MARKUP.join(words)).search(source, start, near) if words else None
    return place.start() if place else None


def _trimmed(source: str, part: _Part, kind: SpanKind) -> _Part:
    """The piece without white space at either end of its text and its range."""
    span = part.span
    end = span.end
    while end > span.start + 1 and source[end - 1].isspace():
        end -= 1
    text = span.text.strip("\n") if kind is SpanKind.CODE else span.text.strip()
    return _Part(replace(span, end=end, text=text, kind=kind, number=0), part.tokens)
