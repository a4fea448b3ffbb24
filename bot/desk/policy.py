"""The team's rules as values, read from one file that a support lead can edit."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.desk.calendars import ALWAYS, Calendar, Period, next_open
from bot.desk.live import SHIPPED as SHIPPED_LIVE
from bot.desk.live import LivePolicy
from bot.desk.policy_file import Misplaced, Section, read
from bot.desk.ticket import Priority, Ticket
from bot.errors import SettingsInvalid

SHIPPED = Path(__file__).with_name("policy.yaml")

_DURATION = re.compile(r"^(\d+)([mhd])$")
_PERIOD = re.compile(r"^(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})$")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_NAME = re.compile(r"[a-z][a-z0-9_]*")
#: What a level may say that is no time.
_AS_SOON_AS_POSSIBLE = "asap"

#: What a policy file may have; those that are not read here are read by the flow that they are for.
SECTIONS = (
    "service_levels",
    "services",
    "specials",
    "prefer",
    "hours",
    "live",
    "queues",
    "categories",
    "status_updates",
    "after_solving",
    "quality",
)

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """How soon a ticket is to be answered and settled, from the moment it is opened."""

    first_response: dt.timedelta
    resolution: dt.timedelta
    next_response: dt.timedelta = dt.timedelta(hours=24)
    """How soon each further message of the customer is to be answered."""
    business_hours: bool = False
    """Whether its clocks run in business hours alone; else around the clock."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A service level that holds for some tickets beside the one of their priority; None says nothing."""

    first_response: dt.timedelta | None = None
    next_response: dt.timedelta | None = None
    resolution: dt.timedelta | None = None
    by: tuple[str, ...] = ()
    """Channels that it is given by."""


@dataclass(frozen=True, slots=True)
class Special:
    """A promise for tickets of some kind; what is empty holds for all."""

    promise: Promise
    channel: str = ""
    tag: str = ""
    escalated: bool | None = None

    def fits(self, ticket: Ticket) -> bool:
        """Whether it holds for a ticket."""
        return (
            (not self.channel or self.channel == ticket.channel)
            and (not self.tag or self.tag in ticket.tags)
            and (self.escalated is None or self.escalated is (ticket.level > 1))
        )


