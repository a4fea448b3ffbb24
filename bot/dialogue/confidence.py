"""Raw signals of a search in, the probability that the quoted answer is right out."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bot.dialogue import curve, forest
from bot.dialogue.budget import Kept
from bot.dialogue.curve import Curve
from bot.dialogue.forest import Forest
from bot.dialogue.signals import NAMES, Signals
from bot.errors import SettingsInvalid

#: Version of the model file.
FORMAT = 4
#: Versions that are read; a model of format 3 has no curves.
READ = (3, FORMAT)


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """A logistic model over `Signals`, straight or in curves, alone or halfway with trees, and what it is from."""

    names: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    threshold: float
    """Below this probability the question goes to a person."""
    clarify_threshold: float
    """Between this and `threshold` the bot asks back when it can name a choice."""
    figures: Mapping[str, Any]
    """Training set, its size, date and quality, as measured."""
    budget: float | None = None
    """The error budget that serves unless another one is set; None for `threshold` as it is."""
    kept: tuple[Kept, ...] = ()
    """Thresholds for error budgets, promised or estimated."""
    forest: Forest | None = None
    """Trees that a model of one help centre has too: the mean of their logit and the logistic model's counts."""
    curves: tuple[Curve, ...] = ()
    """Signals that do not add the same for each step; they have no weight beside it."""

    def probability(self, given: Signals) -> float:
        """Probability in 0..1 that the answer is right."""
        total = self.bias + sum(part.adds for part in self.parts(given))
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))

    def parts(self, given: Signals) -> tuple["Part", ...]:
        """What each signal adds to the logit of the probability, beside the bias."""
        half = 1.0 if self.forest is None else 0.5
        found = []
        for name, mean, scale, weight in zip(self.names, self.means, self.scales, self.weights, strict=True):
            value = float(getattr(given, name))
            found.append(Part(name, value, half * weight, half * weight * (value - mean) / scale))
        for one in self.curves:
            value = float(getattr(given, one.name))
            found.append(Part(one.name, value, half * one.slope(value), half * one(value)))
        if self.forest is not None:
            share = self.forest.probability([float(getattr(given, name)) for name in self.forest.names])
            # The bias is the logistic model's own, and only half of it counts too.
            found.append(Part(TREES, share, half, half * (forest.logit(share) - self.bias)))
        return tuple(found)


#: The part of all trees together.
TREES = "trees"


@dataclass(frozen=True, slots=True)
class Part:
    """What one signal does to a probability."""

    name: str
    value: float
    weight: float
    """Of the standardised signal; of a curve what one more of the signal would add there."""
    adds: float
    """To the logit of the probability."""


def load(path: Path) -> ConfidenceModel:
    """Reads a model file; raises `SettingsInvalid` where it is damaged or of another version."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["format"] not in READ:
            raise SettingsInvalid(
                f"{path} has format {raw['format']}, this version reads {' and '.join(map(str, READ))}. "
                "Run `tierzero calibrate --write` again, or remove the file to use the default."
            )
        names = tuple(map(str, raw["names"]))
        curves = tuple(curve.read(one) for one in (raw["curves"] if raw["format"] == FORMAT else ()))
        trees = (raw["forest"] or {"names": ()})["names"]
        unknown = {*names, *trees, *(one.name for one in curves)} - set(NAMES)
        if unknown:
            raise SettingsInvalid(f"{path} uses signals that this version does not have: {sorted(unknown)}.")
        means, scales, weights = (_numbers(raw[one], len(names)) for one in ("means", "scales", "weights"))
        if not all(scales):
            raise ValueError("a scale is 0")
        budget = raw["budget"]
        return ConfidenceModel(
            names=names,
            means=means,
            scales=scales,
            weights=weights,
            bias=_number(raw["bias"]),
            threshold=_number(raw["threshold"]),
            clarify_threshold=_number(raw["clarify_threshold"]),
            figures=dict(raw["figures"]),
            budget=None if budget is None else _number(budget),
            kept=tuple(_kept(one) for one in raw["kept"]),
            forest=_forest(raw["forest"]),
            curves=curves,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise SettingsInvalid(f"The confidence model {path} cannot be read: {exc}") from exc


def _forest(raw: Mapping[str, Any] | None) -> Forest | None:
    return None if raw is None else forest.read(raw)


def _kept(raw: Mapping[str, Any]) -> Kept:
    return Kept(
        wrong=_number(raw["wrong"]),
        certainty=_number(raw["certainty"]),
        threshold=_number(raw["threshold"]),
        labels=int(raw["labels"]),
        answered=int(raw["answered"]),
        mistakes=int(raw["mistakes"]),
        source=str(raw["source"]),
        date=str(raw["date"]),
    )


def _numbers(raw: Sequence[Any], count: int) -> tuple[float, ...]:
    if len(raw) != count:
        raise ValueError(f"{count} numbers are needed, one a signal, and there are {len(raw)}")
    return tuple(map(_number, raw))


def _number(raw: Any) -> float:
    """A finite number: a weight that is none would make every answer sure, or none."""
    number = float(raw)
    if not math.isfinite(number):
        raise ValueError(f"{raw} is no number")
    return number


def described(model: ConfidenceModel) -> dict[str, Any]:
    """The model as JSON."""
    plain = asdict(replace(model, forest=None))
    return {**plain, "forest": None if model.forest is None else forest.described(model.forest)}


def save(model: ConfidenceModel, path: Path) -> None:
    """Writes a model file that `load` reads."""
    path.write_text(_lines({"format": FORMAT, **described(model)}) + "\n", encoding="utf-8")


def _lines(raw: Mapping[str, Any]) -> str:
    """One line for each signal and figure, as a difference of two files is read, and none for each node of a tree."""
    trees = raw["forest"]
    text = json.dumps({**raw, "forest": None}, indent=1)
    return text if trees is None else text.replace('"forest": null', f'"forest": {json.dumps(trees)}')
