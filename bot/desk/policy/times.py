"""Durations, hours and what else a policy file writes in words in, values out."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.desk.calendars import Calendar, Period, next_open
from bot.desk.live import LivePolicy

_DURATION = re.compile(r"^(\d+)([mhd])$")
_PERIOD = re.compile(r"^(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})$")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def duration(text: object) -> dt.timedelta:
    """`15m`, `4h` or `5d` as a time span; raises `ValueError` for anything else."""
    found = _DURATION.match(str(text))
    if not found:
        raise ValueError(f"{text!r} is not a duration such as 15m, 4h or 5d")
    return dt.timedelta(**{_UNITS[found[2]]: int(found[1])})


def hours(raw: Mapping[str, Any]) -> Calendar:
    """Business hours as the policy file writes them; raises `ValueError` naming what cannot be used."""
    known = {*_DAYS, "time_zone", "holidays"}
    if unknown := sorted(str(name) for name in raw if name not in known):
        raise ValueError(f"hours know no {', '.join(unknown)}, only {', '.join(sorted(known))}")
    name = str(raw.get("time_zone", "UTC"))
    try:
        zone = dt.UTC if name == "UTC" else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        raise ValueError(f"there is no time zone {name!r}; use a name such as Europe/Berlin") from exc
    holidays = raw.get("holidays") or ()
    if wrong := [day for day in holidays if type(day) is not dt.date]:
        raise ValueError(f"{wrong[0]!r} in holidays is not a date such as 2026-12-25")
    week = {place: periods(raw[day]) for place, day in enumerate(_DAYS) if raw.get(day)}
    calendar = Calendar(zone, week, frozenset(holidays))
    next_open(calendar, dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    return calendar


def periods(text: object) -> tuple[Period, ...]:
    """`9:00-12:30, 13:30-17:00` as periods of a day in order; raises `ValueError`."""
    found: list[Period] = []
    for part in str(text).split(","):
        written = _PERIOD.match(part.strip())
        if not written:
            raise ValueError(f"{part.strip()!r} is not a period such as 9:00-17:00")
        start = dt.time(int(written[1]), int(written[2]))
        end = dt.time(int(written[3]) % 24, int(written[4]))
        if not (start < end or end == dt.time(0)) or (found and not found[-1][1] <= start):
            raise ValueError(f"{text!r} must name periods one after the other, each ending after it began")
        found.append((start, end))
    return tuple(found)


def live_rules(raw: Mapping[str, Any]) -> LivePolicy:
    """Rules for live chats as the policy file writes them; raises `ValueError` naming what cannot be used."""
    known = {one.name for one in fields(LivePolicy)}
    if unknown := sorted(str(name) for name in raw if name not in known):
        raise ValueError(f"live knows no {', '.join(unknown)}, only {', '.join(sorted(known))}")
    most = raw.get("most_chats", LivePolicy().most_chats)
    if not isinstance(most, int) or isinstance(most, bool) or most < 1:
        raise ValueError(f"most_chats must be a whole number above 0, not {most!r}")
    spans = {name: duration(value) for name, value in raw.items() if name != "most_chats"}
    if zero := [name for name, span in spans.items() if not span]:
        raise ValueError(f"live.{zero[0]} must be longer than nothing")
    return LivePolicy(**spans, most_chats=most)
