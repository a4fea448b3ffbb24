"""Ranked passages of one search in, the quote of one article out: its best section, the shortest run, checked."""

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from bot.answering.quotes import Place, Verifier
from bot.dialogue import quoting, stated
from bot.dialogue.choices import differ_in_a_name
from bot.dialogue.offers import Offers
from bot.dialogue.procedure import Procedure
from bot.dialogue.quoting import Quote
from bot.dialogue.reply import Citation
from bot.dialogue.sections import ROW_WHEN_UNSAID, Headings, fit, meant
from bot.dialogue.signals import Closeness
from bot.ports import Published
from index.encoder import Floats
from index.hit import Hit
from index.searcher import Found, Passage
from index.words import Analyzer
from kb.article import ArticleKey, Span, SpanKind

#: Sections of the best article that a quote is looked for in.
MOST_SECTIONS = 5
#: Times that a quote is looked for: what describes a picture, rows that are not the one asked for, and prices of other
#: things are passed over.
MOST_TRIES = 3
#: A word that is missing from rows counts against them from this share of the most telling word's weight on. At .6 two
#: more of the sample's 250 hard questions lose a row that answers.
TELLING_IN_ROWS = 1.0
#: A section is offered as a choice when its worth is at least this share of the best one's.
NEAR_SECTION = 0.95


_Section = tuple[float, Hit, Passage, Quote]
"""What a section is worth, its best hit, the whole of it, and what would be quoted."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """The best run of the best section of one article."""

    place: Place
    close: Closeness
    headings: tuple[str, ...]
    """Last headings of sections that fit about as well, the quoted one's first."""
    reached: Floats
    """Best cosine of each question token in the quote and its headings."""


@dataclass(frozen=True, slots=True)
class _Run:
    """The best run of the best section, before it is looked at closely."""

    place: Place
    hit: Hit
    passage: Passage
    quote: Quote
    headings: tuple[str, ...]


class Citer:
    """Finds what an article says to a question. Reads the index and the database, writes nothing."""

    def __init__(self, verifier: Verifier, procedure: Procedure, offers: Offers) -> None:
        self._verifier = verifier
        self._procedure = procedure
        self._offers = offers
        self._analyzer = Analyzer()

    def cited(
        self, found: Found, places: Sequence[int], locale: str, published: Mapping[ArticleKey, Published]
    ) -> tuple[Citation, Quoted] | None:
        """The quote of the article at the first of `places`, as `citation` has it, and a close look at it."""
        found_run = self._checked(found, places, locale, published)
        if found_run is None:
            return None
        citation, run = found_run
        passage, quote = run.passage, run.quote
        return citation, Quoted(
            run.place,
            _close(found.query.text, run.hit, passage, quote),
            run.headings,
            quoting.reached(passage.likeness[_inside(passage, quote)], passage.heading),
        )

    def citation(
        self, found: Found, places: Sequence[int], locale: str, published: Mapping[ArticleKey, Published]
    ) -> Citation | None:
        """The quote of the article at the first of `places`, checked, and without what only describes a picture."""
        found_run = self._checked(found, places, locale, published)
        return None if found_run is None else found_run[0]

    def _checked(
        self, found: Found, places: Sequence[int], locale: str, published: Mapping[ArticleKey, Published]
    ) -> tuple[Citation, _Run] | None:
        passed_over: frozenset[Span] = frozenset()
        for _ in range(MOST_TRIES):
            run = self._run(found, places, locale, passed_over)
            citation = self._verifier.citation(run.place, published, "public") if run else None
            if run is None or citation is None:
                return None
            spans = frozenset(run.place.spans)
            words = quoting.without_pictures(run.place.spans, citation.quote, citation.start)
            if self._asks_for_another_row(
                found, places, citation, run.place, locale
            ) or not self._offers.answered(
                found.query.text,
                citation.title,
                citation.heading_path,
                run.place.spans,
                locale,
                self._analyzer.terms,
            ):
                passed_over |= spans
            elif len(words) == len(run.place.spans):
                return self._in_full(citation, run, published), run
            else:
                passed_over |= spans - frozenset(words)
        return None

    def _in_full(self, citation: Citation, run: _Run, published: Mapping[ArticleKey, Published]) -> Citation:
        """The citation of the run with the rest of a short paragraph; what is known of it is of the run alone."""
        spans = quoting.with_paragraph(run.passage.spans, run.place.spans)
        if spans == run.place.spans:
            return citation
        whole = self._verifier.citation(replace(run.place, spans=spans), published, "public")
        if whole is None or quoting.without_pictures(spans, whole.quote, whole.start) != spans:
            return citation
        return whole

    def _asks_for_another_row(
        self, found: Found, places: Sequence[int], citation: Citation, place: Place, locale: str
    ) -> bool:
        """Whether the quote is rows of a table, none of them named, and a telling word of the question is in none.

        "Shipping cost Norway" is like every row of a table of countries, and the one it asks for is not there.
        """
        spans, query = place.spans, found.query
        if any(span.kind is not SpanKind.ROW for span in spans) or not query.terms:
            return False
        if quoting.named_row(spans, query.text) is not None:
            return False
        chunk = found.hits[places[0]].chunk
        text = "\n".join((chunk.title, *place.heading_path, citation.text))
        stands = set(self._analyzer.terms(text, locale))
        least = TELLING_IN_ROWS * float(query.weights[0])
        return any(
            term not in stands and float(weight) >= least
            for term, weight in zip(query.terms, query.weights, strict=True)
        )

    def _run(self, found: Found, places: Sequence[int], locale: str, pictures: Set[Span]) -> _Run | None:
        """The run of the article at the first of `places`, from that of its sections which fits best."""
        text = found.query.text
        asks_how = self._procedure.asked(text, locale)
        sections: list[_Section] = []
        of_article = sections_of(found.hits, places)
        for other in of_article:
            hit, passage = found.hits[other], _without(found.passage(other), pictures)
            quoted = quoting.quote(passage.spans, passage.likeness, passage.weights, asks_how, text)
            if quoted is not None:
                above = headings_above(found.hits, other, of_article)
                fitting = fit(
                    hit.score,
                    passage.focus,
                    quoted.support,
                    passage.spans,
                    above,
                    text,
                    locale,
                    asks_how=asks_how,
                )
                sections.append((fitting.worth, hit, passage, quoted))
        if not sections:
            return None
        first = _with_row(max(sections, key=lambda one: one[0]), sections, text)
        best = next((one for one in sections if _meant(one, first, text, locale) > 0), first)
        worth, hit, passage, quoted = best
        chunk = hit.chunk
        near = [
            one[1]
            for one in sections
            if one is not best and one[0] >= NEAR_SECTION * worth and not _meant(best, one, text, locale)
        ]
        headings = tuple(one.chunk.heading_path[-1] for one in (hit, *near) if one.chunk.heading_path)
        return _Run(
            Place(chunk.key, chunk.revision, chunk.heading_path, chunk.anchor, quoted.spans),
            hit,
            passage,
            quoted,
            headings if chunk.heading_path else (),
        )


