"""The sample question set and help centre that come with the product in; services to ask and a `Dataset` out."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import kb
from bot.composition import Services
from bot.settings import Settings
from evaluations.beir import Dataset, Entry, Query, corpus_hash
from evaluations.corpus_index import CorpusIndex, building_code, forget_oldest
from evaluations.corpus_service import apart
from evaluations.errors import DatasetInvalid
from evaluations.jsonlines import rows
from index.compiled import CompiledEncoder
from index.hit import Filters

NAME = "sample"
QUESTIONS = Path(__file__).parent / "datasets" / "sample"
ARTICLES = Path(kb.__file__).parent / "sample"
#: The languages that the sample is in; other settings of the user must not change its figures.
LOCALES = ("en", "es", "de", "fr")


@dataclass(frozen=True, slots=True)
class Answerable:
    """A message that the help centre answers."""

    id: str
    text: str
    locale: str
    article: str
    """Id of the article that answers."""
    quote: str
    """The shortest verbatim part of the article's file that answers."""
    also: tuple[str, ...]
    """Ids of other articles that answer as well."""


@dataclass(frozen=True, slots=True)
class Unanswerable:
    """A message that no public article answers."""

    id: str
    text: str
    locale: str
    kind: str


@dataclass(frozen=True, slots=True)
class ForPerson:
    """A message that a person must get."""

    id: str
    text: str
    locale: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sample:
    """All of the sample's messages."""

    answerable: tuple[Answerable, ...]
    unanswerable: tuple[Unanswerable, ...]
    person: tuple[ForPerson, ...]


def load(folder: Path = QUESTIONS, articles: Path = ARTICLES) -> Sample:
    """Reads the messages; raises `DatasetInvalid` naming file and line, also where a quote is gone from its article."""
    return Sample(
        tuple(_answerable(where, row, articles) for where, row in rows(folder / "answerable.jsonl")),
        tuple(_unanswerable(where, row) for where, row in rows(folder / "unanswerable.jsonl")),
        tuple(_for_person(where, row) for where, row in rows(folder / "person.jsonl")),
    )


def routine(folder: Path = QUESTIONS, articles: Path = ARTICLES) -> tuple[Answerable, ...]:
    """The plain everyday questions, which are kept apart from the hard ones; raises as `load` does."""
    return tuple(_answerable(where, row, articles) for where, row in rows(folder / "routine.jsonl"))


def stories(folder: Path = QUESTIONS, articles: Path = ARTICLES) -> Sample:
    """Messages of several sentences of which one asks, with and without an answer; raises as `load` does."""
    told = list(rows(folder / "stories.jsonl"))
    return Sample(
        tuple(_answerable(where, row, articles) for where, row in told if "article" in row),
        tuple(_unanswerable(where, row) for where, row in told if "article" not in row),
        (),
    )


def _answerable(where: str, row: Mapping[str, Any], articles: Path) -> Answerable:
    message, text, locale, article, quote = _texts(where, row, "id", "text", "locale", "article", "quote")
    one = Answerable(message, text, locale, article, quote, tuple(row.get("also", ())))
    path = articles / one.locale / f"{one.article}.md"
    if not path.is_file():
        raise DatasetInvalid(f"{where}: there is no article {one.locale}/{one.article}.md any more.")
    if one.quote not in path.read_text(encoding="utf-8"):
        raise DatasetInvalid(
            f"{where}: the quote is not in {one.locale}/{one.article}.md any more; find it again."
        )
    return one


def _unanswerable(where: str, row: Mapping[str, Any]) -> Unanswerable:
    message, text, locale, kind = _texts(where, row, "id", "text", "locale", "kind")
    return Unanswerable(message, text, locale, kind)


def _for_person(where: str, row: Mapping[str, Any]) -> ForPerson:
    message, text, locale, reason = _texts(where, row, "id", "text", "locale", "reason")
    return ForPerson(message, text, locale, reason)


def _texts(where: str, row: Mapping[str, Any], *names: str) -> list[str]:
    for name in names:
        if not isinstance(row.get(name), str) or not row[name]:
            raise DatasetInvalid(f"{where}: {name} must be a text that is not empty.")
    return [row[name] for name in names]


def open_services(
    cache: Path, encoder: CompiledEncoder, settings: Settings, articles: Path = ARTICLES
) -> Services:
    """Services over the sample help centre, ingested into a data folder in `cache`; the caller closes them."""
    folder = cache / "sample" / f"{encoder.identity}-{building_code()[:12]}"
    own = apart(settings, folder, "en").model_copy(update={"locales": LOCALES})
    services = Services(own, _encoder=encoder)
    services.ingestion.ingest([articles])
    forget_oldest(folder.parent, keep=folder)
    return services


def as_dataset(sample: Sample, services: Services) -> tuple[Dataset, CorpusIndex]:
    """The answerable messages as a retrieval set over the public articles.

    One article in two languages is one document: a message finds it only in its own language. The index is the one
    that the services keep up to date, so there is no time of building it.
    """
    generation = services.knowledge.searcher.generation
    articles = [facts for facts in generation.articles if facts.audience == "public"]
    # The last one stays: an English title, where there is one.
    titles = {facts.key.id: facts.title for facts in sorted(articles, key=lambda one: one.key.locale == "en")}
    entries = tuple(Entry(one, title, "") for one, title in titles.items())
    queries = tuple(
        Query(one.id, one.text, True, (one.quote,), {"locale": one.locale}) for one in sample.answerable
    )
    wanted = {one.id: dict.fromkeys((one.article, *one.also), 1) for one in sample.answerable}
    texts = [Entry(str(one.key), one.title, one.revision) for one in articles]
    dataset = Dataset(NAME, entries, queries, wanted, False, corpus_hash(texts), 0)
    return dataset, CorpusIndex(services.settings.data, generation, 0.0, False, ())


def filters_of(query: Query) -> Filters:
    """A message is looked up in its language, as in the chat."""
    return Filters(locales=(query.labels["locale"],))
