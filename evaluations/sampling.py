"""Queries or documents in, the same random few of them out every time."""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from evaluations.beir import Dataset, corpus_hash

_SEED = 7
Item = TypeVar("Item")


def drawn(items: Sequence[Item], most: int | None) -> tuple[Item, ...]:
    """At most `most` of the items, drawn without replacement and left in their order; all for None."""
    if most is None or most >= len(items):
        return tuple(items)
    # Chance for a sample, not for a secret.
    places = random.Random(_SEED).sample(range(len(items)), most)  # noqa: S311
    return tuple(items[place] for place in sorted(places))


def with_fewer_documents(dataset: Dataset, most: int | None) -> Dataset:
    """The set with at most `most` documents and a name that says so: all that are wanted, others drawn beside them.

    A smaller corpus is an easier one, so its figures are its own. Where more than `most` are wanted, those are all.
    """
    if most is None or most >= len(dataset.entries):
        return dataset
    wanted = {document for grades in dataset.wanted.values() for document in grades}
    others = [entry.id for entry in dataset.entries if entry.id not in wanted]
    kept = wanted | set(drawn(others, max(0, most - (len(dataset.entries) - len(others)))))
    entries = tuple(entry for entry in dataset.entries if entry.id in kept)
    name = f"{dataset.name}, {len(entries):,} of {len(dataset.entries):,} documents"
    return replace(dataset, name=name, entries=entries, corpus=corpus_hash(entries))
