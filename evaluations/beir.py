"""A folder in the BEIR layout in, a checked `Dataset` out.

The layout is that of Thakur et al. 2021, "BEIR": `corpus.jsonl` with `_id`, `title`, `text`; `queries.jsonl` with
`_id`, `text`; `qrels/test.tsv` with query-id, corpus-id and score. `id` is taken for `_id`. Here a query may also have
`answerable`, `answer` or `answers`, and a folder may have `conversations.jsonl` with the turns that lead to a query.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evaluations.corpus_language import LOCALE, language_of
from evaluations.errors import DatasetInvalid
from evaluations.jsonlines import rows
from evaluations.qrels import judgements

CORPUS, QUERIES, JUDGEMENTS, CONVERSATIONS = (
    "corpus.jsonl",
    "queries.jsonl",
    "qrels/test.tsv",
    "conversations.jsonl",
)
_ABSENT = f"A data set has {CORPUS}, {QUERIES} and {JUDGEMENTS}."
#: Longer values of a query's other fields are texts and not something to group by.
_MOST_LABEL = 60
#: What logs of chats call the customer.
_CUSTOMER_ROLES = frozenset({"user", "customer", "human"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of a corpus."""

    id: str
    title: str
    """May be empty."""
    text: str
    """Plain text or Markdown; may be empty."""


@dataclass(frozen=True, slots=True)
class Query:
    """One question of a data set."""

    id: str
    text: str
    answerable: bool
    answers: tuple[str, ...]
    """Strings that answer it, any of them; empty where the set has none."""
    labels: Mapping[str, str]
    """Short values of other fields, to group figures by."""
    earlier: tuple[str, ...] = ()
    """What the customer said before, newest first."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data set whose files fit together."""

    name: str
    entries: tuple[Entry, ...]
    queries: tuple[Query, ...]
    wanted: Mapping[str, Mapping[str, int]]
    """Grades above 0 of the documents that answer a query, by query id and document id."""
    has_turns: bool
    corpus: str
    """SHA-256 over ids, titles and texts, whatever their order; first 24 hex digits."""
    unknown: int
    """Judgements whose query or document is not in the set."""
    strayed: int = 0
    """Conversations that belong to no query of the set."""
    locale: str = LOCALE
    """The language that its documents are articles in."""

    def judged(self) -> tuple[Query, ...]:
        """The queries that ranking figures are made of: answerable, with at least one wanted document."""
        return tuple(query for query in self.queries if query.answerable and self.wanted.get(query.id))


def read(folder: Path) -> Dataset:
    """Reads a data set; raises `DatasetInvalid` naming file and line."""
    if not folder.is_dir():
        raise DatasetInvalid(
            f"{folder} is not a folder. Name a folder with {CORPUS}, {QUERIES} and {JUDGEMENTS}."
        )
    entries = _entries(folder / CORPUS)
    queries = _queries(folder / QUERIES)
    wanted, unknown = _judgements(folder / JUDGEMENTS, queries, entries.keys())
    spoken = _conversations(folder / CONVERSATIONS, queries)
    asked = tuple(replace(query, earlier=spoken.get(query.id, ())) for query in queries.values())
    return Dataset(
        name=folder.resolve().name,
        entries=tuple(entries.values()),
        queries=asked,
        wanted=wanted,
        has_turns=any(query.earlier for query in asked),
        corpus=corpus_hash(entries.values()),
        unknown=unknown,
        strayed=len(spoken.keys() - queries.keys()),
        locale=language_of([f"{entry.title}\n{entry.text}" for entry in entries.values()]),
    )


def read_all(folders: Sequence[Path]) -> tuple[Dataset, ...]:
    """Reads all sets before any is measured, so that what is wrong with the last one is not told after an hour.

    A folder that is named twice is read once; sets whose folders have the same name carry that of the folder above
    it too, since figures are kept by the name. Raises `DatasetInvalid` as `read` does.
    """
    paths = list(dict.fromkeys(folder.resolve() for folder in folders))
    names = Counter(path.name for path in paths)
    sets = [read(path) for path in paths]
    return tuple(
        replace(one, name=f"{path.parent.name}/{path.name}") if names[path.name] > 1 else one
        for path, one in zip(paths, sets, strict=True)
    )


def corpus_hash(entries: Any) -> str:
    """Names a corpus by its content, whatever the order of its entries."""
    digest = hashlib.sha256()
    for entry in sorted(entries, key=lambda entry: entry.id):
        digest.update(json.dumps([entry.id, entry.title, entry.text]).encode())
    return digest.hexdigest()[:24]


