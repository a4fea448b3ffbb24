"""What an evaluation brought: `Case`s of one data set with their values, and the figures made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluations.significance import Estimate, estimate


@dataclass(frozen=True, slots=True)
class Case:
    """One query or message, what was wanted and what came back."""

    id: str
    text: str
    earlier: tuple[str, ...]
    """What the customer said before that was used as context, newest first."""
    wanted: tuple[str, ...]
    """Documents, by id, that would have been right; best grade first."""
    got: tuple[str, ...]
    """Documents, by id, that came back, best first."""
    note: str
    """What else a reader should see, such as the quote that was shown."""
    values: Mapping[str, float]
    """Metrics of this case, and other numbers such as its confidence."""
    labels: Mapping[str, str]
    """What figures may be grouped by."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Figures of the cases that have one value of a label."""

    label: str
    value: str
    figures: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class SetResult:
    """One data set under one setting."""

    name: str
    variant: str
    """Another way to ask the same set, such as `last_turn`; empty for the main one."""
    kind: str
    """As of a `Run`."""
    corpus: str
    """Hash of the documents."""
    primary: str
    """The metric that decides."""
    figures: Mapping[str, Estimate]
    slices: tuple[Slice, ...]
    measured: Mapping[str, float]
    """Times, sizes and counts; each name carries its unit."""
    notes: tuple[str, ...]
    cases: tuple[Case, ...]
    documents: Mapping[str, str]
    """For each document that a case names, a line to know it by."""

    @property
    def title(self) -> str:
        """Name and variant for people."""
        return f"{self.name} ({self.variant.replace('_', ' ')})" if self.variant else self.name


def figures_of(cases: Sequence[Case], metrics: Sequence[str]) -> dict[str, Estimate]:
    """The mean of each metric over the cases that have it."""
    return {name: estimate([case.values[name] for case in cases if name in case.values]) for name in metrics}


def slices_of(cases: Sequence[Case], metrics: Sequence[str], labels: Sequence[str]) -> tuple[Slice, ...]:
    """Figures by each value of each label; cases without the label are in none of them."""
    slices = []
    for label in labels:
        values = sorted({case.labels[label] for case in cases if label in case.labels})
        for value in values:
            own = [case for case in cases if case.labels.get(label) == value]
            slices.append(Slice(label, value, figures_of(own, metrics)))
    return tuple(slices)


def described(result: SetResult) -> dict[str, object]:
    """The figures as a flat JSON object: name, metrics, times, counts and intervals."""
    rows: dict[str, object] = {"name": result.name, "kind": result.kind}
    rows.update({name: _value(figure) for name, figure in result.figures.items()})
    rows.update({name: round(value, 4) for name, value in result.measured.items()})
    rows["intervals"] = {
        name: [round(figure.low, 6), round(figure.high, 6)] if figure.n else None
        for name, figure in result.figures.items()
    }
    rows["slices"] = [
        {
            "label": part.label,
            "value": part.value,
            "n": max((figure.n for figure in part.figures.values()), default=0),
            **{name: _value(figure) for name, figure in part.figures.items()},
        }
        for part in result.slices
    ]
    rows["corpus"], rows["notes"] = result.corpus, list(result.notes)
    return rows


def _value(figure: Estimate) -> float | None:
    """None where no case has it: a share of nothing is not 0."""
    return round(figure.value, 6) if figure.n else None


def described_sets(results: Sequence[SetResult]) -> list[dict[str, object]]:
    """One object a set; a variant stands inside the object of its set, under its own name."""
    rows = {result.name: described(result) for result in results if not result.variant}
    for result in results:
        if result.variant and result.name in rows:
            rows[result.name][result.variant] = described(result)
    return list(rows.values())