class Prefer(StrEnum):
    """Which service level holds where priority and service say different things."""

    TIGHTER = "tighter"
    PRIORITY = "priority"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Category:
    """What tickets are about, and how one is told by its words."""

    words: tuple[str, ...] = ()
    """Lower case; each stands for itself and what begins with it, in any language."""
    queue: str = ""
    service: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of the desk."""

    service_levels: Mapping[Priority, ServiceLevel]
    hours: Calendar = ALWAYS
    """When somebody is there. What customers are promised begins when the team is back."""
    live: LivePolicy = SHIPPED_LIVE
    """Rules for live chats."""
    services: Mapping[str, Promise] = field(default_factory=lambda: MappingProxyType({}))
    specials: tuple[Special, ...] = ()
    prefer: Prefer = Prefer.TIGHTER
    queues: tuple[str, ...] = ("general",)
    categories: Mapping[str, Category] = field(default_factory=lambda: MappingProxyType({}))

    def level(self, ticket: Ticket) -> ServiceLevel:
        """The service level that holds for a ticket: of the promises that fit it, the tightest of each kind."""
        base = self.service_levels[ticket.priority]
        service = self.services.get(ticket.service)
        own = [one.promise for one in self.specials if one.fits(ticket)]
        if service is None or self.prefer is Prefer.PRIORITY:
            return _tightest(base, own)
        if self.prefer is Prefer.SERVICE:
            return _tightest(_instead(base, service), own)
        return _tightest(base, [service, *own])


def _tightest(base: ServiceLevel, promises: list[Promise]) -> ServiceLevel:
    first = [one.first_response for one in promises if one.first_response is not None]
    further = [one.next_response for one in promises if one.next_response is not None]
    resolution = [one.resolution for one in promises if one.resolution is not None]
    return ServiceLevel(
        min([base.first_response, *first]),
        min([base.resolution, *resolution]),
        min([base.next_response, *(further or first)]),
        base.business_hours,
    )


def _instead(base: ServiceLevel, service: Promise) -> ServiceLevel:
    first = base.first_response if service.first_response is None else service.first_response
    resolution = base.resolution if service.resolution is None else service.resolution
    further = service.next_response or (first if service.first_response else base.next_response)
    return ServiceLevel(first, resolution, further, base.business_hours)


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


def load_policy(path: Path = SHIPPED) -> Policy:
    """Reads a policy file; raises `SettingsInvalid` naming the line and what cannot be used there."""
    try:
        return _policy(read(path))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise SettingsInvalid(f"The policy file {path} cannot be used: {exc}") from exc


def _policy(raw: Section) -> Policy:
    raw.only(*SECTIONS)
    named = raw.section("service_levels")
    levels = {_at(named, name, partial(Priority, name)): _level(one) for name, one in named.sections()}
    if missing := [priority.value for priority in Priority if priority not in levels]:
        raise Misplaced(f"there is no service level for {', '.join(missing)}", raw.at("service_levels"))
    services = {name: _promise(one) for name, one in raw.section("services").sections()}
    queues, about = raw.words("queues") or ("general",), raw.section("categories")
    return Policy(
        service_levels=levels,
        hours=_at(raw, "hours", lambda: hours(raw["hours"])) if raw.get("hours") else ALWAYS,
        live=_at(raw, "live", lambda: live_rules(raw.section("live"))),
        services=services,
        specials=tuple(_special(one) for one in _listed(raw, "specials")),
        prefer=_at(raw, "prefer", lambda: Prefer(raw.get("prefer", Prefer.TIGHTER.value))),
        queues=queues,
        categories={
            _at(about, name, partial(_named, name)): _category(one, services, queues)
            for name, one in about.sections()
        },
    )


def _level(raw: Section) -> ServiceLevel:
    raw.only("first_response", "next_response", "resolution", "count")
    first = _time(raw, "first_response")
    count = raw.get("count", "always")
    if count not in ("always", "business_hours"):
        raise Misplaced(f"count is always or business_hours, not {count!r}", raw.at("count"))
    further = _time(raw, "next_response") if "next_response" in raw else first
    return ServiceLevel(first, _time(raw, "resolution"), further, count == "business_hours")


def _promise(raw: Section) -> Promise:
    raw.only("first_response", "next_response", "resolution", "by", "when")
    times = {
        name: None if raw.get(name, _AS_SOON_AS_POSSIBLE) == _AS_SOON_AS_POSSIBLE else _time(raw, name)
        for name in ("first_response", "next_response", "resolution")
    }
    return Promise(**times, by=raw.words("by"))


def _special(raw: Section) -> Special:
    when = raw.section("when")
    when.only("channel", "tag", "escalated")
    if not when:
        raise Misplaced("say in `when` which tickets this is for: channel, tag or escalated", raw.line)
    escalated = when.get("escalated")
    if escalated is not None and not isinstance(escalated, bool):
        raise Misplaced(f"escalated is true or false, not {escalated!r}", when.at("escalated"))
    return Special(_promise(raw), str(when.get("channel", "")), str(when.get("tag", "")), escalated)


def _category(raw: Section, services: Mapping[str, Promise], queues: tuple[str, ...]) -> Category:
    raw.only("words", "queue", "service")
    found = Category(
        tuple(word.lower() for word in raw.words("words")),
        str(raw.get("queue", "")),
        str(raw.get("service", "")),
    )
    if found.queue and found.queue not in queues:
        raise Misplaced(f"there is no queue {found.queue!r} in queues", raw.at("queue"))
    if found.service and found.service not in services:
        raise Misplaced(f"there is no service {found.service!r} in services", raw.at("service"))
    return found


def _time(raw: Section, name: str) -> dt.timedelta:
    return _at(raw, name, lambda: duration(raw.need(name)))


def _listed(raw: Section, name: str) -> list[Section]:
    found = raw.get(name) or []
    if not isinstance(found, list) or not all(isinstance(one, Section) for one in found):
        raise Misplaced(f"{name!r} must be a list, each entry with names and values", raw.at(name))
    return found


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of lower case letters, digits and _")
    return name


def _at(raw: Section, name: str, made: Callable[[], Value]) -> Value:
    """What is made of an entry; an error names its line."""
    try:
        return made()
    except Misplaced:
        raise
    except ValueError as exc:
        raise Misplaced(str(exc), raw.at(name)) from exc
