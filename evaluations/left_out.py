"""A data set and its index in, what of it no figure is made of out, in sentences."""

from collections.abc import Mapping, Sequence

from evaluations.beir import Dataset
from evaluations.corpus_index import CorpusIndex
from evaluations.corpus_language import LOCALE


def unknown_fields(named: Sequence[str], labels: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """Fields that figures were asked by and that no query has; `labels` are those of the queries."""
    there = sorted({name for one in labels for name in one})
    known = f" There are: {', '.join(there)}." if there else ""
    return tuple(f"No query has a short field {name!r}.{known}" for name in named if name not in there)


def left_out(dataset: Dataset, index: CorpusIndex) -> tuple[str, ...]:
    """What a reader of the figures must know was not measured; empty where all was."""
    unjudged = sum(query.answerable for query in dataset.queries) - len(dataset.judged())
    empty = len(index.left_out)
    sayings = [
        (unjudged, f"Queries without a judged document, left out: {unjudged}."),
        (empty, f"Documents with nothing to read, not indexed: {empty}."),
        (dataset.unknown, f"Judgements of a query or document that is not in the set: {dataset.unknown}."),
        (dataset.strayed, f"Conversations with the _id of no query, not used: {dataset.strayed}."),
    ]
    foreign = (f"Read as articles in {dataset.locale}.",) if dataset.locale != LOCALE else ()
    return (*foreign, *(text for count, text in sayings if count))
