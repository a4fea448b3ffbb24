"""What customers are told and asked as their ticket goes along, as the policy file says it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from bot.desk.policy import SHIPPED, duration
from bot.dialogue.datafile import MappingReader, read_yaml
from bot.errors import SettingsInvalid


class Stage(StrEnum):
    """A moment at which a customer may be told how their ticket stands."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    REPLIED = "replied"
    WAITING = "waiting"
    """It is the customer's turn."""
    ON_HOLD = "on_hold"
    SOLVED = "solved"
    REOPENED = "reopened"
    DELAYED = "delayed"
    """It will take longer than was promised; said before it has."""
    FOLLOW_UP = "follow_up"
    """Some time after the solution: did it last?"""
    TRANSCRIPT = "transcript"
    """The whole conversation, because the customer asked for it."""


@dataclass(frozen=True, slots=True)
class Aftercare:
    """The rules."""

    updates: frozenset[Stage]
    """Stages that customers are told of."""
    follow_up: dt.timedelta
    """From the solution to the question whether it lasted."""
    links_hold: dt.timedelta
    """From the solution to the end of its survey."""
    bad_score: int
    """From 1 to 5: up to here a lead looks at the ticket again; 0 for never."""


def load_aftercare(path: Path | None = None) -> Aftercare:
    """Reads its parts of a policy file, of the shipped one where they are missing; raises `SettingsInvalid`."""
    shipped = read_yaml(SHIPPED)
    given = read_yaml(path) if path else shipped
    names = ("status_updates", "after_solving")
    return _aftercare(path or SHIPPED, {name: given.get(name, shipped[name]) for name in names})


def _aftercare(file: Path, raw: Mapping[str, Any]) -> Aftercare:
    reader = MappingReader(file, "status_updates", raw)
    updates = frozenset(Stage(reader.choice_of(name, list(Stage))) for name in reader.lines("status_updates"))
    after = MappingReader(file, "after_solving", raw["after_solving"])
    after.only("follow_up", "links_hold", "bad_score")
    score = raw["after_solving"].get("bad_score")
    if type(score) is not int or not 0 <= score <= 5:
        after.refuse(f"“bad_score” must be a number from 0 to 5, not {score!r}")
    try:
        follow_up, hold = duration(after.text("follow_up")), duration(after.text("links_hold"))
    except ValueError as exc:
        raise SettingsInvalid(f"{file}: after_solving: {exc}") from exc
    if not dt.timedelta(0) < follow_up < hold:
        after.refuse("“follow_up” must come before the links end (“links_hold”)")
    return Aftercare(updates, follow_up, hold, score)
