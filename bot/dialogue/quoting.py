"""A section and a question's likeness with its spans in, the shortest run that answers out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kb.article import Span, SpanKind

#: What a run must gain in coverage of the question for each further 100 characters. Chosen on the sample
#: questions, where half of the quotes then have at most 220 characters: less makes quotes long, more cuts off
#: the second half of answers.
PRICE_OF_LENGTH = 0.005
#: Weights that choose a section, and how much less of the question steps may cover than the best run when
#: somebody asks how. Chosen on the sample questions (hard ones / routine ones): the quote holds at least half of
#: the right passage for .706 / .589 of them without the three, .758 / .645 with them.
FOCUS = 0.7
STEPS_WHEN_ASKED_HOW = 0.2
STEPS_MAY_LACK = 0.3
#: Runs of sentences, items or rows longer than this read as a page and not as a reply.
MOST_SPANS = 5
#: Lists of steps are quoted whole up to this many; longer ones from the first step on.
MOST_STEPS = 20

Matrix = npt.NDArray[np.float32]


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


def section_worth(score: float, focus: float, spans: Sequence[Span], asks_how: bool) -> float:
    """How well a section of the right article fits, to choose among them: higher is better.

    `score` is its best chunk's ranking score, `focus` the likeness of its headings with the question. Who asks
    how is answered with steps.
    """
    steps = asks_how and any(span.kind is SpanKind.STEP for span in spans)
    return score + FOCUS * focus + (STEPS_WHEN_ASKED_HOW if steps else 0.0)


def quote(spans: Sequence[Span], likeness: Matrix, weights: Matrix, asks_how: bool = False) -> Quote | None:
    """The run of `spans` with the best coverage of the question for its length; None where there is nothing.

    `likeness` has a row a span and a column a question token; `weights` sum to 1. The score of a run is the
    weighted mean over question tokens of their best likeness in the run, less a price for each
    character, so a longer run has to earn its length. Steps of one list are never parted, and are preferred
    where the customer `asks_how`.
    """
    count = min(len(spans), len(likeness))
    if not count:
        return None
    best: tuple[float, int, int] | None = None
    for first in range(count):
        reach = np.zeros(likeness.shape[1], dtype=np.float32)
        for last in range(first, min(count, first + MOST_SPANS)):
            reach = np.maximum(reach, likeness[last])
            length = spans[last].end - spans[first].start
            price = PRICE_OF_LENGTH * length / 100
            worth = float(reach @ weights) - price
            if best is None or worth > best[0]:
                best = (worth, first, last)
    if best is None:
        return None
    chosen = _run(spans, likeness, weights, best[1], best[2])
    if asks_how:
        steps = next((place for place in range(count) if spans[place].kind is SpanKind.STEP), None)
        if steps is not None and all(span.kind is not SpanKind.STEP for span in chosen.spans):
            procedure = _run(spans, likeness, weights, steps, steps)
            if procedure.support >= chosen.support - STEPS_MAY_LACK:
                return procedure
    return chosen


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
