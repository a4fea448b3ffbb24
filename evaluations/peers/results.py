"""Rows in, one measurement out, kept as a JSON file; another format is refused."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evaluations.errors import RunRefused
from evaluations.peers.catalogue import OWN
from evaluations.peers.scoring import Row
from evaluations.significance import Difference, paired

#: Version of the file.
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Margin:
    """How far the product's nDCG@10 is above a peer's on one set, question by question."""

    set: str
    peer: str
    difference: Difference


@dataclass(frozen=True, slots=True)
class Measurement:
    """All of the measured on all sets, with when and where."""

    at: str
    """ISO 8601, UTC."""
    machine: str
    rounds: int
    """How often everybody was asked all questions, in turn."""
    rows: tuple[Row, ...]
    margins: tuple[Margin, ...]


def margins_of(rows: Sequence[Row]) -> tuple[Margin, ...]:
    """The product against each other library on each set; empty where the product was not measured."""
    own = {row.set: row.each for row in rows if row.peer == OWN}
    return tuple(
        Margin(row.set, row.peer, paired(row.each, own[row.set]))
        for row in rows
        if row.peer != OWN and row.set in own
    )


def save(measurement: Measurement, path: Path) -> None:
    """Writes the file; raises `RunRefused` where that cannot be done."""
    row = {"format": FORMAT, **asdict(measurement)}
    try:
        path.write_text(json.dumps(row, indent=1) + "\n", encoding="utf-8")
    except OSError as exc:
        raise RunRefused(f"{path} cannot be written ({exc.strerror}).") from exc


def load(path: Path) -> Measurement:
    """Reads the file; raises `RunRefused` for another format or a damaged file."""
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        found = raw.pop("format", None)
        if found != FORMAT:
            raise RunRefused(f"{path} has format {found}, this version reads {FORMAT}. Measure again.")
        rows = tuple(Row(**{**one, "each": tuple(one["each"])}) for one in raw["rows"])
        return Measurement(**{**raw, "rows": rows, "margins": tuple(map(_margin, raw["margins"]))})
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as exc:
        raise RunRefused(
            f"{path} is not a measurement of peers, or is damaged ({exc}). Measure again."
        ) from exc


def _margin(raw: Mapping[str, Any]) -> Margin:
    return Margin(raw["set"], raw["peer"], Difference(**raw["difference"]))
