"""A question in, ranked hits out, from a generation that can be swapped while questions run."""

import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from index.aside import Aside
from index.candidates import candidates
from index.compiled import CompiledEncoder
from index.encoder import Encoded, Floats
from index.generation import Generation
from index.hit import Filters, Hit, Scores
from index.learned import NOTHING, Learned, Recall, Remembered
from index.products import product
from index.ranking import RECIPE, Ranked, Recipe, most_lexical, rank
from index.segment import unit
from index.signals import Query, close_look
from index.spelling import Correction, Speller, unaccented
from index.words import Analyzer, idf, stopwords, term_code
from kb.article import Span

#: Terms of a question that are looked up; longer questions keep their most telling ones.
MOST_TERMS = 32
#: Shares that what the customer said before has in a follow-up: of the vector, and of each of its terms' weight.
CONTEXT_SHARE, CONTEXT_TERMS = 0.4, 0.2
#: The same for what the last answer quoted, with its title and heading.
CITED_SHARE, CITED_TERMS = 0.2, 0.1
#: Words of questions that are no function words, and no typos where no article has them.
_ASKING = {
    "de": ("wieviel", "wieviele", "welche", "welcher", "welches", "warum", "wieso", "weshalb"),
    "es": ("cuánto", "cuánta", "cuántos", "cuántas", "cuál", "cuáles"),
    "fr": ("combien", "pourquoi", "quel", "quelle", "quels", "quelles"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the encoder sees it; made once, searched with several filters."""

    text: str
    """With typos set right, as far as the knowledge base's own words tell."""
    corrections: tuple[Correction, ...]
    context: tuple[str, ...]
    """What the customer said before that still matters, newest first."""
    encoded: tuple[Encoded, ...]
    """The question, its context and what was cited."""
    cited: tuple[str, ...] = ()
    """What the customer was shown before, such as the title and heading of the last citation."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The whole section around a hit, with what the question has to do with each of its spans."""

    spans: tuple[Span, ...]
    likeness: Floats
    """Best cosine of each span (rows) with each question token (columns), 0..1."""
    weights: Floats
    """Weight of each question token; sums to 1."""
    focus: float
    """Likeness of title and headings with the question: low where a heading narrows down to something not asked."""
    heading: Floats
    """Best cosine of each question token with title and headings, 0..1."""


@dataclass(frozen=True)
class Found:
    """The outcome of one search: hits with what is needed to look closer at them."""

    # No slots: hits and passages are kept where they are made.

    positions: tuple[int, ...]
    """Place of each hit in the generation, best first."""
    ranked: Ranked
    """All candidates."""
    places: tuple[int, ...]
    """Place of each hit among the candidates."""
    query: Query
    most_lexical: float
    """BM25 that a passage with all of the question's terms would have."""
    generation: Generation
    reach: Floats
    """Best cosine of each question token (columns) with a token of each hit (rows)."""
    remembered: tuple[Remembered, ...] = ()
    """Learned questions that had something to say, nearest first."""

    @cached_property
    def hits(self) -> tuple[Hit, ...]:
        """The passages found, best first. Read when they are first asked for: who wants an order needs no texts."""
        return _hits(self.generation, self.positions, self.ranked, self.places)

    @cached_property
    def _passages(self) -> dict[int, Passage]:
        return {}

    def passage(self, place: int) -> Passage:
        """The section around `hits[place]`, across the chunks it was cut into; looked at once."""
        passage = self._passages.get(place)
        if passage is None:
            passage = self._passages[place] = self._looked_at(place)
        return passage

    def _looked_at(self, place: int) -> Passage:
        section, weights = self.generation.section(self.positions[place]), self.query.token_weights
        # A span beyond the encoder's limit has no token vectors: nothing is known of it.
        likeness = np.zeros((len(section.spans), len(self.query.tokens)), dtype=np.float32)
        focus = 0.0
        heading = np.zeros(len(weights), dtype=np.float32)
        first = 0
        for layout, count in zip(section.layouts, section.counts, strict=True):
            found, head = close_look(layout, self.query)
            if head.size:
                # By the ufuncs: the methods of an array take longer than so few numbers.
                focus = max(focus, float(np.add.reduce(np.maximum.reduce(head, axis=1)) / len(head)))
                heading = np.maximum(heading, np.maximum.reduce(head, axis=0))
            found = found[:count]
            likeness[first : first + len(found)] = found
            first += count
        return Passage(section.spans, likeness, weights, focus, heading)


class Searcher:
    """Answers searches on the newest generation it was given. Safe for several threads."""

    def __init__(self, encoder: CompiledEncoder, generation: Generation, recipe: Recipe = RECIPE) -> None:
        self._encoder = encoder
        self._analyzer = Analyzer()
        self._dictionary = encoder.dictionary()
        self._recipe = recipe
        cores = os.cpu_count() or 1
        self._aside = Aside(cores if cores > 1 else 0)
        #: What earlier questions taught; belongs to one generation and is silent with any other.
        self.learned: Learned | None = None
        self.swap(generation)

    def swap(self, generation: Generation) -> None:
        """Serves `generation` from the next search on; running searches finish on the old one."""
        self.generation = generation
        self._speller = lru_cache(maxsize=16)(
            lambda locales: Speller(
                generation.vocabulary(locales), self._dictionary.union(*map(_written, locales))
            )
        )

    def question(
        self,
        text: str,
        context: Sequence[str] = (),
        locales: Sequence[str] = (),
        cited: Sequence[str] = (),
        *,
        as_written: bool = False,
    ) -> Question:
        """Runs the encoder, once for the question and what it leans on.

        `context` is what the customer said before, newest first; `cited` what they were shown on it. Typos
        are set right with the words of the articles in `locales`, or in all of them; not in a text `as_written`.
        """
        speller = self._speller(tuple(locales) or self.generation.locales())
        corrected, corrections = (text, ()) if as_written else speller.correct(text)
        encoded = self._encoder.encode_together([corrected, *context, *cited])
        return Question(corrected, corrections, tuple(context), tuple(encoded), tuple(cited))

    def search(self, question: Question, filters: Filters, limit: int, recipe: Recipe | None = None) -> Found:
        """The `limit` best passages, or as many as pass the filters if those are fewer.

        `recipe` ranks this search otherwise than all others.
        """
        generation, recipe = self.generation, recipe or self._recipe
        query = self._query(generation, question, filters.locales or generation.locales())
        positions = candidates(generation, query, filters, max(limit, recipe.candidates), self._aside)
        recall = self._recall(generation, query, filters)
        if len(recall.positions):
            positions = np.union1d(positions, recall.positions)
        ranked = rank(generation, query, positions, recipe, recall)
        chosen = ranked.order[:limit].tolist()
        return Found(
            positions=tuple(positions[chosen].tolist()),
            ranked=ranked,
            places=tuple(chosen),
            query=query,
            most_lexical=most_lexical(query),
            generation=generation,
            reach=ranked.reach[chosen],
            remembered=recall.remembered,
        )

    def _recall(self, generation: Generation, query: Query, filters: Filters) -> Recall:
        """What questions that were answered before say to this one."""
        if self.learned is None:
            return NOTHING
        return self.learned.recall(generation, query.vector, generation.selection(filters)[0])

    def _query(self, generation: Generation, question: Question, locales: Sequence[str]) -> Query:
        main = question.encoded[0]
        vector = _leaning(question)
        weights = self._term_weights(generation, question, locales)
        terms = sorted(weights, key=lambda term: -weights[term])[:MOST_TERMS]
        tokens = unit(product(main.tokens, self._encoder.projection))
        return Query(
            text=question.text,
            vector=np.asarray(vector, dtype=np.float32),
            tokens=tokens,
            columns=np.ascontiguousarray(tokens.T),
            token_weights=generation.piece_weights(_telling(question.text, main)),
            terms=tuple(terms),
            codes=np.asarray([term_code(term) for term in terms], dtype=np.uint32),
            weights=np.asarray([weights[term] for term in terms], dtype=np.float32),
        )

    def _term_weights(
        self, generation: Generation, question: Question, locales: Sequence[str]
    ) -> dict[str, float]:
        """Weight of each term: idf, doubled at most by repeats, less for what was said before."""
        shares: defaultdict[str, float] = defaultdict(float)
        said = ((1.0, (question.text,)), (CONTEXT_TERMS, question.context), (CITED_TERMS, question.cited))
        for share, text in ((share, text) for share, texts in said for text in texts):
            for language in {locale.split("-")[0] for locale in locales}:
                for term, count in Counter(self._analyzer.terms(text, language)).items():
                    shares[term] = max(shares[term], share * _repeated(count))
        terms = list(shares)
        inverse = idf(len(generation.rows), [generation.frequency(term) for term in terms])
        return {
            term: float(weight) * shares[term]
            for term, weight in zip(terms, inverse, strict=True)
            if weight > 0
        }


def _leaning(question: Question) -> Floats:
    """The question's vector, moved towards what it leans on; unit length."""
    main, said = question.encoded[0].vector, 1 + len(question.context)
    vector = main
    for share, before in ((CONTEXT_SHARE, question.encoded[1:said]), (CITED_SHARE, question.encoded[said:])):
        if before:
            mean = np.mean([encoded.vector for encoded in before], axis=0)
            vector = vector + share * (mean - main)
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), dtype=np.float32)


