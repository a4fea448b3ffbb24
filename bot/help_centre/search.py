"""Words typed into the help centre's search in, articles and the passage that answers out. Nothing is stored."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.answering.answering import Answering
from bot.answering.quotes import Verifier
from bot.dialogue.quoting import readable
from bot.dialogue.reply import Citation
from bot.dialogue.words import fold
from bot.knowledge.once import OncePerGeneration
from bot.knowledge.served import Knowledge
from bot.ports import Published
from index.generation import ArticleFacts, Generation
from index.hit import Filters, Hit
from kb.article import ArticleKey, Audience

#: Articles of one page of results.
MOST: Final = 10
#: Articles beside one that is read, and how alike their titles must be at least (cosine).
MOST_RELATED, RELATED = 4, 0.35
#: A passage with none of the words that is less like them than this (cosine) is no result: words that are none have
#: up to .1 with any passage of a small help centre, a question .35 and more with the one that is about it.
UNLIKE: Final = 0.15
#: Where no passage has a word of the search, the best must be this much like it (cosine), or nothing fits. Of 95
#: searches by letters hit at random and about other worlds 73 bring nothing then; of 956 questions of four sets whose
#: article is among the hits none loses it, and single words that articles say otherwise (“smashed”, “2fa”) still find
#: theirs at .29 and .31 (docs/measurements.md).
STRANGE: Final = 0.28
#: Characters of a passage shown below a title.
SNIPPET: Final = 220
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """One article that fits."""

    key: ArticleKey
    title: str
    heading: str
    """The section that fits best, such as `Monthly plans › Pause`; empty for the article's beginning."""
    anchor: str
    snippet: str
    """Its first words; empty where the title alone was looked at."""
    likeness: float = 0.0
    """Cosine of the words with the passage or the title, the larger; 0 where the title alone was looked at."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search brought."""

    articles: tuple[FoundArticle, ...]
    """Best first, each article once."""
    answer: Citation | None
    """A checked quote, where it is as probable as the chat's answers."""
    read: str
    """What was looked for where words were taken for typos; empty where nothing was changed."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a search in a language can be narrowed by."""

    tags: tuple[str, ...]
    products: tuple[str, ...]


