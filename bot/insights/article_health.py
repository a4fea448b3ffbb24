"""The flow that looks at every article: what became of it, and what is broken, old, double or doubtful."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Final, Protocol

from bot.knowledge.translations import coverage
from bot.ledger.facts import Fact
from bot.ports import ArticleRecord, Shelf
from bot.upkeep.lines import ArticleReport, Line, overdue, ranked
from bot.upkeep.links import broken
from bot.upkeep.pairs import Contradiction, NearCopy, Statement, contradictions, near_copies
from bot.upkeep.reading import ease
from bot.upkeep.usage import MOST_BEHIND, Usage, usage
from index.words import Analyzer
from kb.article import Article, ArticleKey, Audience, SpanKind
from kb.errors import ArticleRejected
from kb.markdown import parse

_SAID: Final = frozenset({SpanKind.SENTENCE, SpanKind.ITEM, SpanKind.STEP})
#: Between sentences.
_BETWEEN: Final = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_a-z])")

Progress = Callable[[str, int, int], None]


class Facts(Protocol):
    """What happened."""

    def facts(self, start: dt.datetime, end: dt.datetime) -> Sequence[Fact]:
        """What happened from `start` up to and without `end`."""


class Reports(Protocol):
    """Reports that were made."""

    def keep(self, report: ArticleReport) -> None:
        """Replaces the one before."""

    def last(self) -> ArticleReport | None:
        """The one made last."""


class ArticleHealth:
    """Looks at all published articles. Fetches nothing: links to other sites are left alone."""

    def __init__(
        self,
        shelf: Shelf,
        facts: Facts,
        reports: Reports,
        *,
        locales: Sequence[str],
        default_locale: str,
        now: Callable[[], dt.datetime],
    ) -> None:
        self._shelf = shelf
        self._facts = facts
        self._reports = reports
        self._locales = tuple(locales)
        self._default_locale = default_locale
        self._now = now
        self._analyzer = Analyzer()

    def last(self) -> ArticleReport | None:
        """What was found last."""
        return self._reports.last()

    def check(self, days: int, progress: Progress = lambda stage, done, total: None) -> ArticleReport:
        """Looks at every article, with what became of it in the last `days` days, and keeps the report."""
        now = self._now()
        records = [record for record in self._shelf.listing() if record.root]
        articles = self._parsed(records, progress)
        used = usage(self._facts.facts(now - dt.timedelta(days=days), now))
        copies, doubts = self._pairs(articles, progress)
        lines = self._lines(records, articles, used, copies, doubts, now)
        report = ArticleReport(now, days, ranked(lines), doubts, copies)
        self._reports.keep(report)
        return report

    def _parsed(self, records: Sequence[ArticleRecord], progress: Progress) -> dict[ArticleKey, Article]:
        found = {}
        for done, record in enumerate(records):
            progress("reading", done, len(records))
            source = self._shelf.source(record.key, record.revision)
            if source is None:
                continue
            try:
                found[record.key] = parse(
                    source, record.path, default_locale=self._default_locale, locales=frozenset(self._locales)
                )
            except ArticleRejected:
                continue  # read by an older version, and refused by this one: the next ingest says so
        return found

    def _pairs(
        self, articles: Mapping[ArticleKey, Article], progress: Progress
    ) -> tuple[tuple[NearCopy, ...], tuple[Contradiction, ...]]:
        of: dict[str, list[tuple[ArticleKey, Article]]] = defaultdict(list)
        for key, article in articles.items():
            of[key.locale].append((key, article))
        copies: list[NearCopy] = []
        doubts: list[Contradiction] = []
        for done, (locale, own) in enumerate(sorted(of.items())):
            progress("comparing", done, len(of))

            def terms(text: str, locale: str = locale) -> list[str]:
                return self._analyzer.terms(text, locale)

            copies += near_copies([(key, _text(article)) for key, article in own], terms)
            doubts += contradictions(
                [one for key, article in own for one in statements_of(key, article)], locale, terms
            )
        return tuple(copies), tuple(doubts)

    def _lines(
        self,
        records: Sequence[ArticleRecord],
        articles: Mapping[ArticleKey, Article],
        used: Mapping[str, Usage],
        copies: Sequence[NearCopy],
        doubts: Sequence[Contradiction],
        now: dt.datetime,
    ) -> list[Line]:
        covered = coverage(records, self._locales, self._default_locale)
        missing: dict[str, list[str]] = defaultdict(list)
        for one in covered:
            for id_, _ in one.missing:
                missing[id_].append(one.locale)
        behind = {late.key: late.why for one in covered for late in one.outdated}
        twins: dict[ArticleKey, list[ArticleKey]] = defaultdict(list)
        for copy in copies:
            twins[copy.first].append(copy.second)
            twins[copy.second].append(copy.first)
        doubted = [key for one in doubts for key in {one.first.key, one.second.key}]
        anchors = {
            key: frozenset(section.anchor for section in article.sections)
            for key, article in articles.items()
        }
        permalinks = frozenset(record.url.rstrip("/") for record in records if record.url)
        pictures = {
            root: frozenset(image.path for image in self._shelf.images(root))
            for root in {record.root for record in records}
        }
        lines = []
        for record in records:
            article = articles.get(record.key)
            if article is None:
                continue
            own = used.get(record.key.id, Usage())
            kinds = {one.name: getattr(own, one.name) for one in fields(Usage)}
            public = record.audience is Audience.PUBLIC
            lines.append(
                Line(
                    key=record.key,
                    title=record.title,
                    audience=record.audience.value,
                    owner=article.owner,
                    behind={kind: tuple(found[:MOST_BEHIND]) for kind, found in kinds.items()},
                    counts={kind: len(found) for kind, found in kinds.items()},
                    next_review=article.next_review,
                    last_reviewed=article.last_reviewed,
                    overdue=overdue(article.next_review, now.date()),
                    broken=broken(
                        article, record.path, anchors, permalinks, pictures[record.root], self._default_locale
                    ),
                    missing=tuple(missing[record.key.id])
                    if public and record.key.locale == self._default_locale
                    else (),
                    outdated=behind.get(record.key, ""),
                    ease=ease(
                        [span.text for section in article.sections for span in section.spans],
                        record.key.locale,
                    ),
                    copies=tuple(twins[record.key]),
                    contradictions=doubted.count(record.key),
                )
            )
        return lines


def _text(article: Article) -> str:
    return "\n".join(span.text for section in article.sections for span in section.spans)


def statements_of(key: ArticleKey, article: Article) -> list[Statement]:
    """What an article says, sentence by sentence; items and steps may have several."""
    return [
        Statement(key, article.title, section.heading_path[-1] if section.heading_path else "", sentence)
        for section in article.sections
        for span in section.spans
        if span.kind in _SAID
        for sentence in (_BETWEEN.split(span.text) if span.kind is not SpanKind.SENTENCE else (span.text,))
    ]
