"""`python -m evaluations.held_out DIR…`: do the ranking's weights transfer to a set they were not chosen on?"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bot.errors import BotError
from bot.model import load_encoder
from bot.settings import load
from evaluations.beir import read
from evaluations.commands.output import bar, positive
from evaluations.corpus_index import default_cache, open_index
from evaluations.errors import EvaluationError
from evaluations.held_out.choosing import HeldOut, held_out
from evaluations.held_out.plain import PLAIN
from evaluations.held_out.signals import Signals, signals_of
from evaluations.held_out.weighing import GRID, SHIPPED, Weights
from index.errors import SearchError


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table as Markdown; 0 done, 1 failed with a sentence."""
    parser = argparse.ArgumentParser(prog="python -m evaluations.held_out", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR", help="folders in the BEIR layout")
    parser.add_argument(
        "--most", type=positive, metavar="N", help="only N queries of each set, drawn the same every time"
    )
    parser.add_argument(
        "--cache", type=Path, default=default_cache(), help="where indexes and signals are kept"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures too")
    options = parser.parse_args(arguments)
    try:
        found = held_out(_gathered(options.folders, options.cache, options.most))
        if not found:
            raise EvaluationError("Name two sets or more, over different documents: one is left out in turn.")
    except (BotError, SearchError) as exc:
        sys.stderr.write(f"{exc}\n")
        return 1
    sys.stdout.write(table(found))
    if options.json:
        options.json.write_text(json.dumps([asdict(one) for one in found], indent=1) + "\n", encoding="utf-8")
    return 0


def _gathered(folders: Sequence[Path], cache: Path, most: int | None) -> list[Signals]:
    encoder = load_encoder(load(), tell=_tell)
    sets = []
    for folder in folders:
        dataset = read(folder)
        with bar(f"indexing {dataset.name}") as progress:
            index = open_index(dataset, encoder, cache, progress=progress)
        with bar(f"asking {dataset.name}") as progress:
            sets.append(signals_of(dataset, index, encoder, cache / "signals", most, progress))
    return sets


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def table(found: Sequence[HeldOut]) -> str:
    """A row a set, and the means."""
    lines = [
        f"Title, late interaction and words weigh {_shown(SHIPPED)} as shipped, beside 1 for the passage's cosine; "
        f"{len(GRID)} other weights to choose from. nDCG@10.",
        "",
        "| Left out | queries | chosen without it | reaches | shipped | shipped above (95%) | best on itself | "
        + " | ".join(PLAIN)
        + " |",
        "|---|---:|---|---:|---:|---:|---:|" + "---:|" * len(PLAIN),
    ]
    for one in found:
        above = f"{one.difference.value:+.3f} ({one.difference.low:+.3f} to {one.difference.high:+.3f})"
        figures = _figures([one.reached, one.shipped]), above, _figures([one.best, *one.plain.values()])
        lines.append(f"| {one.name} | {one.queries} | {_shown(one.chosen)} | " + " | ".join(figures) + " |")
    reached, shipped, best = (
        sum(values) / len(found)
        for values in zip(*((one.reached, one.shipped, one.best) for one in found), strict=True)
    )
    plain = [sum(one.plain[name] for one in found) / len(found) for name in PLAIN]
    means = _figures([reached, shipped]), f"{shipped - reached:+.3f}", _figures([best, *plain])
    lines.append("| mean of the sets | | | " + " | ".join(means) + " |")
    return "\n".join(lines) + "\n"


def _figures(values: Sequence[float]) -> str:
    return " | ".join(f"{value:.3f}" for value in values)


def _shown(weights: Weights) -> str:
    return f"{weights.title:g} {weights.late:g} {weights.lexical:g}"


if __name__ == "__main__":
    sys.exit(main())
