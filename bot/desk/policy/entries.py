"""An entry of the policy file in, its value out; whatever cannot be used is named with its line."""

import datetime as dt
from collections.abc import Callable
from typing import TypeVar

from bot.desk.policy.times import duration
from bot.desk.policy_file import Misplaced, Section

Value = TypeVar("Value")


def number(raw: Section, name: str, lowest: int, highest: int) -> int:
    """A whole number in its bounds. Raises `Misplaced`."""
    found = raw.get(name, lowest)
    if not isinstance(found, int) or isinstance(found, bool) or not lowest <= found <= highest:
        raise Misplaced(f"{name} is a whole number from {lowest} to {highest}, not {found!r}", raw.at(name))
    return found


def counts_business_hours(raw: Section) -> bool:
    """Whether clocks run in business hours alone. Raises `Misplaced`."""
    count = raw.get("count", "always")
    if count not in ("always", "business_hours"):
        raise Misplaced(f"count is always or business_hours, not {count!r}", raw.at("count"))
    return bool(count == "business_hours")


def time_span(raw: Section, name: str) -> dt.timedelta:
    """A duration that must be there. Raises `Misplaced`."""
    return placed(raw, name, lambda: duration(raw.need(name)))


def listed(raw: Section, name: str) -> list[Section]:
    """A list of mappings. Raises `Misplaced`."""
    found = raw.get(name) or []
    if not isinstance(found, list) or not all(isinstance(one, Section) for one in found):
        raise Misplaced(f"{name!r} must be a list, each entry with names and values", raw.at(name))
    return found


def placed(raw: Section, name: str, made: Callable[[], Value]) -> Value:
    """What is made of an entry; an error names its line."""
    try:
        return made()
    except Misplaced:
        raise
    except ValueError as exc:
        raise Misplaced(str(exc), raw.at(name)) from exc
