"""`python -m evaluations.peers`: measures the product and other libraries on the same sets, and writes the tables."""

import argparse
import platform
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from os import cpu_count
from pathlib import Path

from bot.errors import BotError
from evaluations.beir import read
from evaluations.errors import EvaluationError, RunRefused
from evaluations.peers.catalogue import DEPTHS, HERE, PEERS, Peer
from evaluations.peers.environments import default_cache
from evaluations.peers.results import Measurement, joined, load, margins_of, save, timed_anew
from evaluations.peers.running import Bench, indexed, measured, tasks_of
from evaluations.peers.scoring import Row
from evaluations.peers.table import render, tables
from evaluations.sampling import with_fewer_documents
from index.encoder import DEFAULT_MODEL, locate
from index.errors import SearchError


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs what the command line asks for; 0 done, 1 failed with a sentence."""
    options = _parser().parse_args(arguments)
    try:
        if options.render:
            render(load(options.render), HERE / "README.md")
        else:
            _measure(options)
    except (BotError, SearchError) as exc:
        sys.stderr.write(f"{exc}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluations.peers", description=__doc__)
    names = [peer.name for peer in PEERS]
    parser.add_argument(
        "--sets", nargs="+", type=Path, default=[], metavar="DIR", help="folders in the BEIR layout"
    )
    parser.add_argument(
        "--peers", nargs="+", choices=names, default=names, help="who is measured (default: all)"
    )
    parser.add_argument("--out", type=Path, metavar="FILE.json", help="write the measurement")
    parser.add_argument(
        "--add", action="store_true", help="keep what FILE.json of --out has of other sets and libraries"
    )
    parser.add_argument(
        "--rounds", type=_whole, default=1, metavar="N", help="ask everything N times, in turn"
    )
    parser.add_argument(
        "--depths",
        nargs="+",
        type=_whole,
        default=DEPTHS,
        metavar="N",
        help="chunks asked of each retriever of a library, one depth after another (default: "
        + " ".join(map(str, DEPTHS))
        + "); the one that ranks best on a set counts there",
    )
    parser.add_argument(
        "--questions", type=_whole, metavar="N", help="ask N questions of each set, drawn the same every time"
    )
    parser.add_argument(
        "--documents",
        type=_whole,
        metavar="N",
        help="of a larger set only N documents: all that are wanted, others drawn the same every time",
    )
    parser.add_argument(
        "--times",
        type=Path,
        metavar="FILE.json",
        help="take the times alone anew, at the depths of the file: its rankings and memory stay",
    )
    parser.add_argument(
        "--busy", action="store_true", help="the machine does other things: times are written, not judged"
    )
    parser.add_argument("--index-only", action="store_true", help="build the indexes and stop")
    parser.add_argument("--rebuild", action="store_true", help="build the indexes anew")
    parser.add_argument(
        "--cache", type=Path, default=default_cache(), help="where environments and indexes are kept"
    )
    parser.add_argument(
        "--render",
        type=Path,
        metavar="FILE.json",
        help="put a measurement's tables into the README, measure nothing",
    )
    return parser


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _whole(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _measure(options: argparse.Namespace) -> None:
    if not options.sets:
        raise EvaluationError(
            "Name the data sets: --sets DIR…, folders with corpus.jsonl, queries.jsonl and qrels."
        )
    before = load(options.times) if options.times else None
    # Read before anything is measured: a file that is refused costs no hours.
    kept = load(options.out) if options.add and options.out and options.out.exists() else None
    datasets = [with_fewer_documents(read(folder), options.documents) for folder in options.sets]
    bench = Bench(locate(DEFAULT_MODEL), options.cache, _tell)
    peers = [_at(peer, options.depths) for peer in PEERS if peer.name in options.peers]
    rows: list[Row] = []
    if before is None:
        for dataset in datasets:
            for peer in peers:
                indexed(peer, dataset, bench, rebuild=options.rebuild)
    if options.index_only:
        return
    for dataset in datasets:
        for task in tasks_of(dataset, options.questions):
            asked = _as_before(peers, task.name, before) if before else peers
            rows += measured(asked, task, bench, options.rounds)
            # Times are as good as the worst of them.
            busy = options.busy or (kept is not None and kept.busy)
            found = _measurement(joined(kept.rows if kept else (), rows), options.rounds, busy=busy)
            if options.out and before is None:
                # After each set, so that a run that is stopped leaves what it has.
                save(found, options.out)
    if before is not None:
        found = timed_anew(before, found)
        save(found, options.out or options.times)
    sys.stdout.write(tables(found))


def _at(peer: Peer, depths: Sequence[int]) -> Peer:
    return replace(peer, depths=tuple(dict.fromkeys(depths))) if peer.depths else peer


def _as_before(peers: Sequence[Peer], task: str, before: Measurement) -> list[Peer]:
    """Who has a ranking on this task, each at the depth that it was taken at, so that its times belong to it."""
    depths = {row.peer: row.depth for row in before.rows if row.set == task}
    if not depths:
        raise RunRefused(f"The file has no rankings of {task}, so there is nothing to take times of.")
    known = [(peer, depths[peer.name]) for peer in peers if peer.name in depths]
    return [replace(peer, depths=() if depth is None else (depth,)) for peer, depth in known]


def _measurement(rows: Sequence[Row], rounds: int, *, busy: bool) -> Measurement:
    system = f"{platform.system()}, Python {platform.python_version()}, {cpu_count()} cores, no GPU used"
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return Measurement(at, system, rounds, tuple(rows), margins_of(rows), at, busy)


if __name__ == "__main__":
    sys.exit(main())
