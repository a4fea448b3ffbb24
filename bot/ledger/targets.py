"""The team's targets as values, read from one file that a support lead can edit."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from bot.desk.policy import duration
from bot.dialogue.datafile import read_yaml
from bot.errors import SettingsInvalid

SHIPPED = Path(__file__).with_name("targets.yaml")

#: Figures a target may be set for; the last two are durations.
NAMES = (
    "deflection",
    "first_contact_resolution",
    "escalation_rate",
    "repeat_contact",
    "knowledge_base_usage",
    "satisfaction",
    "net_promoter",
    "first_response",
    "resolution",
)


class Sense(StrEnum):
    """Which side of a target is good."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Verdict(StrEnum):
    """What may be said of a figure against its target."""

    MET = "met"
    MISSED = "missed"
    OPEN = "too close to tell"


@dataclass(frozen=True, slots=True)
class Target:
    """A wanted value: a share, a score, or seconds."""

    sense: Sense
    value: float

    def verdict(self, low: float, high: float) -> Verdict:
        """Met or missed only where the whole range from `low` to `high` is on one side."""
        good, bad = (low, high) if self.sense is Sense.AT_LEAST else (-high, -low)
        wanted = self.value if self.sense is Sense.AT_LEAST else -self.value
        if good >= wanted:
            return Verdict.MET
        return Verdict.MISSED if bad < wanted else Verdict.OPEN


@dataclass(frozen=True, slots=True)
class Targets:
    """All targets, and what a contact costs."""

    wanted: Mapping[str, Target]
    cost_per_contact: float
    currency: str


def load_targets(path: Path = SHIPPED) -> Targets:
    """Reads a targets file; raises `SettingsInvalid` naming what cannot be used."""
    raw = read_yaml(path)
    try:
        wanted = {name: _target(name, line) for name, line in (raw.get("targets") or {}).items()}
        cost = _number(raw.get("cost_per_contact", 0))
    except (ValueError, TypeError, AttributeError) as exc:
        raise SettingsInvalid(f"The targets file {path} cannot be used: {exc}") from exc
    if cost < 0:
        raise SettingsInvalid(f"The targets file {path}: cost_per_contact must be 0 or more, not {cost:g}.")
    return Targets(wanted, cost, str(raw.get("currency") or ""))


def _target(name: str, line: Any) -> Target:
    if name not in NAMES:
        raise ValueError(f"“{name}” is no figure with a target; use one of {', '.join(NAMES)}")
    ((sense, value),) = line.items()
    if name in ("first_response", "resolution"):
        return Target(Sense(sense), duration(value).total_seconds())
    return Target(Sense(sense), _number(value))


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r} is not a number")
    return float(value)
