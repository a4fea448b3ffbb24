"""`make scale`: synthetic knowledge bases of given sizes in, time, recall, memory and disk of a search out.

Knowledge bases are made by `evaluations.synthetic`. Token vectors are cut to `--tokens` a chunk, to fit on a disk; a
real chunk has about 115.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bot.model import load_encoder
from bot.settings import load
from evaluations import sample
from evaluations.corpus_index import default_cache
from evaluations.scale_bases import Base, Bases
from evaluations.synthetic import MOST_REAL, TAG
from index.compiled import CompiledEncoder
from index.encoder import Floats
from index.generation import Generation
from index.hit import Filters
from index.searcher import Searcher

SIZES = (10_000, 50_000, 200_000, 1_000_000)
#: Questions that are timed, after as many again to warm up; and those whose recall is taken.
TIMED, RECALLED = 150, 100
HITS = 20


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured at one size."""

    rows: int
    open_s: float
    encoder_ms: float
    query_ms: float
    """Encoder call, both searches and reranking, for 20 hits."""
    filtered_ms: float
    recall: float
    """Of the ten nearest of an exact search."""
    filtered_recall: float
    """The same among the tenth of the articles with a tag."""
    opened_mb: float
    """Memory that opening took."""
    served_mb: float
    """Memory that opening and the questions took; pages of mapped files are in it."""


def main() -> int:
    """Builds, measures each size in a process of its own, prints a table."""
    parser = argparse.ArgumentParser(prog="python -m evaluations.scale", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=list(SIZES), help="chunks (default: 10k to 1M)"
    )
    parser.add_argument("--tokens", type=int, default=16, help="token vectors a chunk (default: 16)")
    parser.add_argument(
        "--index", type=Path, help="an index folder to draw chunks from (default: the sample's)"
    )
    parser.add_argument(
        "--questions", type=Path, help="a JSON lines file with `text` (default: the sample's)"
    )
    parser.add_argument(
        "--folder", type=Path, help="where bases are kept and found again (default: a temporary folder)"
    )
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    questions = options.questions or sample.QUESTIONS / "answerable.jsonl"
    if options.measure:
        figures = _measured(options.measure, questions)
        print(json.dumps({name: getattr(figures, name) for name in Figures.__slots__}))
        return 0
    encoder = load_encoder(load(), tell=lambda text: print(text, file=sys.stderr))
    pool = _pool(options.index, encoder)
    print(f"{min(len(pool.rows), MOST_REAL)} real chunks; {options.tokens} token vectors a synthetic chunk")
    with ExitStack() as stack:
        folder = options.folder or Path(stack.enter_context(TemporaryDirectory(prefix="tierzero-scale-")))
        bases = Bases(folder, encoder, pool, options.tokens)
        for size in options.sizes:
            base = bases.base(size)
            command = [sys.executable, "-m", "evaluations.scale", "--measure", f"{base.folder}/{base.name}"]
            done = subprocess.run(  # noqa: S603
                [*command, "--questions", str(questions)], stdout=subprocess.PIPE, text=True, check=True
            )
            _show(Figures(**json.loads(done.stdout)), base)
            if options.folder is None:
                shutil.rmtree(base.folder)
    return 0


def _pool(folder: Path | None, encoder: CompiledEncoder) -> Generation:
    """The generation that real chunks are drawn from."""
    if folder is not None:
        names = [path.name for path in (folder / "generations").iterdir() if path.name.isdigit()]
        return Generation(folder, max(names, key=int))
    services = sample.open_services(default_cache(), encoder, load())
    try:
        generation = services.knowledge.searcher.generation
    finally:
        services.close()
    return generation


def _measured(folder: Path, questions: Path) -> Figures:
    encoder = load_encoder(load())
    lines = questions.read_text(encoding="utf-8").splitlines()
    texts = [text for text in (str(json.loads(line)["text"]) for line in lines) if len(text) < 200][:TIMED]
    encoder.encode(texts[:5])
    before = _resident_mb()
    started = time.perf_counter()
    generation = Generation(folder.parent, folder.name)
    open_s = time.perf_counter() - started
    opened_mb = _resident_mb() - before
    searcher = Searcher(encoder, generation)
    locales, tagged = ("en",), Filters(locales=("en",), tags=(TAG,))
    times: dict[str, list[float]] = {"encoder": [], "query": [], "filtered": []}
    for timed in (False, True):
        for text in texts:
            taken = []
            for filters in (None, Filters(locales=locales), tagged):
                begun = time.perf_counter()
                if filters is None:
                    encoder.encode([text])
                else:
                    searcher.search(searcher.question(text, locales=locales), filters, HITS)
                taken.append(time.perf_counter() - begun)
            if timed:
                for name, seconds in zip(times, taken, strict=True):
                    times[name].append(seconds * 1e3)
    served_mb = _resident_mb() - before
    vectors = encoder.vectors(texts[:RECALLED])
    medians = {name: statistics.median(values) for name, values in times.items()}
    return Figures(
        rows=len(generation.rows),
        open_s=open_s,
        encoder_ms=medians["encoder"],
        query_ms=medians["query"],
        filtered_ms=medians["filtered"],
        recall=_recall(generation, vectors, Filters(locales=locales)),
        filtered_recall=_recall(generation, vectors, tagged),
        opened_mb=opened_mb,
        served_mb=served_mb,
    )


def _recall(generation: Generation, questions: Floats, filters: Filters) -> float:
    """Share of the ten exactly nearest that the vector search has among its first ten."""
    mask, chosen = generation.selection(filters)
    best = [np.empty((len(questions), 0), dtype=np.float32)]
    (segment,) = generation.segments.values()
    for start in range(0, len(mask), 50_000):
        part = questions @ segment.vectors[start : start + 50_000].T
        part[:, ~mask[start : start + 50_000]] = -2.0
        best.append(-np.partition(-part, 9, axis=1)[:, :10])
    tenth = np.sort(np.concatenate(best, axis=1), axis=1)[:, -10]
    found = [generation.vectors.search(question, 30, chosen)[1][:10] for question in questions]
    # By cosine and not by position: of equals any will do.
    return float(np.mean([np.mean(own >= least - 1e-5) for own, least in zip(found, tenth, strict=True)]))


def _show(figures: Figures, base: Base) -> None:
    rows = figures.rows
    print(
        f"{rows:>9,} chunks: open {figures.open_s:.2f} s; encoder {figures.encoder_ms:.2f} ms, "
        f"query {figures.query_ms / figures.encoder_ms:.2f} x, "
        f"filtered to a tenth {figures.filtered_ms / figures.encoder_ms:.2f} x; "
        f"recall@10 {figures.recall:.4f}, filtered {figures.filtered_recall:.4f}; "
        f"memory {figures.opened_mb * 1e6 / rows:.0f} bytes a chunk opened, "
        f"{figures.served_mb * 1e6 / rows:.0f} after the questions; built in {base.seconds:.0f} s"
    )
    sizes: dict[str, int] = {}
    for path in base.folder.rglob("*"):
        if path.is_file():
            part = "words" if path.parent.name == "lexical" else path.stem
            sizes[part] = sizes.get(part, 0) + path.stat().st_size
    largest = sorted(sizes.items(), key=lambda item: -item[1])[:9]
    shown = ", ".join(f"{name} {size / rows:.0f}" for name, size in largest)
    print(f"          disk, bytes a chunk: {sum(sizes.values()) / rows:.0f}, of it {shown}", flush=True)


def _resident_mb() -> float:
    with Path(f"/proc/{os.getpid()}/statm").open(encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    sys.exit(main())
