"""A data set and its index in, what of it no figure is made of out, in sentences."""

from evaluations.beir import Dataset
from evaluations.corpus_index import CorpusIndex


def left_out(dataset: Dataset, index: CorpusIndex) -> tuple[str, ...]:
    """What a reader of the figures must know was not measured; empty where all was."""
    unjudged = sum(query.answerable for query in dataset.queries) - len(dataset.judged())
    empty = len(index.left_out)
    sayings = [
        (unjudged, f"{unjudged} queries without a judged document were left out."),
        (empty, f"{empty} documents have nothing to read and were not indexed."),
        (dataset.unknown, f"{dataset.unknown} judgements name a query or document that is not in the set."),
    ]
    return tuple(text for count, text in sayings if count)
