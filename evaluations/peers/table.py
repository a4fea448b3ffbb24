"""A measurement in, its tables as Markdown out, and their place in a README filled."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from evaluations.errors import RunRefused
from evaluations.peers.catalogue import OWN, PEERS
from evaluations.peers.results import Measurement
from evaluations.peers.scoring import Row
from evaluations.peers.targets import targets

BEGIN, END = "<!-- tables: begin -->", "<!-- tables: end -->"
_TITLES = {peer.name: peer.title for peer in PEERS}
_VERDICTS = {True: "reached", False: "**missed**", None: "not judged: beside other jobs"}
_HEAD = (
    "| | depth | hit@1 | nDCG@10 | tierzero ahead by (95%) | chunks | index s "
    "| p50 ms | p95 ms | memory MB | indexing MB | start s |"
)


def tables(measurement: Measurement) -> str:
    """What was asked, then a table a set, then versions."""
    return "\n".join(_lines(measurement)) + "\n"


def render(measurement: Measurement, readme: Path) -> None:
    """Puts the tables between the two marks of a README; raises `RunRefused` where they are not there."""
    text = readme.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise RunRefused(f"{readme} must have the lines {BEGIN} and {END}; the tables go between them.")
    readme.write_text(f"{before}{BEGIN}\n\n{tables(measurement)}\n{END}{after}", encoding="utf-8")


def _lines(measurement: Measurement) -> Iterator[str]:
    yield f"Measured {measurement.at[:10]} on {measurement.machine}. {_timing(measurement)}"
    asked = targets(measurement)
    if asked:
        yield from ("", "| Asked | Found | |", "|---|---|---|")
        yield from (f"| {one.asked} | {one.found} | {_VERDICTS[one.reached]} |" for one in asked)
    for name in dict.fromkeys(row.set for row in measurement.rows):
        rows = [row for row in measurement.rows if row.set == name]
        yield from ("", f"**{name}**, {_questions(rows[0])}", "", _HEAD, "|---|" + "---:|" * 11)
        yield from (_line(row, measurement) for row in rows)
    yield from _depths(measurement.rows)
    yield from ("", "Versions: " + "; ".join(_versions(measurement.rows)) + ".")


def _depths(rows: Sequence[Row]) -> Iterator[str]:
    """nDCG@10 of each library at each depth; nothing where none had a choice."""
    chosen = [row for row in rows if len(row.tried) > 1]
    if not chosen:
        return
    depths = sorted({depth for row in chosen for depth in row.tried}, key=int)
    yield from ("", "**nDCG@10 by depth**; the best stands in the tables above", "")
    yield f"| | | {' | '.join(depths)} |"
    yield "|---|---|" + "---:|" * len(depths)
    for row in chosen:
        yield f"| {row.set} | {_TITLES.get(row.peer, row.peer)} | {' | '.join(_tried(row, depths))} |"


def _tried(row: Row, depths: Sequence[str]) -> Iterator[str]:
    for depth in depths:
        figure = f"{row.tried[depth]:.3f}" if depth in row.tried else ""
        yield f"**{figure}**" if depth == str(row.depth) else figure


def _questions(row: Row) -> str:
    return f"{row.questions} questions" + (f", {row.timed} timed" if row.timed < row.questions else "")


def _timing(measurement: Measurement) -> str:
    """How times were taken, in a sentence or two."""
    rounds = (
        "once" if measurement.rounds == 1 else f"{measurement.rounds} times in turn, its shortest time counts"
    )
    some = any(row.timed < row.questions for row in measurement.rows)
    whose = f"Times are of {measurement.timed_at[:10]}: " + (
        "a sample of each set's questions was" if some else "every question was"
    )
    busy = " The machine did other things meanwhile: **times are no measure**." if measurement.busy else ""
    return f"{whose} asked {rounds}.{busy}"


def _line(row: Row, measurement: Measurement) -> str:
    figures = [f"{row.figures['hit@1']:.3f}", f"{row.figures['ndcg@10']:.3f}", _margin(row, measurement)]
    sizes = [str(row.chunks), f"{row.index_s:.1f}", f"{row.query_ms_p50:.1f}", f"{row.query_ms_p95:.1f}"]
    rest = [f"{row.peak_mb:.0f}", f"{row.index_peak_mb:.0f}", f"{row.start_s:.1f}"]
    depth = "" if row.depth is None else str(row.depth)
    return "| " + " | ".join([_TITLES.get(row.peer, row.peer), depth, *figures, *sizes, *rest]) + " |"


def _margin(row: Row, measurement: Measurement) -> str:
    for one in measurement.margins:
        if (one.set, one.peer) == (row.set, row.peer):
            difference = one.difference
            return f"{difference.value:+.3f} ({difference.low:+.3f} to {difference.high:+.3f})"
    return "" if row.peer == OWN else "not measured"


def _versions(rows: Sequence[Row]) -> Iterator[str]:
    for name in dict.fromkeys(row.peer for row in rows):
        versions = next(row.versions for row in rows if row.peer == name)
        yield f"{_TITLES.get(name, name)}: " + ", ".join(f"{key} {value}" for key, value in versions.items())
