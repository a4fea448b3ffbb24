"""A question in, its reply with every figure that led there out: ranking, quote, confidence, decision."""

import math
from dataclasses import dataclass

from bot.answering.answered import Answered
from bot.answering.citing import headings_above, sections_of
from bot.answering.judged import Judged
from bot.composition import Services
from bot.dialogue import quoting
from bot.dialogue.confidence import ConfidenceModel, Part
from bot.dialogue.reply import Reason, ReplyKind
from bot.dialogue.sections import fit
from bot.knowledge.provenance import Taught
from index.generation import Generation
from index.hit import Hit
from index.ranking import RECIPE
from index.signals import K1
from index.spelling import Correction


@dataclass(frozen=True, slots=True)
class Candidate:
    """One passage as it was ranked."""

    article_id: str
    locale: str
    title: str
    heading_path: tuple[str, ...]
    score: float
    parts: tuple[Part, ...]
    """Add up to `score`; coverage has no weight, it speaks in the confidence alone."""
    note: str
    """Why it cannot answer, or that it is the one that is quoted; else empty."""
    taught: tuple[Taught, ...] = ()
    """Learned questions that speak for or against its article."""


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the quoted article, and how well it fits."""

    heading_path: tuple[str, ...]
    score: float
    """Of its best passage."""
    focus: float
    """Likeness of its headings with the question."""
    support: float
    """Likeness of what would be quoted of it."""
    steps: float
    """What its steps add where the question asks how."""
    named: float
    """What a table row or heading adds that the question names."""
    worth: float
    chosen: bool


@dataclass(frozen=True, slots=True)
class Quoted:
    """The quote and where its section comes from."""

    sections: tuple[Section, ...]
    asks_how: bool
    text: str
    support: float
    characters: int
    price: float
    """What its length costs it, against longer and shorter runs."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """How the probability comes about."""

    parts: tuple[Part, ...]
    """`value` is the raw signal; see `bot.dialogue.confidence.Part`."""
    bias: float
    logit: float
    probability: float
    threshold: float
    clarify_threshold: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a question gets the reply it gets."""

    question: str
    language: str
    """It was read as."""
    searched_in: str
    """Locale of the articles that were looked up."""
    corrections: tuple[Correction, ...]
    candidates: tuple[Candidate, ...]
    """Best first."""
    quoted: Quoted | None
    """None where nothing could be quoted."""
    confidence: Confidence | None
    choices: tuple[str, ...]
    """Titles that fit about equally."""
    kind: ReplyKind
    reason: Reason
    rule: str
    why: str
    """The decision in a sentence."""


def explain(services: Services, question: str, locale: str = "") -> Explanation:
    """Explains the reply to a first message; stores nothing. Raises `NotReady` where there is no index."""
    answered = services.answering.answer(question, locale=locale)
    judged = _judged(services, question, answered)
    confidence = _confidence(judged, services.dialogue.confidence)
    reply = answered.reply
    return Explanation(
        question=question,
        language=reply.language,
        searched_in=judged.locale,
        corrections=services.knowledge.searcher.question(question, (), (judged.locale,)).corrections,
        candidates=_candidates(services, judged),
        quoted=_quoted(services, judged),
        confidence=confidence,
        choices=judged.offered if reply.reason is Reason.CHOICE else judged.choices,
        kind=reply.kind,
        reason=reply.reason,
        rule=reply.rule,
        why=_why(answered, judged, confidence),
    )


def _judged(services: Services, question: str, answered: Answered) -> Judged:
    """What the search brought, in the language the chat would have taken it in."""
    default = services.settings.default_locale
    language = answered.reply.language if answered.reply.language in services.settings.locales else default
    return services.answering.look_up(question, language)


def _candidates(services: Services, judged: Judged) -> tuple[Candidate, ...]:
    hits = judged.found.hits
    published = services.shelf.published({hit.chunk.key for hit in hits})
    taught = services.learning.taught(judged.found.remembered)
    quoted = _place_quoted(judged)
    found = []
    for place, hit in enumerate(hits):
        current = published.get(hit.chunk.key)
        note = "the quote is from its article" if place == quoted else ""
        if current is None or current.revision != hit.chunk.revision:
            note = "not published any more in this revision, so it may not answer"
        found.append(
            Candidate(
                hit.chunk.key.id,
                hit.chunk.key.locale,
                hit.chunk.title,
                hit.chunk.heading_path,
                hit.score,
                _ranked(hit, judged.found.generation),
                note,
                tuple(one for one in taught if one.key == hit.chunk.key),
            )
        )
    return tuple(found)


