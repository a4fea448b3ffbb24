"""Signals in, the share of right answers among the cases like them out: an ensemble of trees, without a library."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
#: Marks a node that has no branches.
LEAF = -1
#: A share nearer to 0 or 1 than this is taken for this: a few cases that agree are no certainty.
SUREST = 0.001
#: Deeper trees are refused: a damaged file must not keep a turn busy.
DEEPEST = 64


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """Trees over signals, all nodes in one list; extremely randomised ones (Geurts, Ernst & Wehenkel 2006)."""

    names: tuple[str, ...]
    """Signals in the order of `signal`."""
    roots: Ints
    """The first node of each tree."""
    signal: Ints
    """Which signal a node asks for; `LEAF` where it has no branches."""
    cut: Floats
    """At most this goes to the left."""
    left: Ints
    right: Ints
    share: Floats
    """Share of right ones among the cases of a leaf."""

    _steps: "_Steps" = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Raises `ValueError` where the nodes do not make trees."""
        _check(self)
        object.__setattr__(self, "_steps", _steps(self))

    def probability(self, values: Sequence[float]) -> float:
        """Mean of the leaves that `values`, in the order of `names`, come to: 0..1."""
        # Cuts were made between numbers of this precision.
        given = np.asarray(values, dtype=np.float32).astype(np.float64)
        steps, nodes = self._steps, self.roots
        for _ in range(steps.rounds):
            low = given[steps.signal[nodes]] <= steps.cut[nodes]
            nodes = steps.branches[2 * nodes + low]
        return float(self.share[nodes].mean())


@dataclass(frozen=True, slots=True, eq=False)
class _Steps:
    """The trees as they are walked: a leaf leads to itself, so all trees take as many steps as the deepest one."""

    rounds: int
    signal: Ints
    """Any signal at a leaf."""
    cut: Floats
    branches: Ints
    """Where a node leads above its cut, and at most at it, in turn."""


def logit(share: float) -> float:
    """Logarithm of the odds of a share of trees."""
    held = min(max(share, SUREST), 1.0 - SUREST)
    return math.log(held / (1.0 - held))


def described(forest: Forest) -> dict[str, object]:
    """The forest as JSON."""
    return {
        "names": list(forest.names),
        "roots": forest.roots.tolist(),
        "signal": forest.signal.tolist(),
        "cut": forest.cut.tolist(),
        "left": forest.left.tolist(),
        "right": forest.right.tolist(),
        "share": forest.share.tolist(),
    }


def read(raw: Mapping[str, Any]) -> Forest:
    """A forest from what `described` gave; raises `ValueError` where its nodes do not make trees."""
    return Forest(
        names=tuple(map(str, raw["names"])),
        roots=_whole(raw["roots"]),
        signal=_whole(raw["signal"]),
        cut=np.asarray(raw["cut"], dtype=np.float64),
        left=_whole(raw["left"]),
        right=_whole(raw["right"]),
        share=np.asarray(raw["share"], dtype=np.float64),
    )


def _check(forest: Forest) -> None:
    count, inner = len(forest.signal), forest.signal != LEAF
    parts = (forest.cut, forest.left, forest.right, forest.share)
    if any(part.shape != (count,) for part in parts) or not len(forest.roots):
        raise ValueError("the parts of its trees differ in length")
    own = np.arange(count)
    branches = np.stack([forest.left, forest.right])[:, inner]
    # Branches point onwards, so no walk comes round.
    onwards = (branches > own[inner]).all() and (branches < count).all()
    known = ((forest.signal >= LEAF) & (forest.signal < len(forest.names))).all()
    started = ((forest.roots >= 0) & (forest.roots < count)).all()
    if not (onwards and known and started):
        raise ValueError("a node of its trees leads nowhere")
    sane = np.isfinite(forest.cut).all() and ((forest.share >= 0.0) & (forest.share <= 1.0)).all()
    if not sane:
        raise ValueError("a number of its trees is none")


def _steps(forest: Forest) -> _Steps:
    leaf, own = forest.signal == LEAF, np.arange(len(forest.signal))
    left, right = np.where(leaf, own, forest.left), np.where(leaf, own, forest.right)
    reached, rounds = np.unique(forest.roots[~leaf[forest.roots]]), 0
    while reached.size and rounds < DEEPEST:
        below = np.unique(np.concatenate([left[reached], right[reached]]))
        reached, rounds = below[~leaf[below]], rounds + 1
    return _Steps(
        rounds, np.where(leaf, 0, forest.signal), forest.cut, np.stack([right, left], axis=1).ravel()
    )


def _whole(raw: Sequence[Any]) -> Ints:
    numbers = np.asarray(raw)
    if numbers.size and numbers.dtype.kind not in "iu":
        raise ValueError("a node of its trees is no whole number")
    return numbers.astype(np.int64)