def _with_row(best: _Section, sections: Sequence[_Section], question: str) -> _Section:
    """The best section, or one with the row that the question names where the best does not say that name."""
    for one in sorted(sections, key=lambda one: -one[0]):
        row = quoting.named_row(one[2].spans, question)
        if row is None or one[0] < best[0] - ROW_WHEN_UNSAID:
            continue
        if not quoting.says_name(best[3].text, one[2].spans[row].text, question):
            return one
    return best


def _meant(one: _Section, other: _Section, question: str, language: str) -> int:
    """1 where the question means the first of two sections whose headings are alike but for a word, -1 the other."""
    heads = [section[1].chunk.heading_path for section in (one, other)]
    if not all(heads) or not differ_in_a_name(question, heads[0][-1], heads[1][-1], language):
        return 0
    return meant(one[2].heading, other[2].heading, language)


def _close(question: str, hit: Hit, passage: Passage, quoted: Quote) -> Closeness:
    """What the quote and its section have of the question, word for word and by likeness."""
    chunk = hit.chunk
    inside = _inside(passage, quoted)
    heads = (chunk.title, *chunk.heading_path)
    section = [*heads, *(span.text for span in passage.spans)]
    return Closeness(
        support=quoted.support,
        sentence=float((passage.likeness @ passage.weights).max()),
        numbers=stated.numbers(question, "\n".join((*heads, quoted.text))),
        names=stated.names(question, section, chunk.key.locale),
        half=quoting.half_reached(passage.likeness[inside], passage.heading, passage.weights),
        quote_length=math.log1p(quoted.end - quoted.start),
        section_length=math.log1p(sum(len(span.text) for span in passage.spans)),
        section_spans=float(len(passage.spans)),
        steps=float(any(span.kind is SpanKind.STEP for span in passage.spans)),
        place=inside.index(True) / len(inside) if any(inside) else 0.0,
        focus=passage.focus,
        depth=float(len(chunk.heading_path)),
    )


def _inside(passage: Passage, quoted: Quote) -> list[bool]:
    """Which spans of the section are quoted."""
    return [quoted.start <= span.start and span.end <= quoted.end for span in passage.spans]


def headings_above(hits: Sequence[Hit], place: int, sections: Sequence[int]) -> Headings:
    """What stands above the section of the hit at `place`, one of the article's `sections`."""
    last = {other: " ".join(hits[other].chunk.heading_path[-1:]) for other in sections}
    others = tuple(heading for other, heading in last.items() if other != place)
    return Headings(hits[place].chunk.title, last[place], others)


def sections_of(hits: Sequence[Hit], places: Sequence[int]) -> list[int]:
    """Places of the best hit of each section of the article at the first of `places`, best first."""
    own = hits[places[0]].chunk
    seen: dict[tuple[str, tuple[str, ...]], int] = {}
    for other in places:
        chunk = hits[other].chunk
        if chunk.key == own.key and chunk.revision == own.revision:
            seen.setdefault((chunk.anchor, chunk.heading_path), other)
    return list(seen.values())[:MOST_SECTIONS]


def _without(passage: Passage, pictures: Set[Span]) -> Passage:
    """The passage without some of its spans."""
    if not pictures:
        return passage
    kept = [place for place, span in enumerate(passage.spans) if span not in pictures]
    return replace(
        passage, spans=tuple(passage.spans[place] for place in kept), likeness=passage.likeness[kept]
    )
