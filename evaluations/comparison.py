"""Two runs in, their differences out: per metric with a paired test, and the cases that changed most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluations.errors import NotComparable
from evaluations.result import Case, SetResult
from evaluations.runs import Run
from evaluations.significance import LEVEL, Difference, paired

#: Cases shown for each set.
MOST_CHANGED = 20
#: Numbers of a case that are no quality: shown, never tested.
_NOT_TESTED = frozenset({"rank", "query_ms", "encoder_ms", "confidence"})
#: More of these is neither better nor worse by itself.
_NEUTRAL = frozenset({"answered", "handed_off"})


@dataclass(frozen=True, slots=True)
class MetricChange:
    """One metric over the cases that both runs have."""

    name: str
    first: float
    second: float
    difference: Difference

    @property
    def real(self) -> bool:
        """Whether chance alone would seldom give such a difference (5% of the time or less)."""
        return self.difference.p <= 1.0 - LEVEL

    @property
    def verdict(self) -> str:
        """The difference in words."""
        if not self.real:
            return "no difference shown"
        up, down = ("more", "less") if self.name in _NEUTRAL else ("better", "worse")
        return up if self.difference.value > 0 else down


@dataclass(frozen=True, slots=True)
class CaseChange:
    """One case in both runs."""

    first: Case
    second: Case
    change: float
    """Of the set's deciding metric."""


@dataclass(frozen=True, slots=True)
class SetChange:
    """One set in both runs."""

    first: SetResult
    second: SetResult
    paired: int
    """Cases that both have."""
    metrics: tuple[MetricChange, ...]
    changed: tuple[CaseChange, ...]
    """Where the deciding metric moved, furthest first."""
    better: int
    worse: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side."""

    first: Run
    second: Run
    sets: tuple[SetChange, ...]
    settings: tuple[tuple[str, str, str], ...]
    """Settings that differ: name, value in the first, value in the second."""
    notes: tuple[str, ...]


def compare(first: Run, second: Run) -> Comparison:
    """Compares the sets that both runs have; raises `NotComparable` where they share no case."""
    seconds = {(one.name, one.variant): one for one in second.sets}
    pairs = [
        (one, seconds[one.name, one.variant]) for one in first.sets if (one.name, one.variant) in seconds
    ]
    changes = tuple(change for change in (_set_change(*pair) for pair in pairs) if change.paired)
    if first.kind != second.kind or not changes:
        raise NotComparable(
            f"{first.id} ({first.kind}: {_names(first)}) and {second.id} ({second.kind}: {_names(second)}) "
            "have no query in common. Compare two runs of the same kind over the same sets."
        )
    shared = {(change.first.name, change.first.variant) for change in changes}
    alone = [one.title for one in (*first.sets, *second.sets) if (one.name, one.variant) not in shared]
    notes = [f"Only in one of the runs: {', '.join(sorted(set(alone)))}."] if alone else []
    return Comparison(first, second, changes, _settings(first, second), tuple(notes))


def _names(run: Run) -> str:
    return ", ".join(one.title for one in run.sets)


def _settings(first: Run, second: Run) -> tuple[tuple[str, str, str], ...]:
    rows = [("version", first.version, second.version), ("model", first.model, second.model)]
    for name in sorted({*first.settings, *second.settings}):
        rows.append((name, first.settings.get(name, "—"), second.settings.get(name, "—")))
    return tuple(row for row in rows if row[1] != row[2])


def _set_change(first: SetResult, second: SetResult) -> SetChange:
    seconds = {case.id: case for case in second.cases}
    both = [(case, seconds[case.id]) for case in first.cases if case.id in seconds]
    changed = [
        CaseChange(before, after, after.values[first.primary] - before.values[first.primary])
        for before, after in both
        if first.primary in before.values and first.primary in after.values
    ]
    moved = sorted((one for one in changed if one.change), key=lambda one: (-abs(one.change), one.first.id))
    return SetChange(
        first=first,
        second=second,
        paired=len(both),
        metrics=_metric_changes(both, tuple(first.figures)),
        changed=tuple(moved[:MOST_CHANGED]),
        better=sum(one.change > 0 for one in moved),
        worse=sum(one.change < 0 for one in moved),
        notes=_notes(first, second, both),
    )


def _metric_changes(both: Sequence[tuple[Case, Case]], reported: Sequence[str]) -> tuple[MetricChange, ...]:
    """Reported metrics in their order, then what else was measured."""
    measured = (name for case, _ in both for name in case.values if name not in _NOT_TESTED)
    names = dict.fromkeys([*reported, *measured])
    changes = []
    for name in names:
        values = [(a.values[name], b.values[name]) for a, b in both if name in a.values and name in b.values]
        if not values:
            continue
        before, after = [one for one, _ in values], [two for _, two in values]
        mean = (sum(before) / len(before), sum(after) / len(after))
        changes.append(MetricChange(name, *mean, paired(before, after)))
    return tuple(changes)


def _notes(first: SetResult, second: SetResult, both: Sequence[tuple[Case, Case]]) -> tuple[str, ...]:
    alone = len(first.cases) + len(second.cases) - 2 * len(both)
    rejudged = sum(before.wanted != after.wanted for before, after in both)
    reworded = sum(before.text != after.text for before, after in both)
    sayings: Mapping[str, bool] = {
        "The documents differ: this compares two corpora as much as two systems.": first.corpus
        != second.corpus,
        f"{alone} queries are in one run only and were left out.": alone > 0,
        f"{rejudged} queries have other wanted documents now.": rejudged > 0,
        f"{reworded} queries have another text now.": reworded > 0,
    }
    return tuple(text for text, holds in sayings.items() if holds)
