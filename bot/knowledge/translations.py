"""What is published in, what is not translated, or older than what it translates, out."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.ports import ArticleRecord
from kb.article import ArticleKey, Audience


@dataclass(frozen=True, slots=True)
class Outdated:
    """A translation that is older than the article it translates."""

    key: ArticleKey
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far the articles of one locale go."""

    locale: str
    articles: int
    """Articles for customers in the default locale."""
    translated: int
    """Those of them that this locale has too, outdated ones included."""
    missing: tuple[tuple[str, str], ...]
    """(id, title in the default locale) of those it has not."""
    outdated: tuple[Outdated, ...]
    alone: tuple[str, ...]
    """Ids that this locale has and the default one has not: nobody else can be answered from them."""


def coverage(records: Sequence[ArticleRecord], locales: Sequence[str], default: str) -> tuple[Coverage, ...]:
    """The state of each locale but the default one, in the order of `locales`; articles for agents do not count."""
    public = [record for record in records if record.audience is Audience.PUBLIC]
    sources = {record.key.id: record for record in public if record.key.locale == default}
    found = []
    for locale in locales:
        if locale == default:
            continue
        own = {record.key.id: record for record in public if record.key.locale == locale}
        both = [(sources[name], own[name]) for name in sorted(sources.keys() & own.keys())]
        found.append(
            Coverage(
                locale=locale,
                articles=len(sources),
                translated=len(both),
                missing=tuple((name, sources[name].title) for name in sorted(sources.keys() - own.keys())),
                outdated=tuple(
                    Outdated(one.key, one.title, why) for source, one in both if (why := _older(one, source))
                ),
                alone=tuple(sorted(own.keys() - sources.keys())),
            )
        )
    return tuple(found)


def _older(translation: ArticleRecord, source: ArticleRecord) -> str:
    """Why a translation is behind, or empty.

    What was published later tells most; review dates are asked where both came at once, as in a first ingest.
    """
    if source.first_published_at > translation.first_published_at:
        return f"its source changed on {source.first_published_at:%Y-%m-%d}"
    at_once = source.first_published_at == translation.first_published_at
    reviewed, own = source.last_reviewed, translation.last_reviewed
    if at_once and reviewed is not None and own is not None and reviewed > own:
        return f"its source was reviewed on {reviewed}, and it on {own}"
    return ""
