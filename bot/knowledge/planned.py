"""What sources hold in, what may be published of them out; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bot.ports import ArticleRecord, KnownFile
from index.generation import ArticleFacts
from kb.article import Article, ArticleKey
from kb.errors import SourceUnavailable
from kb.library import Known, Plan, Quarantined, Receipt


def facts_of(article: Article | ArticleRecord) -> ArticleFacts:
    """What an index keeps of an article."""
    return ArticleFacts(
        key=article.key,
        revision=article.revision,
        title=article.title,
        audience=article.audience.value,
        url=article.url,
        product=article.product,
        tags=tuple(article.tags),
    )


def refuse_emptied(plans: Sequence[tuple[str, Plan]]) -> None:
    """Raises where a source lost everything and nothing of it came in with another one."""
    found = {file.key for _, made in plans for file in made.files if file.key is not None}
    for root, made in plans:
        lost = set(made.receipt.removed) - found
        if lost and not made.files:
            raise SourceUnavailable(
                f"{root} has no articles any more, and {len(lost)} came from it, so nothing was changed. Is the "
                "folder mounted? To withdraw them all, say --allow-empty."
            )


def known_files(files: Iterable[Known]) -> tuple[KnownFile, ...]:
    """The files of a source as they are stored."""
    return tuple(KnownFile(file.path, file.digest, file.key, file.reason) for file in files)


def distinct(paths: Sequence[Path]) -> list[Path]:
    """Each folder once, in order."""
    return list({path.resolve(): path for path in paths}.values())


def quarantined(made: Plan, taken: Mapping[ArticleKey, str]) -> Plan:
    """The plan without articles that another source publishes."""
    reasons = {
        file.path: f"The article “{file.key.id}” in {file.key.locale} comes from {taken[file.key]} already; "
        "give one of the two another id."
        for file in made.files
        if file.key in taken and file.key is not None
    }
    receipt = made.receipt
    return Plan(
        files=tuple(
            replace(file, key=None, reason=reasons[file.path]) if file.path in reasons else file
            for file in made.files
        ),
        articles=tuple(article for article in made.articles if article.key not in taken),
        receipt=replace(
            receipt,
            added=tuple(key for key in receipt.added if key not in taken),
            changed=tuple(key for key in receipt.changed if key not in taken),
            quarantined=(*receipt.quarantined, *(Quarantined(path, why) for path, why in reasons.items())),
        ),
    )


def total(receipts: Sequence[Receipt]) -> Receipt:
    """One receipt for several sources."""
    return Receipt(
        added=tuple(key for receipt in receipts for key in receipt.added),
        changed=tuple(key for receipt in receipts for key in receipt.changed),
        removed=tuple(key for receipt in receipts for key in receipt.removed),
        unchanged=tuple(key for receipt in receipts for key in receipt.unchanged),
        quarantined=tuple(one for receipt in receipts for one in receipt.quarantined),
    )
