"""Conversations by the hour of the week in, rows of a heat map out, for the page and the file alike."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.ledger.parts import Hour

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: Steps of warmth above none; more would not be told apart in print.
WARMEST = 8


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour of the week."""

    hour: int
    """0 (Monday after midnight) to 167."""
    conversations: int
    handed_off: int
    warm: int
    """From 0 for none to `WARMEST` for as many as in the busiest hour."""


def heat(hours: Mapping[int, Hour]) -> list[list[Cell]]:
    """A row a weekday, Monday first, of 24 hours each."""
    most = max((one.conversations for one in hours.values()), default=1)
    nobody = Hour(0, 0)
    rows = []
    for weekday in range(len(DAYS)):
        row = []
        for hour in range(24 * weekday, 24 * weekday + 24):
            one = hours.get(hour, nobody)
            row.append(Cell(hour, one.conversations, one.handed_off, -(-WARMEST * one.conversations // most)))
        rows.append(row)
    return rows
