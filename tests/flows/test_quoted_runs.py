"""A quote is a run of neighbouring spans, as short as answers the question, and steps are never parted."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.quoting import MOST_STEPS, SHORT_PARAGRAPH, quote, readable, with_paragraph
from kb.article import Span, SpanKind

KINDS = st.sampled_from(list(SpanKind))


@st.composite
def sections(draw: st.DrawFn) -> list[Span]:
    """Spans as a section has them: paragraphs, lists of steps or items, tables, code."""
    spans: list[Span] = []
    at = draw(st.integers(0, 50))
    for group, (kind, count) in enumerate(draw(st.lists(st.tuples(KINDS, st.integers(1, 5)), max_size=4))):
        for number in range(1, count + 1):
            end = at + draw(st.integers(1, 120))
            text = draw(st.sampled_from(["Press the button.", "Do this:", "x", "Wählen Sie 5 Tassen"]))
            alone = kind in (SpanKind.SENTENCE, SpanKind.CODE)
            spans.append(
                Span(
                    at,
                    end,
                    text,
                    kind,
                    block=group if kind is SpanKind.SENTENCE else 100 * group + number,
                    group=-1 if alone else group,
                    number=number if kind is SpanKind.STEP else 0,
                )
            )
            at = end + draw(st.integers(0, 3))
    return spans


@settings(max_examples=150, deadline=None)
@given(sections(), st.integers(0, 4), st.integers(0, 2**32 - 1))
def test_a_quote_is_one_run_that_parts_no_steps(spans: list[Span], tokens: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    likeness = rng.uniform(0, 1, (len(spans), tokens)).astype(np.float32)
    weights = np.full(tokens, 1 / max(tokens, 1), dtype=np.float32)
    found = quote(spans, likeness, weights)
    if not spans:
        assert found is None
        return
    assert found is not None
    first = spans.index(found.spans[0])
    assert tuple(spans[first : first + len(found.spans)]) == found.spans
    assert (found.start, found.end) == (found.spans[0].start, found.spans[-1].end)
    assert -0.01 <= found.support <= 1.01
    for group in {span.group for span in found.spans if span.kind is SpanKind.STEP}:
        whole = [span for span in spans if span.group == group]
        assert len(whole) <= MOST_STEPS
        assert [span for span in found.spans if span.group == group] == whole


@settings(max_examples=100, deadline=None)
@given(sections())
def test_every_span_is_readable_in_order(spans: list[Span]) -> None:
    text = readable(spans)
    at = 0
    for span in spans:
        at = text.index(span.text, at) + len(span.text)


def test_the_sentence_that_answers_is_quoted_alone() -> None:
    spans = [Span(20 * i, 20 * i + 19, f"Sentence {i}.", SpanKind.SENTENCE, 0, -1) for i in range(6)]
    likeness = np.full((6, 2), 0.2, dtype=np.float32)
    likeness[4] = 0.9
    found = quote(spans, likeness, np.asarray([0.5, 0.5], dtype=np.float32))
    assert found is not None
    assert found.spans == (spans[4],)


def test_one_step_brings_all_steps_and_their_lead_in() -> None:
    spans = [
        Span(0, 8, "Do this:", SpanKind.SENTENCE, 0, -1),
        *(Span(10 * n, 10 * n + 9, f"Step {n}", SpanKind.STEP, n, 0, n) for n in (1, 2, 3, 4)),
        Span(60, 70, "Then rest.", SpanKind.SENTENCE, 9, -1),
    ]
    likeness = np.zeros((6, 1), dtype=np.float32)
    likeness[3] = 1.0
    found = quote(spans, likeness, np.ones(1, dtype=np.float32))
    assert found is not None
    assert found.spans == tuple(spans[:5])
    assert found.text == "Do this:\n1. Step 1\n2. Step 2\n3. Step 3\n4. Step 4"


def test_an_item_nested_in_a_step_brings_all_steps() -> None:
    spans = [
        Span(0, 8, "Do this:", SpanKind.SENTENCE, 0, -1),
        Span(10, 19, "Open it.", SpanKind.STEP, 1, 0, 1),
        Span(20, 29, "Choose one:", SpanKind.STEP, 2, 0, 2),
        Span(30, 39, "card", SpanKind.ITEM, 3, 1),
        Span(40, 49, "bank", SpanKind.ITEM, 4, 1),
        Span(50, 59, "Press Pay.", SpanKind.STEP, 5, 0, 3),
    ]
    likeness = np.zeros((6, 1), dtype=np.float32)
    likeness[3] = 1.0
    found = quote(spans, likeness, np.ones(1, dtype=np.float32))
    assert found is not None
    assert found.spans == tuple(spans)


def _sentence(start: int, end: int, block: int, kind: SpanKind = SpanKind.SENTENCE) -> Span:
    return Span(start, end, "x", kind, block, -1)


def test_a_short_paragraph_is_shown_whole_and_its_neighbours_are_not() -> None:
    clean, send, shops = _sentence(0, 50, 1), _sentence(51, 90, 1), _sentence(92, 130, 2)
    assert with_paragraph([clean, send, shops], [send]) == (clean, send)
    assert with_paragraph([clean, send, shops], [send, shops]) == (clean, send, shops)


def test_a_long_paragraph_is_cut_to_what_answers() -> None:
    long, end = _sentence(0, SHORT_PARAGRAPH, 1), _sentence(SHORT_PARAGRAPH + 1, SHORT_PARAGRAPH + 20, 1)
    assert with_paragraph([long, end], [end]) == (end,)


def test_items_and_rows_stay_as_they_were_chosen() -> None:
    said, item = _sentence(0, 20, 1), _sentence(21, 40, 2, SpanKind.ITEM)
    assert with_paragraph([said, item], [item]) == (item,)
