"""What a peer wrote in, a checked run out: nothing that a peer's process wrote is believed unread."""

import json
import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from evaluations.errors import RunRefused
from evaluations.peers.harness import FORMAT


@dataclass(frozen=True, slots=True)
class IndexRun:
    """One index, built."""

    versions: Mapping[str, str]
    chunks: int
    seconds: float
    """From documents to an index on disk, the library and the model loaded before."""
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for one question."""

    documents: tuple[str, ...]
    """The document of each chunk, best chunk first; a document may come several times."""
    milliseconds: float


@dataclass(frozen=True, slots=True)
class SearchRun:
    """All questions of a set, asked one after another."""

    versions: Mapping[str, str]
    start_s: float
    """From the start of the process to its first answer."""
    peak_mb: float
    answers: Mapping[str, Answer]
    """By question."""


def read_index_run(text: str, who: str) -> IndexRun:
    """Reads the run file of an index job; raises `RunRefused` naming `who` wrote it and what is wrong."""
    row = _row(text, who, "index")
    chunks = row.get("chunks")
    if isinstance(chunks, bool) or not isinstance(chunks, int) or chunks < 1:
        raise RunRefused(f"Run of {who}: chunks must be a whole number above 0, not {chunks!r}.")
    return IndexRun(
        _versions(who, row), chunks, _positive(who, row, "index_s"), _positive(who, row, "peak_mb")
    )


def read_search_run(text: str, who: str, questions: Sequence[str], documents: Set[str]) -> SearchRun:
    """Reads the run file of a search job; raises `RunRefused` unless it answers each question once, with documents
    of the set only.
    """
    row = _row(text, who, "search")
    given = row.get("answers")
    if not isinstance(given, list):
        raise RunRefused(f"Run of {who}: answers must be a list.")
    answers: dict[str, Answer] = {}
    for one in given:
        question, answer = _answer(who, one, documents)
        if question in answers:
            raise RunRefused(f"Run of {who}: the question {question!r} is answered twice.")
        answers[question] = answer
    for question in answers.keys() ^ set(questions):
        problem = "was not asked" if question in answers else "has no answer"
        raise RunRefused(f"Run of {who}: the question {question!r} {problem}.")
    start, peak = _positive(who, row, "start_s"), _positive(who, row, "peak_mb")
    return SearchRun(_versions(who, row), start, peak, answers)


def _answer(who: str, one: Any, documents: Set[str]) -> tuple[str, Answer]:
    if not isinstance(one, dict) or not isinstance(one.get("question"), str):
        raise RunRefused(f"Run of {who}: an answer must be an object that names its question.")
    question, found = one["question"], one.get("documents")
    if not isinstance(found, list):
        raise RunRefused(f"Run of {who}: the documents found for {question!r} must be a list.")
    for document in found:
        if not isinstance(document, str) or document not in documents:
            raise RunRefused(
                f"Run of {who}: {document!r}, found for {question!r}, is not a document of the set."
            )
    return question, Answer(tuple(found), _positive(who, one, "ms"))


def _row(text: str, who: str, phase: str) -> dict[str, Any]:
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise RunRefused(f"What {who} wrote is not JSON ({exc}).") from exc
    if not isinstance(row, dict) or (row.get("format"), row.get("phase")) != (FORMAT, phase):
        raise RunRefused(f"What {who} wrote is not a run file of format {FORMAT} and phase {phase}.")
    return row


def _positive(who: str, row: Mapping[str, Any], name: str) -> float:
    value = row.get(name)
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not math.isfinite(value)
        or value <= 0
    ):
        raise RunRefused(f"Run of {who}: {name} must be a number above 0, not {value!r}.")
    return float(value)


def _versions(who: str, row: Mapping[str, Any]) -> dict[str, str]:
    given = row.get("versions")
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise RunRefused(f"Run of {who}: versions must name distributions and their versions.")
    return given
