"""A question in, the best quote with its probability out: search, quote, check, confidence. Nothing is decided here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, partial

import numpy as np

from bot.answering.choosing import (
    MOST_CHOICES,
    choices,
    headed,
    near,
    of_one_subject,
    titled,
    titles_in,
)
from bot.answering.citing import Citer, Quoted
from bot.answering.judged import Judged
from bot.answering.leaning import Leaning
from bot.answering.quotes import Place, Verifier
from bot.answering.sieve import RIVAL, Sieve
from bot.dialogue import signals as known
from bot.dialogue.choices import undecided
from bot.dialogue.confidence import ConfidenceModel
from bot.dialogue.offers import Offers
from bot.dialogue.procedure import Procedure
from bot.dialogue.reply import Citation
from bot.dialogue.rivalry import rivalry
from bot.dialogue.signals import Signals
from bot.dialogue.whereabouts import NOWHERE, Whereabouts
from bot.knowledge.served import Searched
from bot.ports import Published
from index.hit import Filters, Hit
from index.ranking import Recipe
from index.searcher import Found, Question
from kb.article import ArticleKey, Audience

#: Passages ranked for one answer: enough for margins over the next articles, few enough to stay quick.
HITS = 20
#: Citations of one answer, the quoted one included.
MOST_CITATIONS = 3
#: Passages that a ticket shows as considered.
MOST_CONSIDERED = 3
#: Another article is offered as a choice, or cited too, when its ranking score is at least this share of the
#: best one's. Scores keep their magnitude, so a share means the same for every question.
NEAR = 0.9


class Judge:
    """Looks a question up and weighs what is found. Reads the index and the database, writes nothing."""

    def __init__(
        self,
        knowledge: Searched,
        verifier: Verifier,
        procedure: Procedure,
        offers: Offers,
        model: ConfidenceModel,
        recipe: Recipe | None = None,
    ) -> None:
        """`recipe` ranks otherwise than the rest of the service."""
        self._knowledge = knowledge
        self._verifier = verifier
        self._citer = Citer(verifier, procedure, offers)
        self._confidence = model
        self._sieve = Sieve()
        self._leaning = Leaning()
        self._recipe = recipe

    def question(
        self,
        text: str,
        context: Sequence[str],
        locale: str,
        cited: Sequence[str] = (),
        *,
        as_written: bool = False,
    ) -> Question:
        """The question as the search sees it, encoded once.

        `context` is what the customer said before, newest first; `cited` what they were shown on it. Typos in a
        text `as_written` stay.
        """
        return self._knowledge.searcher.question(text, context, (locale,), cited, as_written=as_written)

    def instead(self, message: str, earlier: str, language: str, answered: str) -> str:
        """The earlier message about the other thing that this one names alone; empty where it does not.

        `answered` is the title that was quoted last, or empty.
        """
        names = self._sieve.names(self._knowledge.searcher.generation)
        return names.instead(message, earlier, language, answered)

    def has_title(self, title: str, locale: str) -> bool:
        """Whether an article of a locale has a title."""
        return bool(titled(self._knowledge.searcher.generation.articles, title, locale))

    def offered(self, judged: Judged, language: str) -> tuple[str, ...]:
        """What the customer may be asked about, by titles in their language where the articles are translated."""
        if judged.locale == language:
            return judged.offered
        articles = self._knowledge.searcher.generation.articles
        return titles_in(articles, judged.found.hits, judged.offered, language)

    def has_article(self, article: str, locale: str) -> bool:
        """Whether an article is there in a locale."""
        known = self._knowledge.searcher.generation.articles
        return any(facts.key.id == article and facts.key.locale == locale for facts in known)

    def judge(
        self,
        asked: Question,
        locale: str,
        choice: str = "",
        said: Sequence[str] = (),
        within: Sequence[str] = (),
        where: Whereabouts = NOWHERE,
    ) -> Judged:
        """What is found in the articles of a locale, or in those of them whose ids are in `within`.

        `where` is where the customer writes from; it orders what fits about equally. `choice` is the title or heading
        that they picked, where they were asked: then only what has it is looked at. `said` is what they wrote before,
        newest first: which of two machines is meant is often said once.
        """
        searcher = self._knowledge.searcher
        articles = titled(searcher.generation.articles, choice, locale) if choice else tuple(within)
        found = searcher.search(asked, Filters(locales=(locale,), article_ids=articles), HITS, self._recipe)
        published = self._verifier.published({hit.chunk.key for hit in found.hits})
        places = [place for place, hit in enumerate(found.hits) if _answers_now(hit, published)]
        if choice and not articles:
            places = headed(found.hits, places, choice) or places
        best = places[:1]
        if not choice:
            places = self._sieve.fitting(found, places, said, locale)
        held_back = bool(best) and places[:1] != best
        if not choice:
            places = self._leaning.fitting(found, places, where)
        for at in range(len(places)):
            shown = self._citer.cited(found, places[at:], locale, published)
            if shown is not None:
                judged = self._weighed(found, places[at:], *shown, locale, published, said)
                stands_alone = not choice and not within and not asked.context
                return replace(_which(judged) if stands_alone else judged, held_back=held_back)
        named = self._sieve.names_something(found)
        return Judged(found, None, 0.0, None, (), False, locale, published, named, held_back)

    def _weighed(
        self,
        found: Found,
        places: Sequence[int],
        citation: Citation,
        quoted: Quoted,
        locale: str,
        published: Mapping[ArticleKey, Published],
        said: Sequence[str],
    ) -> Judged:
        """The quote of the hit at the first of `places` with its probability and what fits about as well."""
        all_hits = [found.hits[place] for place in places]
        # A copy of the same text is no competitor: whichever is quoted, the customer reads the same.
        copies = {
            hit.chunk.key for hit in near(all_hits, RIVAL) if self._sieve.is_copy(found, all_hits[0], hit)
        }
        places = [place for place in places if found.hits[place].chunk.key not in copies]
        hits = [found.hits[place] for place in places]
        signals = _signals(found, places, quoted)
        probability = self._confidence.probability(signals)
        others = near(hits, NEAR)
        rivals = self._sieve.rivals(found, hits[0], others, near(hits, RIVAL), said, locale)
        headings = rivals or undecided("\n".join((found.query.text, *said)), quoted.headings, locale)
        # Only an answer shows more than one source.
        shown = others[: MOST_CITATIONS - 1] if probability >= self._confidence.clarify_threshold else ()
        return Judged(
            found=found,
            quoted=citation,
            probability=probability,
            signals=signals,
            choices=(headings or choices(hits[0], others))[:MOST_CHOICES],
            undecided=bool(headings),
            locale=locale,
            published=published,
            named=self._sieve.names_something(found),
            more=cache(partial(self._more, found, places, shown, locale, published)),
        )

    def _more(
        self,
        found: Found,
        places: Sequence[int],
        shown: Sequence[Hit],
        locale: str,
        published: Mapping[ArticleKey, Published],
    ) -> tuple[Citation, ...]:
        """The quotes of the articles of some other hits."""
        quoted = (
            self._citer.citation(found, self._own(found, places, hit), locale, published) for hit in shown
        )
        return tuple(one for one in quoted if one is not None)

    @staticmethod
    def _own(found: Found, places: Sequence[int], hit: Hit) -> list[int]:
        """The places from that of `hit` on."""
        return [place for place in places if place >= found.hits.index(hit)]

    def considered(self, judged: Judged) -> tuple[Citation, ...]:
        """The best passage of each of the best articles, for the person who takes over."""
        best: dict[object, Hit] = {}
        for hit in judged.found.hits:
            best.setdefault(hit.chunk.key, hit)
        places = [
            Place(
                hit.chunk.key, hit.chunk.revision, hit.chunk.heading_path, hit.chunk.anchor, hit.chunk.spans
            )
            for hit in list(best.values())[:MOST_CONSIDERED]
        ]
        return self._verifier.citations(places, judged.published, "public")


def _which(judged: Judged) -> Judged:
    """The same, undecided where the message names a subject of several articles and asks nothing of it."""
    if judged.undecided or not judged.choices:
        return judged
    naming = of_one_subject(judged.found.query.text, judged.choices, judged.locale)
    return replace(judged, choices=naming, undecided=True) if naming else judged


def _signals(found: Found, places: Sequence[int], quoted: Quoted) -> Signals:
    """What is known of the quote from the hit at the first of `places`, all of which compete."""
    hits, query = [found.hits[place] for place in places], found.query
    own = np.asarray([hit.chunk.key == hits[0].chunk.key for hit in hits], dtype=np.bool_)
    against = rivalry(found.reach[places], own, quoted.reached, query.token_weights)
    question = known.asked(query.text, len(query.terms), query.token_weights)
    return known.signals(hits, quoted.close, question, against, found.most_lexical)


def _answers_now(hit: Hit, published: Mapping[ArticleKey, Published]) -> bool:
    """Whether the database lets customers see this passage; the index may be a moment behind it."""
    current = published.get(hit.chunk.key)
    return (
        current is not None and current.revision == hit.chunk.revision and current.audience is Audience.PUBLIC
    )
