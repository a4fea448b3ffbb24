"""A question in, the best quote with its probability out: search, quote, check, confidence. Nothing is decided here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.dialogue import confidence, quoting
from bot.dialogue.choices import undecided
from bot.dialogue.confidence import ConfidenceModel, Signals
from bot.dialogue.procedure import Procedure
from bot.dialogue.reply import Citation
from bot.knowledge import Knowledge
from bot.ports import Published
from bot.quotes import Place, Verifier
from index.generation import ArticleFacts
from index.hit import Filters, Hit
from index.searcher import Found, Passage, Question
from kb.article import ArticleKey, Audience

#: Passages ranked for one answer: enough for margins over the next articles, few enough to stay quick.
HITS = 20
#: Citations of one answer, the quoted one included.
MOST_CITATIONS = 3
#: Passages that a ticket shows as considered.
MOST_CONSIDERED = 3
#: Sections of the best article that a quote is looked for in.
MOST_SECTIONS = 5
#: Choices of one question back.
MOST_CHOICES = 3
#: Another article is offered as a choice, or cited too, when its ranking score is at least this share of the
#: best one's. Scores keep their magnitude, so a share means the same for every question.
NEAR = 0.9
#: The same for an article whose title differs from the best one's in an unsaid name: the customer may well mean
#: that one, and only they know.
RIVAL = 0.8


@dataclass(frozen=True, slots=True)
class Judged:
    """What a search brought: the best quote with its probability, and what else was looked at."""

    found: Found
    citations: tuple[Citation, ...]
    """Checked; the first is the answer. Empty where nothing could be quoted."""
    probability: float
    signals: Signals | None
    choices: tuple[str, ...]
    """Titles of the articles that fit about equally, the quoted one first; empty where it stands alone."""
    undecided: bool
    """The choices differ in a name that the customer did not say."""
    locale: str
    published: Mapping[ArticleKey, Published]
    """Those of the found articles that may answer, as looked up for this search."""


class Judge:
    """Looks a question up and weighs what is found. Reads the index and the database, writes nothing."""

    def __init__(
        self, knowledge: Knowledge, verifier: Verifier, procedure: Procedure, model: ConfidenceModel
    ) -> None:
        self._knowledge = knowledge
        self._verifier = verifier
        self._procedure = procedure
        self._confidence = model

    def question(self, text: str, context: Sequence[str], locale: str) -> Question:
        """The question as the search sees it, encoded once; `context` is what was said before, newest first."""
        return self._knowledge.searcher.question(text, context, (locale,))

    def judge(self, asked: Question, locale: str, title: str = "") -> Judged:
        """What is found in the articles of a locale, or in those with `title` alone where it is given."""
        searcher = self._knowledge.searcher
        articles = _titled(searcher.generation.articles, title, locale) if title else ()
        found = searcher.search(asked, Filters(locales=(locale,), article_ids=articles), HITS)
        published = self._verifier.published({hit.chunk.key for hit in found.hits})
        for place, hit in enumerate(found.hits):
            if not _answers_now(hit, published):
                continue
            first = self._quoted(found, place, locale)
            citation = self._verifier.citation(first[0], published, "public") if first else None
            if first is not None and citation is not None:
                return self._weighed(found, place, citation, first[1], locale, published)
        return Judged(found, (), 0.0, None, (), False, locale, published)

    def _weighed(
        self,
        found: Found,
        place: int,
        citation: Citation,
        support: float,
        locale: str,
        published: Mapping[ArticleKey, Published],
    ) -> Judged:
        """The quote of the hit at `place` with its probability and what fits about as well."""
        hits = [one for one in found.hits[place:] if _answers_now(one, published)]
        signals = confidence.signals(hits, support, len(found.query.terms), found.most_lexical)
        probability = self._confidence.probability(signals)
        near = _near(hits, NEAR)
        titles = [hits[0].chunk.title, *(hit.chunk.title for hit in _near(hits, RIVAL))]
        rivals = undecided(found.query.text, titles, locale)
        # Only an answer shows more than one source.
        shown = near if probability >= self._confidence.clarify_threshold else ()
        return Judged(
            found=found,
            citations=(citation, *self._more(found, shown, locale, published)),
            probability=probability,
            signals=signals,
            choices=(rivals or _choices(hits[0], near))[:MOST_CHOICES],
            undecided=bool(rivals),
            locale=locale,
            published=published,
        )

    def _quoted(self, found: Found, place: int, locale: str) -> tuple[Place, float] | None:
        """The quote of the article at `place`, from that of its sections which fits best, with its support."""
        asks_how = self._procedure.asked(found.query.text, locale)
        best: tuple[float, Hit, Passage] | None = None
        for other in _sections(found.hits, place):
            hit, passage = found.hits[other], found.passage(other)
            worth = quoting.section_worth(hit.score, passage.focus, passage.spans, asks_how)
            if best is None or worth > best[0]:
                best = (worth, hit, passage)
        if best is None:
            return None
        _, hit, passage = best
        quoted = quoting.quote(passage.spans, passage.likeness, passage.weights, asks_how)
        if quoted is None:
            return None
        chunk = hit.chunk
        return (
            Place(chunk.key, chunk.revision, chunk.heading_path, chunk.anchor, quoted.spans),
            quoted.support,
        )

    def _more(
        self, found: Found, near: Sequence[Hit], locale: str, published: Mapping[ArticleKey, Published]
    ) -> tuple[Citation, ...]:
        """Citations of other articles that fit about as well."""
        places = []
        for hit in near[: MOST_CITATIONS - 1]:
            quoted = self._quoted(found, found.hits.index(hit), locale)
            if quoted is not None:
                places.append(quoted[0])
        return self._verifier.citations(places, published, "public")

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


def _answers_now(hit: Hit, published: Mapping[ArticleKey, Published]) -> bool:
    """Whether the database lets customers see this passage; the index may be a moment behind it."""
    current = published.get(hit.chunk.key)
    return (
        current is not None and current.revision == hit.chunk.revision and current.audience is Audience.PUBLIC
    )


def _titled(articles: Sequence[ArticleFacts], title: str, locale: str) -> tuple[str, ...]:
    """Ids of the articles of a locale with a title."""
    wanted = " ".join(title.split()).casefold()
    return tuple(
        facts.key.id
        for facts in articles
        if facts.key.locale == locale and " ".join(facts.title.split()).casefold() == wanted
    )


def _sections(hits: Sequence[Hit], place: int) -> list[int]:
    """Places of the best hit of each section of the article at `place`, best first."""
    own = hits[place].chunk
    seen: dict[tuple[str, tuple[str, ...]], int] = {}
    for other in range(place, len(hits)):
        chunk = hits[other].chunk
        if chunk.key == own.key and chunk.revision == own.revision:
            seen.setdefault((chunk.anchor, chunk.heading_path), other)
    return list(seen.values())[:MOST_SECTIONS]


def _near(hits: Sequence[Hit], share: float) -> list[Hit]:
    """The best passage of each other article that fits about as well as the first."""
    best: dict[object, Hit] = {}
    for hit in hits[1:]:
        if hit.chunk.key != hits[0].chunk.key and hit.score >= share * hits[0].score:
            best.setdefault(hit.chunk.key, hit)
    return list(best.values())


def _choices(first: Hit, near: Sequence[Hit]) -> tuple[str, ...]:
    """Titles to choose from; none where they say the same, since a choice between equals helps nobody."""
    titles = list(dict.fromkeys([first.chunk.title, *(hit.chunk.title for hit in near)]))
    return tuple(titles[:MOST_CHOICES]) if len(titles) > 1 else ()