def _ranked(hit: Hit, generation: Generation) -> tuple[Part, ...]:
    """The weighted sum of `index.ranking`, part by part."""
    one_term = (K1 + 1.0) * math.log1p(2.0 * len(generation.rows))
    scores = hit.scores
    weighted = (
        ("dense", scores.dense, RECIPE.dense),
        ("title", scores.title, RECIPE.title),
        ("late", scores.late, RECIPE.late),
        ("lexical", scores.lexical, RECIPE.lexical / one_term),
        ("learned", scores.learned, RECIPE.learned),
        ("coverage", scores.coverage, 0.0),
    )
    return tuple(Part(name, value, weight, value * weight) for name, value, weight in weighted)


def _place_quoted(judged: Judged) -> int | None:
    """Place of the best hit of the quoted article."""
    if judged.quoted is None:
        return None
    wanted = judged.quoted.article_id
    return next(place for place, hit in enumerate(judged.found.hits) if hit.chunk.key.id == wanted)


def _quoted(services: Services, judged: Judged) -> Quoted | None:
    first = _place_quoted(judged)
    if first is None or judged.signals is None or judged.quoted is None:
        return None
    citation, found = judged.quoted, judged.found
    asks_how = services.dialogue.procedure.asked(found.query.text, judged.locale)
    own = sections_of(found.hits, range(first, len(found.hits)))
    sections = []
    for place in own:
        hit, passage = found.hits[place], found.passage(place)
        text = found.query.text
        run = quoting.quote(passage.spans, passage.likeness, passage.weights, asks_how, text)
        if run is None:
            continue
        above = headings_above(found.hits, place, own)
        fits = fit(
            hit.score,
            passage.focus,
            run.support,
            passage.spans,
            above,
            text,
            judged.locale,
            asks_how=asks_how,
        )
        inside = any(span.start <= citation.start < span.end for span in passage.spans)
        sections.append(
            Section(
                hit.chunk.heading_path,
                fits.ranked,
                fits.focus,
                fits.support,
                fits.steps,
                fits.named,
                fits.worth,
                inside,
            )
        )
    length = citation.end - citation.start
    return Quoted(
        sections=tuple(sorted(sections, key=lambda one: -one.worth)),
        asks_how=asks_how,
        text=citation.text,
        support=judged.signals.support,
        characters=length,
        price=quoting.PRICE_OF_LENGTH * length / 100,
    )


def _confidence(judged: Judged, model: ConfidenceModel) -> Confidence | None:
    if judged.signals is None:
        return None
    parts = model.parts(judged.signals)
    return Confidence(
        parts=tuple(sorted(parts, key=lambda part: -abs(part.adds))),
        bias=model.bias,
        logit=model.bias + sum(part.adds for part in parts),
        probability=judged.probability,
        threshold=model.threshold,
        clarify_threshold=model.clarify_threshold,
    )


def _why(answered: Answered, judged: Judged, confidence: Confidence | None) -> str:
    """The decision in a sentence."""
    reply = answered.reply
    if reply.rule:
        return f"Rule {reply.rule} fired before anything was looked up."
    if reply.reason not in (Reason.ANSWERED, Reason.CHOICE, Reason.LOW_CONFIDENCE):
        return "This was decided before anything was looked up."
    if confidence is None:
        return "Nothing that may be shown to customers could be quoted."
    said = f"The probability that the quote is right is {confidence.probability:.3f}"
    if reply.reason is Reason.ANSWERED:
        return f"{said}, at or above {confidence.threshold}, from which the bot answers."
    if reply.reason is Reason.CHOICE:
        if not judged.choices:
            return f"{said}, and one article alone fits: {'; '.join(judged.offered)}."
        either = "differ in a name that the customer did not say" if judged.undecided else "fit about equally"
        return f"{said}, and these articles {either}: {'; '.join(judged.choices)}."
    return f"{said}, below {confidence.threshold}, from which the bot answers."