def _entries(path: Path) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for where, row in rows(path, _ABSENT):
        entry = Entry(_id(row, where), _text(row, "title", where), _text(row, "text", where))
        if entry.id in found:
            raise DatasetInvalid(f"{where}: the _id {entry.id!r} was used on an earlier line.")
        found[entry.id] = entry
    if not found:
        raise DatasetInvalid(f"{path} has no documents.")
    return found


def _queries(path: Path) -> dict[str, Query]:
    found: dict[str, Query] = {}
    for where, row in rows(path, _ABSENT):
        query_id, text = _id(row, where), _text(row, "text", where)
        if not text.strip():
            raise DatasetInvalid(f"{where}: the query has no text.")
        if query_id in found:
            raise DatasetInvalid(f"{where}: the _id {query_id!r} was used on an earlier line.")
        answerable = True if row.get("answerable") is None else row["answerable"]
        if not isinstance(answerable, bool):
            raise DatasetInvalid(f"{where}: answerable must be true or false, not {answerable!r}.")
        found[query_id] = Query(query_id, text, answerable, _answers(row, where), _labels(row))
    if not found:
        raise DatasetInvalid(f"{path} has no queries.")
    return found


def _answers(row: Mapping[str, Any], where: str) -> tuple[str, ...]:
    given = row.get("answers") or row.get("answer") or []
    given = given if isinstance(given, list) else [given]
    if not all(isinstance(answer, str | int | float) and not isinstance(answer, bool) for answer in given):
        raise DatasetInvalid(f"{where}: answers must be a text or a list of texts.")
    texts = [str(answer).strip() for answer in given]
    return tuple(dict.fromkeys(text for text in texts if text))


def _labels(row: Mapping[str, Any]) -> dict[str, str]:
    """Short values by name; those of BEIR's `metadata` as `metadata.NAME`."""
    labels = {}
    below = row.get("metadata")
    inner = {f"metadata.{name}": value for name, value in below.items()} if isinstance(below, dict) else {}
    for name, value in {**row, **inner}.items():
        if name in ("_id", "id", "text", "answer", "answers", "answerable"):
            continue
        if isinstance(value, bool):
            labels[name] = "true" if value else "false"
        elif isinstance(value, str | int) and len(str(value)) <= _MOST_LABEL:
            labels[name] = str(value)
    return labels


def _judgements(
    path: Path, queries: Mapping[str, Query], documents: Any
) -> tuple[dict[str, dict[str, int]], int]:
    wanted: dict[str, dict[str, int]] = {}
    unknown = 0
    for one in judgements(path, _ABSENT):
        unknown += one.query not in queries or one.document not in documents
        if one.grade > 0 and one.query in queries:
            # A wanted document that is not there counts as not found, as trec_eval counts it.
            wanted.setdefault(one.query, {})[one.document] = one.grade
    # A set of nothing but questions without an answer has nothing to judge.
    if any(query.answerable for query in queries.values()) and not any(
        document in documents for grades in wanted.values() for document in grades
    ):
        raise DatasetInvalid(f"{path} judges no document of {CORPUS} for any query of {QUERIES}.")
    return wanted, unknown


def _conversations(path: Path, queries: Mapping[str, Query]) -> dict[str, tuple[str, ...]]:
    """By query id what the customer said before it, newest first.

    A turn has `role` and `text`; `speaker` and `content`, as other logs of chats call them, are read too.
    """
    if not path.exists():
        return {}
    spoken: dict[str, tuple[str, ...]] = {}
    for where, row in rows(path, _ABSENT):
        query_id, turns = _id(row, where), row.get("turns", row.get("messages"))
        if not isinstance(turns, list):
            raise DatasetInvalid(f"{where}: turns must be a list of objects with role and text.")
        said = []
        for turn in turns:
            text = turn.get("text", turn.get("content")) if isinstance(turn, dict) else None
            if not isinstance(text, str):
                raise DatasetInvalid(f"{where}: a turn must be an object with role and text.")
            if str(turn.get("role", turn.get("speaker"))).lower() in _CUSTOMER_ROLES:
                said.append(text)
        if query_id in queries and said and said[-1].strip() == queries[query_id].text.strip():
            said.pop()  # the query itself
        spoken[query_id] = tuple(text for text in reversed(said) if text.strip())
    return spoken


def _id(row: Mapping[str, Any], where: str) -> str:
    value = row.get("_id", row.get("id"))
    if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
        raise DatasetInvalid(f"{where}: the _id must be a text that is not empty.")
    return str(value)


def _text(row: Mapping[str, Any], name: str, where: str) -> str:
    value = row.get(name, "")
    if value is None:
        return ""
    if not isinstance(value, str):
        raise DatasetInvalid(f"{where}: {name} must be a text, not {type(value).__name__}.")
    return value
