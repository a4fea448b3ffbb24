"""A section and a question's likeness with its spans in, the shortest run that answers out."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from bot.dialogue.words import fold
from kb.article import Span, SpanKind

#: What a run must gain in coverage of the question for each further 100 characters. Chosen on the sample
#: questions, where half of the quotes then have at most 220 characters: less makes quotes long, more cuts off
#: the second half of answers.
PRICE_OF_LENGTH = 0.005
#: How much less of the question steps may cover than the best run when somebody asks how. Chosen on the sample's
#: questions.
STEPS_MAY_LACK = 0.3
#: The same for the row of a table whose first cell the customer names: “Austria”, “PayPal”. A row says little in
#: the question's own words, and all of what was asked.
ROW_MAY_LACK = 0.3
#: Characters up to which a paragraph is shown whole.
SHORT_PARAGRAPH = 300
#: Runs of sentences, items or rows longer than this read as a page and not as a reply.
MOST_SPANS = 5
#: Lists of steps are quoted whole up to this many; longer ones from the first step on.
MOST_STEPS = 20
#: Rows whose names are remembered: a table is held against every question that finds its article.
_REMEMBERED = 2048
#: Questions whose words are remembered: one is held against all tables of an article, three times each.
_ASKED = 16

Matrix = npt.NDArray[np.float32]

_WORD = re.compile(r"\w+")
_CELL = re.compile(r"\s*[,/;]\s*|\s+(?:or|o|oder|ou)\s+")
_PICTURE = re.compile(r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])?|<img\b[^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quote:
    """A run of consecutive spans of one section."""

    start: int
    """First character in the article's source."""
    end: int
    spans: tuple[Span, ...]
    support: float
    """Likeness of the question with the run, 0..1."""

    @property
    def text(self) -> str:
        """The run as a person reads it: sentences flow, items, steps and rows stand on lines of their own."""
        return readable(self.spans)


def named_row(spans: Sequence[Span], question: str) -> int | None:
    """The place of the one row whose first cell, or one of several in it, stands in the question."""
    rows = [place for place, span in enumerate(spans) if span.kind is SpanKind.ROW]
    if not rows:
        return None
    asked = _words(question)
    named = [place for place in rows if any(map(asked.issuperset, _names(spans[place].text)))]
    return named[0] if len(named) == 1 else None


def says_name(text: str, row: str, question: str) -> bool:
    """Whether a text says what the question calls a row by."""
    name = set(_WORD.findall(fold(row.split(";")[0]))) & set(_WORD.findall(fold(question)))
    return not name.isdisjoint(_WORD.findall(fold(text)))


@lru_cache(maxsize=_ASKED)
def _words(question: str) -> frozenset[str]:
    return frozenset(_WORD.findall(fold(question)))


@lru_cache(maxsize=_REMEMBERED)
def _names(row: str) -> tuple[AbstractSet[str], ...]:
    """What a row may be called by: the words of its first cell, or of each of several things in it."""
    first = row.split(";")[0]
    cell = first.partition(": ")[2] or first
    names = (frozenset(_WORD.findall(fold(part))) for part in _CELL.split(cell))
    # A number alone is a value and names nothing, nor does a letter.
    return tuple(
        name for name in names if any(len(word) > 1 for word in name) and not all(map(str.isdecimal, name))
    )


def without_pictures(spans: Sequence[Span], source: str, start: int) -> tuple[Span, ...]:
    """The spans that say something themselves; `source` is the article's text from `start` on.

    What describes a picture helps to find the article, and is no sentence of it.
    """
    return tuple(
        span for span in spans if _PICTURE.sub("", source[span.start - start : span.end - start]).strip()
    )


def quote(
    spans: Sequence[Span], likeness: Matrix, weights: Matrix, asks_how: bool = False, question: str = ""
) -> Quote | None:
    """The run of `spans` with the best coverage of the question for its length; None where there is nothing.

    `likeness` has a row a span and a column a question token; `weights` sum to 1. The score of a run is the
    weighted mean over question tokens of their best likeness in the run, less a price for each
    character, so a longer run has to earn its length. Steps of one list are never parted, and are preferred
    where the customer `asks_how`; the one row that the `question` names is preferred likewise.
    """
    count = min(len(spans), len(likeness))
    if not count:
        return None
    first, last = _best(spans, likeness, weights, count)
    chosen = _run(spans, likeness, weights, first, last)
    has_steps = any(span.kind is SpanKind.STEP for span in chosen.spans)
    named = named_row(spans[:count], question)
    if named is not None and not has_steps and chosen.spans != (spans[named],):
        return _instead(chosen, _run(spans, likeness, weights, named, named), ROW_MAY_LACK)
    steps = next((place for place in range(count) if spans[place].kind is SpanKind.STEP), None)
    if asks_how and steps is not None and not has_steps:
        return _instead(chosen, _run(spans, likeness, weights, steps, steps), STEPS_MAY_LACK)
    return chosen


def _best(spans: Sequence[Span], likeness: Matrix, weights: Matrix, count: int) -> tuple[int, int]:
    """First and last place of the run that is worth most, before it is widened."""
    supports = _supports(np.maximum(likeness[:count], 0.0), weights)
    best: tuple[float, int, int] | None = None
    for first in range(count):
        for last, support in enumerate((one[first] for one in supports[: count - first]), first):
            length = spans[last].end - spans[first].start
            worth = support - PRICE_OF_LENGTH * length / 100
            if best is None or worth > best[0]:
                best = (worth, first, last)
    return best[1:] if best else (0, 0)


