"""A corpus index in, the product's whole answering flow over it out, in a data folder of its own."""

from pathlib import Path

from bot.composition import Services, utc_now
from bot.ports import Generation, Release
from bot.settings import Settings
from evaluations.beir import Dataset
from evaluations.corpus_index import CorpusIndex, article_of
from index.compiled import CompiledEncoder
from kb.chunking import chunk


def apart(settings: Settings, folder: Path, default_locale: str = "") -> Settings:
    """The same settings on another data folder with a database of its own: an evaluation writes to no other."""
    changed: dict[str, object] = {"data": folder, "database_url": ""}
    if default_locale:
        changed["default_locale"] = default_locale
    return settings.model_copy(update=changed)


def services_over(
    dataset: Dataset, index: CorpusIndex, encoder: CompiledEncoder, settings: Settings
) -> Services:
    """Services whose knowledge base is the corpus; the caller closes them."""
    services = Services(apart(settings, index.folder, dataset.locale), _encoder=encoder)
    manifest = index.generation.manifest
    wanted = Generation(manifest.name, manifest.corpus)
    if services.shelf.generation() != wanted:
        read = (article_of(entry, dataset.locale) for entry in dataset.entries)
        articles = tuple(article for article in read if article is not None)
        chunks = tuple(piece for article in articles for piece in chunk(article, encoder.measure))
        services.shelf.publish([Release("corpus", (), articles, chunks, ())], wanted, utc_now())
    return services
