"""Messages in, a `SetResult` out: whether the bot answered, rightly, with the right quote, or handed off rightly."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.answering.answered import Answered
from bot.answering.answering import Answering
from bot.composition import utc_now
from bot.dialogue.conversation import Conversation, Message, Role, State
from bot.dialogue.reply import Citation, ReplyKind
from evaluations import overlap
from evaluations.beir import Dataset, Query
from evaluations.left_out import unknown_fields
from evaluations.result import Case, SetResult, figures_of, slices_of
from evaluations.sample import Sample

#: In this order in reports. `right` decides: the bot did what was wanted of it.
METRICS = (
    "right",
    "answered",
    "cited_right",
    "citation_precision",
    "citation_recall",
    "quote_has_answer",
    "quote_f1",
    "handed_off",
    "reason_right",
)
#: What figures are always grouped by: `answerable`, `unanswerable` or `person`.
EXPECTED = "expected"
#: A wanted answer that is prose counts as shown when at least this share of its words is in the quote: such answers
#: are the words of whoever made the set, and no quote repeats them one by one.
ENOUGH_WORDS = 0.5
#: Answers of at most this many words are looked for as they stand.
_EXACT_WORDS = 12

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Expected:
    """A message and what should come of it."""

    id: str
    text: str
    locale: str
    kind: str
    """`answerable`, `unanswerable` or `person`."""
    articles: tuple[str, ...]
    """Ids of articles that answer."""
    answers: tuple[str, ...]
    """Texts, any of which should be in the quote; may be empty."""
    verbatim: bool
    """The texts are verbatim parts of articles."""
    reason: str
    labels: Mapping[str, str]
    earlier: tuple[str, ...] = ()


def of_sample(sample: Sample) -> tuple[Expected, ...]:
    """What should come of the sample's messages."""
    answerable = [
        Expected(
            one.id,
            one.text,
            one.locale,
            "answerable",
            (one.article, *one.also),
            (one.quote,),
            True,
            "",
            {EXPECTED: "answerable", "locale": one.locale},
        )
        for one in sample.answerable
    ]
    unanswerable = [
        Expected(
            one.id,
            one.text,
            one.locale,
            "unanswerable",
            (),
            (),
            True,
            "",
            {EXPECTED: "unanswerable", "why_not": one.kind, "locale": one.locale},
        )
        for one in sample.unanswerable
    ]
    person = [
        Expected(
            one.id,
            one.text,
            one.locale,
            "person",
            (),
            (),
            True,
            one.reason,
            {EXPECTED: "person", "reason": one.reason, "locale": one.locale},
        )
        for one in sample.person
    ]
    return (*answerable, *unanswerable, *person)


def of_dataset(dataset: Dataset) -> tuple[Expected, ...]:
    """What should come of a BEIR set's queries; those neither judged nor marked unanswerable are left out."""
    judged = {query.id for query in dataset.judged()}
    return tuple(
        _of_query(query, dataset) for query in dataset.queries if query.id in judged or not query.answerable
    )


def _of_query(query: Query, dataset: Dataset) -> Expected:
    kind = "answerable" if query.answerable else "unanswerable"
    grades = dataset.wanted.get(query.id, {})
    return Expected(
        id=query.id,
        text=query.text,
        locale=dataset.locale,
        kind=kind,
        articles=tuple(sorted(grades, key=lambda one: (-grades[one], one))) if query.answerable else (),
        answers=query.answers if query.answerable else (),
        verbatim=False,
        reason="",
        labels={**query.labels, EXPECTED: kind},
        earlier=query.earlier,
    )