def _supports(floored: Matrix, weights: Matrix) -> list[list[float]]:
    """For runs of one span, of two and so on up to `MOST_SPANS` the likeness of each with the question, by its place.

    All runs of a length at once: a section has some twenty.
    """
    reached = floored
    supports = [np.vecdot(reached, weights).tolist()]
    for more in range(1, min(MOST_SPANS, len(floored))):
        reached = np.maximum(reached[:-1], floored[more:])
        supports.append(np.vecdot(reached, weights).tolist())
    return supports


def _instead(chosen: Quote, other: Quote, lack: float) -> Quote:
    """The other run, unless it covers so much less of the question."""
    return other if other.support >= chosen.support - lack else chosen


def with_paragraph(spans: Sequence[Span], run: Sequence[Span]) -> tuple[Span, ...]:
    """A run of sentences with the rest of its paragraphs, where those are short; else the run as it is.

    The question finds the sentence that is most like it, and the sentence before it may say what to do: “Clean the
    port. If it still does not charge, send it in.” Cutting a short paragraph saves the reader nothing.
    """
    if any(span.kind is not SpanKind.SENTENCE for span in run):
        return tuple(run)
    blocks = {span.block for span in run}
    whole = tuple(span for span in spans if span.block in blocks and span.kind is SpanKind.SENTENCE)
    return whole if whole[-1].end - whole[0].start <= SHORT_PARAGRAPH else tuple(run)


def half_reached(likeness: Matrix, heading: Matrix, weights: Matrix) -> float:
    """The likeness that half of the question reaches: the median, by weight, of what each of its tokens has.

    `likeness` has a row for each span of the quote, `heading` is the likeness of each token with the headings. A mean
    is carried by a few words that fit perfectly; this falls where the other half fits nothing.
    """
    if not len(weights):
        return 0.0
    held = reached(likeness, heading)
    order = np.argsort(held, kind="stable")
    passed = np.cumsum(weights[order])
    return float(held[order][min(int(np.searchsorted(passed, passed[-1] / 2)), len(order) - 1)])


def reached(likeness: Matrix, heading: Matrix) -> Matrix:
    """What each question token has at best in the spans of a quote and in its headings."""
    return np.maximum(likeness.max(axis=0), heading) if len(likeness) else heading


def _run(spans: Sequence[Span], likeness: Matrix, weights: Matrix, first: int, last: int) -> Quote:
    first, last = _whole(spans, first, last)
    run = tuple(spans[first : last + 1])
    support = float(likeness[first : min(last + 1, len(likeness))].max(axis=0) @ weights)
    return Quote(run[0].start, run[-1].end, run, support)


def _whole(spans: Sequence[Span], first: int, last: int) -> tuple[int, int]:
    """Widens a run to what must not be parted: steps, a list and its introduction, code and its sentence."""
    if not _steps(spans, first, last) and _introduces(spans, last):
        # "You can pay with:" says nothing without what follows.
        end = _end_of_group(spans, last + 1)
        last = min(end, last + 1 + 2 * MOST_SPANS)
    while True:
        first = _opened(spans, first)
        steps = _steps(spans, first, last)
        if not steps:
            return first, last
        before, last = first, max(last, steps[-1])
        first = min(first, steps[0])
        # What introduces the steps may be a step itself, of the list around them.
        if first == before:
            return first, min(last, steps[0] + MOST_STEPS - 1)


def _steps(spans: Sequence[Span], first: int, last: int) -> list[int]:
    """Places of all steps of the lists that the run touches, what is nested in them included."""
    groups = {span.group for span in spans[first : last + 1] if span.kind is SpanKind.STEP}
    return [place for place, span in enumerate(spans) if span.group in groups]


def _opened(spans: Sequence[Span], first: int) -> int:
    """Where a run begins that takes the sentence along which introduces its list or code."""
    opener = spans[first].kind in (SpanKind.STEP, SpanKind.ITEM, SpanKind.CODE)
    return first - 1 if opener and first and _introduces(spans, first - 1) else first


def _end_of_group(spans: Sequence[Span], place: int) -> int:
    group = spans[place].group
    while place + 1 < len(spans) and spans[place + 1].group == group and group >= 0:
        place += 1
    return place


def _introduces(spans: Sequence[Span], place: int) -> bool:
    """Whether the span ends with a colon and something follows that it announces."""
    if place + 1 >= len(spans) or not spans[place].text.rstrip().endswith((":", "：")):
        return False
    return spans[place + 1].kind is not SpanKind.SENTENCE or spans[place + 1].block != spans[place].block


def readable(spans: Sequence[Span]) -> str:
    """Spans as lines of plain text: `1. …` for steps, `- …` for items, rows and code on lines of their own."""
    lines: list[str] = []
    before: Span | None = None
    for span in spans:
        if span.kind is SpanKind.STEP:
            lines.append(f"{span.number}. {span.text}")
        elif span.kind is SpanKind.ITEM:
            lines.append(f"- {span.text}")
        elif span.kind is SpanKind.SENTENCE and before is not None and before.block == span.block:
            lines[-1] = f"{lines[-1]} {span.text}"
        elif lines and span.kind is SpanKind.SENTENCE:
            lines.append(f"\n{span.text}")
        else:
            lines.append(span.text)
        before = span
    return "\n".join(lines)
