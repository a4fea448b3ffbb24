"""`python -m evaluations.gate`: the sample set's figures in, a failure out where one fell below its committed floor.

`--update` commits the figures as they are now to the file of floors; the difference is for the reviewer to read.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.model import load_encoder
from bot.settings import load
from evaluations import answers, retrieval, sample
from evaluations.corpus_index import default_cache
from evaluations.errors import DatasetInvalid
from evaluations.result import SetResult

FLOORS = Path(__file__).with_name("gate.json")
FORMAT = 1
#: How far below its figure a floor is: about one question of the smallest part, so that a rounding of the
#: processor's does not fail a build and a worse ranking does.
MARGIN = 0.0125


@dataclass(frozen=True, slots=True)
class Floor:
    """A figure that must not fall."""

    name: str
    """Such as `retrieval ndcg@10` or `person handed_off`."""
    figure: float
    """What was measured when the floor was committed."""
    floor: float
    """The least (or, for a rate of mistakes, the most) that passes."""
    at_most: bool
    """The figure counts mistakes, so it must not rise."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One floor and what was measured now."""

    floor: Floor
    now: float | None
    """None where the figure was not measured, which fails."""

    @property
    def passed(self) -> bool:
        """Whether the figure holds; a ten-thousandth is rounding."""
        if self.now is None:
            return False
        limit = self.floor.floor
        return self.now <= limit + 1e-4 if self.floor.at_most else self.now >= limit - 1e-4


def floors(path: Path = FLOORS) -> tuple[Floor, ...]:
    """The committed floors; raises `DatasetInvalid` where they cannot be read."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["format"] != FORMAT:
            raise DatasetInvalid(f"{path} has format {raw['format']}, this version reads {FORMAT}.")
        return tuple(
            Floor(
                name, float(one["figure"]), float(one.get("at_most", one.get("at_least"))), "at_most" in one
            )
            for name, one in raw["figures"].items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise DatasetInvalid(f"{path} cannot be read ({exc}).") from exc


def judge(wanted: Sequence[Floor], measured: Mapping[str, float]) -> tuple[Verdict, ...]:
    """Each floor with what was measured now."""
    return tuple(Verdict(floor, measured.get(floor.name)) for floor in wanted)


def flat(ranked: SetResult, answered: SetResult) -> dict[str, float]:
    """The figures that floors may name."""
    figures = {f"retrieval {name}": figure.value for name, figure in ranked.figures.items()}
    for part in answered.slices:
        if part.label == answers.EXPECTED:
            figures.update({f"{part.value} {name}": one.value for name, one in part.figures.items() if one.n})
    return figures


def measure() -> dict[str, float]:
    """Asks the sample set, with the settings as they are by default."""
    settings = load()
    encoder = load_encoder(settings)
    loaded = sample.load()
    services = sample.open_services(default_cache(), encoder, settings)
    try:
        dataset, index = sample.as_dataset(loaded, services)
        (ranked,) = retrieval.evaluate(dataset, index, encoder, filters_of=sample.filters_of)
        answered = answers.evaluate(
            sample.NAME, dataset.corpus, answers.of_sample(loaded), services.answering
        )
    finally:
        services.close()
    return flat(ranked, answered)


def updated(wanted: Sequence[Floor], measured: Mapping[str, float]) -> str:
    """The file of floors with the figures of now; raises `DatasetInvalid` where one was not measured."""
    figures: dict[str, dict[str, float]] = {}
    for floor in wanted:
        if floor.name not in measured:
            raise DatasetInvalid(f"{floor.name} was not measured. Take it out of {FLOORS.name}.")
        now = measured[floor.name]
        bound = {"at_most": now + MARGIN} if floor.at_most else {"at_least": now - MARGIN}
        figures[floor.name] = {name: round(value, 4) for name, value in {"figure": now, **bound}.items()}
    return json.dumps({"format": FORMAT, "figures": figures}, indent=2) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints each figure beside its floor; 1 where one does not hold."""
    parser = argparse.ArgumentParser(prog="python -m evaluations.gate", description=__doc__)
    parser.add_argument("--update", action="store_true", help="write the figures of now as the new floors")
    options = parser.parse_args(arguments)
    measured = measure()
    verdicts = judge(floors(), measured)
    if options.update:
        FLOORS.write_text(updated(floors(), measured), encoding="utf-8")
    for one in verdicts:
        now = "not measured" if one.now is None else f"{one.now:.3f}"
        bound = "at most" if one.floor.at_most else "at least"
        state = "holds" if one.passed else "FELL"
        sys.stdout.write(
            f"{state:5}  {one.floor.name:34} {now}   {bound} {one.floor.floor:.3f}, was {one.floor.figure:.3f}\n"
        )
    failed = sum(not one.passed for one in verdicts)
    if failed:
        sys.stdout.write(f"{failed} of {len(verdicts)} figures do not hold.\n")
    return 1 if failed and not options.update else 0


if __name__ == "__main__":
    sys.exit(main())