def evaluate(
    name: str,
    corpus: str,
    expected: Sequence[Expected],
    answering: Answering,
    *,
    labels: Sequence[str] = (),
    documents: Mapping[str, str] | None = None,
    notes: Sequence[str] = (),
    progress: Progress = lambda done, total: None,
) -> SetResult:
    """Asks every message once, each in a conversation of its own."""
    cases: list[Case] = []
    times: list[float] = []
    for number, one in enumerate(expected, 1):
        conversation = _conversation(one) if one.earlier else None
        started = time.perf_counter()
        answered = answering.answer(one.text, locale=one.locale, conversation=conversation)
        times.append(1000.0 * (time.perf_counter() - started))
        cases.append(_case(one, answered))
        progress(number, len(expected))
    replies = [case for case in cases if case.values["answered"]]
    return SetResult(
        name=name,
        variant="",
        kind="answers",
        corpus=corpus,
        primary="right",
        figures=figures_of(cases, METRICS),
        slices=slices_of(cases, METRICS, list(dict.fromkeys([EXPECTED, *labels]))),
        measured={
            "messages": len(cases),
            "answers": len(replies),
            "answers_right": sum(case.values["right"] for case in replies),
            "answer_ms_p50": float(np.percentile(times, 50)) if times else 0.0,
            "answer_ms_p95": float(np.percentile(times, 95)) if times else 0.0,
        },
        notes=(*notes, *unknown_fields(labels, [case.labels for case in cases])),
        cases=tuple(cases),
        documents=_named(cases, documents or {}),
    )


def _named(cases: Sequence[Case], documents: Mapping[str, str]) -> dict[str, str]:
    return {one: documents[one] for case in cases for one in (*case.wanted, *case.got) if one in documents}


def _conversation(one: Expected) -> Conversation:
    now = utc_now()
    messages = [
        Message(f"{one.id}-{place}", Role.CUSTOMER, text, now)
        for place, text in enumerate(reversed(one.earlier))
    ]
    return Conversation(one.id, State.ANSWERING, one.locale, "", "", now, tuple(messages))


def _case(one: Expected, answered: Answered) -> Case:
    reply = answered.reply
    shown = reply.citations if reply.kind is ReplyKind.ANSWER else ()
    looked_at = shown or answered.considered
    return Case(
        id=one.id,
        text=one.text,
        earlier=one.earlier,
        wanted=one.articles,
        got=tuple(dict.fromkeys(citation.article_id for citation in looked_at)),
        note=_note(one, answered, shown),
        values=_values(one, answered, shown),
        labels=one.labels,
    )


def _values(one: Expected, answered: Answered, shown: Sequence[Citation]) -> dict[str, float]:
    reply = answered.reply
    cited = [_right(citation, one) for citation in shown]
    values = {
        "answered": float(bool(shown)),
        "handed_off": float(reply.kind is ReplyKind.HANDOFF),
        "right": float(_did_right(one, reply.kind, cited)),
    }
    if shown and one.kind != "person":
        values["cited_right"] = float(cited[0])
        values["citation_precision"] = sum(cited) / len(cited)
    if one.kind == "answerable":
        values["citation_recall"] = float(any(cited))
        if one.answers:
            quote = shown[0].quote if shown else ""
            values["quote_has_answer"] = float(_has_answer(quote, one))
            values["quote_f1"] = overlap.best_f1(quote, one.answers)
    if one.kind == "person":
        values["reason_right"] = float(reply.kind is ReplyKind.HANDOFF and reply.reason.value == one.reason)
    looked_at = shown or answered.considered
    if looked_at and one.kind != "person":
        values["confidence"] = reply.confidence
        values["top_right"] = float(_right(looked_at[0], one))
    return values


def _right(citation: Citation, one: Expected) -> bool:
    return citation.article_id in one.articles and citation.locale == one.locale


def _did_right(one: Expected, kind: ReplyKind, cited: Sequence[bool]) -> bool:
    if one.kind == "answerable":
        return bool(cited) and cited[0]
    if one.kind == "unanswerable":
        return not cited
    return kind is ReplyKind.HANDOFF


def _has_answer(quote: str, one: Expected) -> bool:
    """Short or verbatim answers must be there word for word, longer ones for the most part."""
    for answer in one.answers:
        if one.verbatim or len(overlap.words(answer)) <= _EXACT_WORDS:
            if overlap.holds(quote, answer):
                return True
        elif overlap.recall(quote, answer) >= ENOUGH_WORDS:
            return True
    return False


def _note(one: Expected, answered: Answered, shown: Sequence[Citation]) -> str:
    reply = answered.reply
    lines = [f"{reply.kind.value}, {reply.reason.value}, confidence {reply.confidence:.2f}"]
    if shown:
        lines.append(f"Shown: {shown[0].text}")
    if one.answers:
        lines.append(f"Wanted: {one.answers[0]}")
    if one.reason:
        lines.append(f"Wanted reason: {one.reason}")
    return "\n".join(lines)
