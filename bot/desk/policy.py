"""The team's rules as values, read from one file that a support lead can edit."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.desk.ticket import Priority
from bot.errors import SettingsInvalid

SHIPPED = Path(__file__).with_name("policy.yaml")

_DURATION = re.compile(r"^(\d+)([mhd])$")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """How soon a ticket of one priority is to be answered and settled, from the moment it is opened."""

    first_response: dt.timedelta
    resolution: dt.timedelta


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of the desk."""

    service_levels: Mapping[Priority, ServiceLevel]


def duration(text: object) -> dt.timedelta:
    """`15m`, `4h` or `5d` as a time span; raises `ValueError` for anything else."""
    found = _DURATION.match(str(text))
    if not found:
        raise ValueError(f"{text!r} is not a duration such as 15m, 4h or 5d")
    return dt.timedelta(**{_UNITS[found[2]]: int(found[1])})


def load_policy(path: Path = SHIPPED) -> Policy:
    """Reads a policy file; raises `SettingsInvalid` naming what cannot be used."""
    try:
        raw: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        levels = {
            Priority(name): ServiceLevel(duration(level["first_response"]), duration(level["resolution"]))
            for name, level in raw["service_levels"].items()
        }
    except (OSError, yaml.YAMLError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise SettingsInvalid(f"The policy file {path} cannot be used: {exc}") from exc
    missing = [priority.value for priority in Priority if priority not in levels]
    if missing:
        raise SettingsInvalid(f"The policy file {path} has no service level for {', '.join(missing)}.")
    return Policy(levels)
