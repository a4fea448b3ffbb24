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
    "escalation",
    "warn_when_left",
    "routing",
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
class Routing:
    """How tickets find somebody."""

    most_tickets: int = 20
    """Unfinished tickets that one agent is given by itself."""
    urgent_words: Mapping[Priority, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Words that raise the priority at least to this."""
    plans: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Tags that name a customer's plan, each with the service it has."""
    learn_from: int = 200
    """Solved tickets with a category from which on categories are learned instead of told by words."""


class When(StrEnum):
    """Which tickets a level of escalation is for."""

    ALWAYS = "always"
    TECHNICAL = "technical"
    BUSINESS_CRITICAL = "business_critical"


@dataclass(frozen=True, slots=True)
class EscalationLevel:
    """Who has a ticket next, and for how long."""

    level: int
    name: str
    within: dt.timedelta
    """How long they have it before it goes on."""
    when: When = When.ALWAYS
    queue: str = ""
    """Where it waits for them; empty for where it is."""


@dataclass(frozen=True, slots=True)
class Escalation:
    """When tickets are escalated, and to whom."""

    no_response: dt.timedelta | None = None
    """Without a person's word for this long; None for never."""
    unresolved: dt.timedelta | None = None
    csat_below: int = 0
    """A score below this; 0 for never."""
    reasons: tuple[str, ...] = ()
    """Reasons of hand-offs that escalate at once."""
    business_hours: bool = False
    """Whether these clocks run in business hours alone."""
    levels: tuple[EscalationLevel, ...] = ()
    """Lowest first."""
    units: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Other units by name, each with the queue that leads to them."""


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
    escalation: Escalation = field(default_factory=Escalation)
    warn_share: float = 0.25
    """Share of a clock's time that is left when it warns."""
    routing: Routing = field(default_factory=Routing)

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
        escalation=_escalation(raw.section("escalation"), queues),
        warn_share=_share(raw),
        routing=_routing(raw.section("routing"), services),
        categories={
            _at(about, name, partial(_named, name)): _category(one, services, queues)
            for name, one in about.sections()
        },
    )


def _level(raw: Section) -> ServiceLevel:
    raw.only("first_response", "next_response", "resolution", "count")
    first = _time(raw, "first_response")
    further = _time(raw, "next_response") if "next_response" in raw else first
    return ServiceLevel(first, _time(raw, "resolution"), further, _counts_business_hours(raw))


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


def _escalation(raw: Section, queues: tuple[str, ...]) -> Escalation:
    raw.only("no_response", "unresolved", "csat_below", "reasons", "count", "levels", "units")
    levels = tuple(_escalation_level(one, queues) for one in _listed(raw, "levels"))
    if [one.level for one in levels] != list(range(2, 2 + len(levels))) or len(levels) > 3:
        raise Misplaced("levels are numbered 2, 3, 4 in this order", raw.at("levels"))
    units = {str(name): str(queue) for name, queue in raw.section("units").items()}
    if wrong := [queue for queue in units.values() if queue not in queues]:
        raise Misplaced(f"there is no queue {wrong[0]!r} in queues", raw.at("units"))
    return Escalation(
        no_response=_time(raw, "no_response") if raw.get("no_response") else None,
        unresolved=_time(raw, "unresolved") if raw.get("unresolved") else None,
        csat_below=_number(raw, "csat_below", 0, 5),
        reasons=raw.words("reasons"),
        business_hours=_counts_business_hours(raw),
        levels=levels,
        units=units,
    )


def _escalation_level(raw: Section, queues: tuple[str, ...]) -> EscalationLevel:
    raw.only("level", "name", "within", "when", "queue")
    queue = str(raw.get("queue", ""))
    if queue and queue not in queues:
        raise Misplaced(f"there is no queue {queue!r} in queues", raw.at("queue"))
    return EscalationLevel(
        _number(raw, "level", 2, 4),
        str(raw.need("name")),
        _time(raw, "within"),
        _at(raw, "when", lambda: When(raw.get("when", When.ALWAYS.value))),
        queue,
    )


def _routing(raw: Section, services: Mapping[str, Promise]) -> Routing:
    raw.only("most_tickets", "urgent_words", "plans", "learn_from")
    urgent, plans = raw.section("urgent_words"), raw.section("plans")
    for tag, service in plans.items():
        if service not in services:
            raise Misplaced(f"there is no service {service!r} in services", plans.at(tag))
    return Routing(
        _number(raw, "most_tickets", 1, 10_000) if "most_tickets" in raw else 20,
        {
            _at(urgent, name, partial(Priority, name)): tuple(word.lower() for word in urgent.words(name))
            for name in urgent
        },
        {str(tag).lower(): str(service) for tag, service in plans.items()},
        _number(raw, "learn_from", 10, 10**7) if "learn_from" in raw else 200,
    )


def _share(raw: Section) -> float:
    found = raw.get("warn_when_left", 25)
    text = str(found).removesuffix("%")
    if not text.isdigit() or not 0 < int(text) < 100:
        raise Misplaced(f"warn_when_left is a share such as 25%, not {found!r}", raw.at("warn_when_left"))
    return int(text) / 100


def _number(raw: Section, name: str, lowest: int, highest: int) -> int:
    found = raw.get(name, lowest)
    if not isinstance(found, int) or isinstance(found, bool) or not lowest <= found <= highest:
        raise Misplaced(f"{name} is a whole number from {lowest} to {highest}, not {found!r}", raw.at(name))
    return found


def _counts_business_hours(raw: Section) -> bool:
    count = raw.get("count", "always")
    if count not in ("always", "business_hours"):
        raise Misplaced(f"count is always or business_hours, not {count!r}", raw.at("count"))
    return bool(count == "business_hours")


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
