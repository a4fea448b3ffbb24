"""A JSON Lines file of labelled messages in, checked `Message`s out."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluations.errors import DatasetInvalid
from evaluations.jsonlines import rows

_ABSENT = 'Name a file with one object a line, such as {"text": "…", "label": "…"}.'


@dataclass(frozen=True, slots=True)
class Message:
    """A message with what should be said of it."""

    where: str
    """File and line."""
    text: str
    label: str
    language: str
    """What the row names as `language` or `locale`, such as `en`; empty where it names none."""
    kind: str
    """What the row names as `kind`, to group figures by; may be empty."""


def read(
    path: Path,
    labels: Collection[str] = (),
    relabel: Callable[[Mapping[str, Any]], str | None] = lambda row: None,
) -> tuple[Message, ...]:
    """Reads a file; raises `DatasetInvalid` naming file and line. Empty `labels` allow any.

    Where `labels` are given, capitals and blanks around a label do not count. `relabel` gives the label of a row that
    says it otherwise, empty for a row to leave out, None for one with a `label`.
    """
    found = []
    for where, row in rows(path, _ABSENT):
        told = relabel(row)
        if told == "":
            continue
        label = told or _needed(row, "label", where)
        if labels and label not in labels:
            label = label.strip().lower()
        if labels and label not in labels:
            raise DatasetInvalid(f"{where}: the label {label!r} is none of {', '.join(labels)}.")
        language = _optional(row, "language", where) or _optional(row, "locale", where)
        found.append(
            Message(where, _needed(row, "text", where), label, language, _optional(row, "kind", where))
        )
    if not found:
        raise DatasetInvalid(f"{path} has no messages. {_ABSENT}")
    return tuple(found)


def _needed(row: dict[str, Any], name: str, where: str) -> str:
    value = _optional(row, name, where)
    if not value.strip():
        raise DatasetInvalid(f"{where}: {name} must be a text that is not empty.")
    return value


def _optional(row: dict[str, Any], name: str, where: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise DatasetInvalid(f"{where}: {name} must be a text, not {type(value).__name__}.")
    return value
