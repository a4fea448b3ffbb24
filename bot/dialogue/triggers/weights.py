"""`meaning.npz` in, the fitted weights that tell reasons by meaning out; and the way back."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from bot.dialogue.reply import Reason
from bot.dialogue.triggers.features import CONCEPT_BUCKETS, LETTER_BUCKETS
from bot.dialogue.triggers.rules import TRIGGERED
from bot.errors import SettingsInvalid

Floats = npt.NDArray[np.float32]

FILE = Path(__file__).with_name("meaning.npz")
#: Version of the file and of what is counted in a message; another one is refused.
FORMAT: Final = 4
#: The label of a message that brings in nobody.
NONE: Final = "none"
#: Kept in one byte a weight with a scale a label.
_SMALL = ("letters", "concepts")
#: Kept in two bytes a weight.
_EXACT = ("vector", "signals", "look", "look_bias", "looked", "bias")


@dataclass(frozen=True, slots=True)
class Weights:
    """A fitted model."""

    model: str
    """The encoder's weights that its vectors must come from: the beginning of `Encoder.identity`."""
    labels: tuple[str, ...]
    vector: Floats
    """Shape (dimension, labels)."""
    letters: Floats
    """Shape (`LETTER_BUCKETS`, labels)."""
    concepts: Floats
    """Shape (`CONCEPT_BUCKETS`, labels)."""
    signals: Floats
    """Shape (2 · reasons + 1, labels)."""
    look: Floats
    """What is looked for in each token, shape (dimension, things)."""
    look_bias: Floats
    """Shape (things,)."""
    looked: Floats
    """Shape (things, labels)."""
    bias: Floats
    """Shape (labels,)."""
    examples: tuple[str, ...]
    """Sentences that stand for a reason, to explain with."""
    meant: tuple[str, ...]
    """The label of each example."""
    rules: frozenset[str]
    """Names of the rules whose firing was learned from."""
    lists: str
    """`wordlists.digest()` of the lists that messages were read by."""
    places: Floats
    """The vector of each example, shape (examples, dimension)."""

    @property
    def is_whole(self) -> bool:
        """Whether all parts are of one shape and for known reasons."""
        labels, examples, things = len(self.labels), len(self.examples), len(self.look_bias)
        dimension = len(self.vector)
        return (
            self.vector.shape == (dimension, labels)
            and self.letters.shape == (LETTER_BUCKETS, labels)
            and self.concepts.shape == (CONCEPT_BUCKETS, labels)
            and self.signals.shape == (2 * len(TRIGGERED) + 1, labels)
            and self.look.shape == (dimension, things)
            and self.looked.shape == (things, labels)
            and self.bias.shape == (labels,)
            and self.places.shape == (examples, dimension)
            and len(self.meant) == examples
            and NONE in self.labels
            and {NONE, *(reason.value for reason in Reason)}.issuperset(self.labels)
        )


def stored(file: Path, version: int, advice: str) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a file of this version by their names.

    Raises `bot.errors.SettingsInvalid` with the advice for another version, and what numpy raises for another file.
    """
    with file.open("rb") as opened, np.load(opened, allow_pickle=False) as arrays:
        held = {name: arrays[name] for name in arrays.files}
    found = int(held["format"])
    if found != version:
        raise SettingsInvalid(f"{file} has format {found}, this release reads {version}. {advice}")
    return held


def probabilities(labels: Sequence[str], logits: Floats) -> dict[str, float]:
    """The probability of each label by its logit, shape (labels,)."""
    chances = np.exp(logits - logits.max())
    chances = chances / chances.sum()
    return {label: float(chance) for label, chance in zip(labels, chances, strict=True)}


def read(file: Path) -> Weights:
    """A file of fitted weights. Raises `bot.errors.SettingsInvalid`."""
    advice = "Fit it anew with `tierzero eval prototypes --write FILE`."
    try:
        held = stored(file, FORMAT, advice)
        parts = {name: held[name].astype(np.float32) for name in _EXACT}
        for name in _SMALL:
            parts[name] = held[name].astype(np.float32) * held[f"{name}_scales"].astype(np.float32)
        weights = Weights(
            model=str(held["model"]),
            labels=tuple(str(label) for label in held["labels"]),
            examples=tuple(str(example) for example in held["examples"]),
            meant=tuple(str(label) for label in held["meant"]),
            rules=frozenset(str(rule) for rule in held["rules"]),
            lists=str(held["lists"]),
            places=held["places"].astype(np.float32) / 127.0,
            **parts,
        )
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as exc:
        raise SettingsInvalid(f"{file} holds no fitted weights: {exc}. {advice}") from exc
    if not weights.is_whole:
        raise SettingsInvalid(f"{file} was fitted for other reasons or features. {advice}")
    return weights


def write(file: Path, weights: Weights) -> None:
    """Keeps fitted weights."""
    parts: dict[str, npt.NDArray[Any]] = {name: getattr(weights, name).astype(np.float16) for name in _EXACT}
    for name in _SMALL:
        held: Floats = getattr(weights, name)
        scales = np.maximum(np.abs(held).max(axis=0) / 127.0, 1e-9).astype(np.float32)
        parts[name] = np.rint(held / scales).astype(np.int8)
        parts[f"{name}_scales"] = scales
    parts |= {
        "format": np.asarray(FORMAT),
        "model": np.asarray(weights.model),
        "labels": np.asarray(weights.labels),
        "examples": np.asarray(weights.examples),
        "meant": np.asarray(weights.meant),
        "rules": np.asarray(sorted(weights.rules)),
        "lists": np.asarray(weights.lists),
        "places": np.rint(weights.places * 127.0).astype(np.int8),
    }
    np.savez_compressed(file, allow_pickle=False, **parts)
