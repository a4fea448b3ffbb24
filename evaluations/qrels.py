"""A file of judgements in, `Judged` lines out; problems raise `DatasetInvalid` with file and line.

The layout is that of BEIR: query-id, corpus-id and score with tabs between. A header line may be there or not, and a
score may be written as `1`, `1.0`, `0` or `-1`: tools that keep tables in columns of floats write whole numbers so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evaluations.errors import DatasetInvalid
from evaluations.jsonlines import lines


@dataclass(frozen=True, slots=True)
class Judged:
    """One judgement of one document for one query."""

    query: str
    document: str
    grade: int
    """How well it answers; 0 and below: it does not."""


def judgements(path: Path, absent: str) -> Iterator[Judged]:
    """The judgements of a file, in its order; `absent` is added where the file is not there."""
    first = True
    for number, line in lines(path, absent):
        fields = [field.strip() for field in line.split("\t")]
        where = f"{path}:{number}"
        if len(fields) != 3:
            raise DatasetInvalid(
                f"{where}: expected query-id, corpus-id and score with tabs between, found {len(fields)} fields."
            )
        header, first = first and not _is_number(fields[2]), False
        if not header:
            yield Judged(fields[0], fields[1], _grade(fields[2], where))


def _grade(score: str, where: str) -> int:
    if not _is_number(score) or not float(score).is_integer():
        raise DatasetInvalid(f"{where}: the score must be a whole number, not {score!r}.")
    return int(float(score))


def _is_number(score: str) -> bool:
    try:
        float(score)
    except ValueError:
        return False
    return True
