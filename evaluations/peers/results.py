"""Rows in, one measurement out, kept as a JSON file; another format is refused."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from evaluations.errors import RunRefused
from evaluations.peers.catalogue import OWN, PEERS
from evaluations.peers.scoring import Row
from evaluations.significance import Difference, paired

#: Version of the file.
FORMAT = 3


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
    """How often everybody was asked the questions that are timed, in turn."""
    rows: tuple[Row, ...]
    margins: tuple[Margin, ...]
    timed_at: str
    """When times were taken, which a later run may do again: ISO 8601, UTC."""
    busy: bool = False
    """The machine did other things meanwhile, so that its times are no measure of anything."""


def margins_of(rows: Sequence[Row]) -> tuple[Margin, ...]:
    """The product against each other library on each set; empty where the product was not measured."""
    own = {row.set: row.each for row in rows if row.peer == OWN}
    return tuple(
        Margin(row.set, row.peer, paired(row.each, own[row.set]))
        for row in rows
        if row.peer != OWN and row.set in own
    )


def joined(before: Sequence[Row], now: Sequence[Row]) -> tuple[Row, ...]:
    """Rows of an earlier run and of this one, which counts where both have a set and a library; sets stay together.

    What was asked at other depths than before adds to the depths tried, and the best of all counts.
    """
    rows = {(row.set, row.peer): row for row in before}
    for row in now:
        rows[row.set, row.peer] = _deepened(rows.get((row.set, row.peer)), row)
    sets = list(dict.fromkeys(name for name, _ in rows))
    order = [peer.name for peer in PEERS]
    return tuple(
        sorted(rows.values(), key=lambda row: (sets.index(row.set), (*order, row.peer).index(row.peer)))
    )


def _deepened(before: Row | None, now: Row) -> Row:
    if before is None or before.depth is None or str(before.depth) in now.tried:
        return now
    better = now if now.figures["ndcg@10"] > before.figures["ndcg@10"] else before
    return replace(better, tried={**before.tried, **now.tried})


def timed_anew(before: Measurement, now: Measurement) -> Measurement:
    """`before` with the times of `now`; raises `RunRefused` unless both have the same sets and peers."""
    taken = {(row.set, row.peer): row for row in now.rows}
    known = {(row.set, row.peer) for row in before.rows}
    if taken.keys() != known:
        missing = ", ".join(f"{peer} on {name}" for name, peer in sorted(taken.keys() ^ known))
        raise RunRefused(f"Times must be of the same sets and libraries as the rankings; not so: {missing}.")
    rows = tuple(_with_times(row, taken[row.set, row.peer]) for row in before.rows)
    return replace(before, rows=rows, rounds=now.rounds, timed_at=now.timed_at, busy=now.busy)


def _with_times(row: Row, taken: Row) -> Row:
    return replace(
        row,
        query_ms_p50=taken.query_ms_p50,
        query_ms_p95=taken.query_ms_p95,
        start_s=taken.start_s,
        timed=taken.timed,
    )


def save(measurement: Measurement, path: Path) -> None:
    """Writes the file; raises `RunRefused` where that cannot be done."""
    whole = {"format": FORMAT, **asdict(measurement)}
    # A line for each row and margin: a value of each question would fill thousands.
    parts = [f"{json.dumps(name)}: {_lines(value)}" for name, value in whole.items()]
    try:
        path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")
    except OSError as exc:
        raise RunRefused(f"{path} cannot be written ({exc.strerror}).") from exc


def _lines(value: Any) -> str:
    if not isinstance(value, tuple):
        return json.dumps(value)
    return "[\n" + ",\n".join(f" {json.dumps(one)}" for one in value) + "\n]"


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