class HelpSearch:
    """Searches public articles for readers of the help centre."""

    def __init__(
        self,
        knowledge: Knowledge,
        answering: Answering,
        verifier: Verifier,
        *,
        redact: Callable[[str], str],
    ) -> None:
        """`redact` takes secrets out of a text before anything looks at it."""
        self._knowledge = knowledge
        self._answering = answering
        self._verifier = verifier
        self._redact = redact
        self._titles = OncePerGeneration(_title_words)

    def search(
        self, text: str, locale: str, *, tag: str = "", product: str = "", as_written: bool = False
    ) -> Searched:
        """Articles that fit, and an answer unless the search is narrowed; raises `NotReady` without an index.

        Nothing is taken for a typo in a text `as_written`.
        """
        text = self._redact(text)
        begun = self._by_title(text, locale, tag, product)
        if tag or product:
            searcher = self._knowledge.searcher
            question = searcher.question(text, locales=(locale,), as_written=as_written)
            filters = Filters(locales=(locale,), tags=(tag,) if tag else (), product=product)
            found = searcher.search(question, filters, 2 * MOST)
            published = self._verifier.published({hit.chunk.key for hit in found.hits})
            answer = None
        else:
            judged = self._answering.look_up(text, locale, as_written=as_written)
            found, published = judged.found, judged.published
            sure = judged.probability >= self._answering.threshold
            answer = judged.quoted if sure else None
        read = found.query.text if found.query.text != text else ""
        articles = _once([*self._now(begun), *_articles(found.hits, published)])
        return Searched(tuple(articles[:MOST]), answer, read)

    def narrowing(self, locale: str) -> Narrowing:
        """Tags and products of the public articles of a language."""
        own = [facts for facts in self._knowledge.searcher.generation.articles if _public(facts, locale)]
        tags = sorted({tag for facts in own for tag in facts.tags})
        return Narrowing(tuple(tags), tuple(sorted({facts.product for facts in own if facts.product})))

    def related(self, key: ArticleKey) -> tuple[tuple[ArticleKey, str], ...]:
        """Other public articles of the language whose titles are like an article's, with their titles."""
        generation = self._knowledge.searcher.generation
        known = {facts.key: ordinal for ordinal, facts in enumerate(generation.articles)}
        # Not even that there is such an article may be told by what is beside it.
        if key not in known or generation.articles[known[key]].audience != Audience.PUBLIC:
            return ()
        cosines = generation.title_vectors @ generation.title_vectors[known[key]]
        found: list[tuple[ArticleKey, str]] = []
        for ordinal in np.argsort(-cosines, kind="stable").tolist():
            facts = generation.articles[ordinal]
            if cosines[ordinal] < RELATED or len(found) == 2 * MOST_RELATED:
                break
            if facts.key != key and _public(facts, key.locale):
                found.append((facts.key, facts.title))
        published = self._verifier.published([one for one, _ in found])
        return tuple((one, title) for one, title in found if _shown(published.get(one)))[:MOST_RELATED]

    def _by_title(self, text: str, locale: str, tag: str, product: str) -> list[ArticleFacts]:
        """Articles whose titles have a word that begins with each word typed: people search while they type."""
        typed = _WORD.findall(fold(text))
        if not typed:
            return []
        return [
            facts
            for facts, words in self._titles.of(self._knowledge.searcher.generation).get(locale, ())
            if all(any(word.startswith(begin) for word in words) for begin in typed)
            and (not tag or tag in facts.tags)
            and (not product or product == facts.product)
        ][:MOST]

    def _now(self, articles: Sequence[ArticleFacts]) -> list[FoundArticle]:
        """Those that the database publishes now; the index may be a moment behind it."""
        published = self._verifier.published([facts.key for facts in articles])
        return [
            FoundArticle(facts.key, one.title, "", "", "")
            for facts in articles
            if _shown(one := published.get(facts.key)) and one is not None
        ]


def _title_words(generation: Generation) -> Mapping[str, Sequence[tuple[ArticleFacts, tuple[str, ...]]]]:
    """The words of the titles of articles for customers, by language."""
    by_locale: dict[str, list[tuple[ArticleFacts, tuple[str, ...]]]] = {}
    for facts in generation.articles:
        if _public(facts, facts.key.locale):
            words = tuple(_WORD.findall(fold(facts.title)))
            by_locale.setdefault(facts.key.locale, []).append((facts, words))
    return by_locale


def _articles(hits: Sequence[Hit], published: Mapping[ArticleKey, Published]) -> list[FoundArticle]:
    found: list[FoundArticle] = []
    if not any(hit.scores.coverage or _likeness(hit) >= STRANGE for hit in hits):
        return found
    for hit in hits:
        chunk, current = hit.chunk, published.get(hit.chunk.key)
        if current is None or not _shown(current) or current.revision != chunk.revision:
            continue
        words = " ".join(readable(chunk.spans).split())
        snippet = words if len(words) <= SNIPPET else f"{words[:SNIPPET].rsplit(' ', 1)[0]} …"
        heading = " › ".join(chunk.heading_path)
        likeness = _likeness(hit)
        if likeness >= UNLIKE or hit.scores.coverage:
            found.append(FoundArticle(chunk.key, current.title, heading, chunk.anchor, snippet, likeness))
    return found


def _likeness(hit: Hit) -> float:
    return max(hit.scores.dense, hit.scores.title)


def _once(articles: Sequence[FoundArticle]) -> list[FoundArticle]:
    """Each article once, where it came first, with a snippet wherever one of its rows has one."""
    best: dict[ArticleKey, FoundArticle] = {}
    for one in articles:
        known = best.get(one.key)
        if known is None or (not known.snippet and one.snippet):
            best[one.key] = one
    return list(best.values())


def _public(facts: ArticleFacts, locale: str) -> bool:
    return facts.audience == Audience.PUBLIC and facts.key.locale == locale


def _shown(current: Published | None) -> bool:
    return current is not None and current.audience is Audience.PUBLIC