def _repeated(count: int) -> float:
    """Weight of a term that a question says `count` times: 1, 1.5, 1.8 … up to 3 (BM25's k3 of 2)."""
    return 3.0 * count / (count + 2.0)


def _telling(text: str, encoded: Encoded) -> list[int]:
    """Vocabulary ids of a question's tokens; -1 for punctuation, which tells nothing."""
    return [
        piece if any(map(str.isalnum, text[start:end])) else -1
        for piece, (start, end) in zip(encoded.ids, encoded.offsets, strict=True)
    ]


def _hits(
    generation: Generation, positions: Sequence[int], ranked: Ranked, places: Sequence[int]
) -> tuple[Hit, ...]:
    # Whole columns become numbers at once: taking them out of the arrays one by one costs several times as much.
    chosen = list(places)
    columns = (ranked.dense, ranked.title, ranked.late, ranked.lexical, ranked.coverage, ranked.learned)
    scores = zip(*(column[chosen].tolist() for column in columns), strict=True)
    hits = []
    for position, score, each in zip(positions, ranked.score[chosen].tolist(), scores, strict=True):
        facts = generation.facts(position)
        hits.append(
            Hit(generation.chunk(position), facts.audience, facts.url, facts.tags, score, Scores(*each))
        )
    return tuple(hits)


def _written(locale: str) -> frozenset[str]:
    """Function words of a locale as customers write them: “wont” is no typo of “want”, nor “cuanto” of “cuando”."""
    language = locale.split("-")[0]
    known = stopwords(language).union(_ASKING.get(language, ()))
    return known.union(map(unaccented, known))
