"""The rules of the desk as values: service levels, promises, categories, routing, escalation."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from bot.desk.attachments import AttachmentRules
from bot.desk.calendars import ALWAYS, Calendar
from bot.desk.live import SHIPPED as SHIPPED_LIVE
from bot.desk.live import LivePolicy
from bot.desk.ticket import Priority, Ticket


class Count(StrEnum):
    """Which time the clocks of a service level count."""

    ALWAYS = "always"
    """All of it: somebody answers whatever the hour."""
    FROM_OPENING = "from_opening"
    """All of it from when somebody is there; one that was started or goes on before begins then."""
    BUSINESS_HOURS = "business_hours"
    """Only that in which somebody is there."""


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """How soon a ticket is to be answered and settled, from the moment it is opened."""

    first_response: dt.timedelta
    resolution: dt.timedelta
    next_response: dt.timedelta = dt.timedelta(hours=24)
    """How soon each further message of the customer is to be answered."""
    count: Count = Count.ALWAYS
    """Which time its clocks count."""


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
    """When somebody is there."""
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
    attachments: AttachmentRules = field(default_factory=AttachmentRules)

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
        base.count,
    )


def _instead(base: ServiceLevel, service: Promise) -> ServiceLevel:
    first = base.first_response if service.first_response is None else service.first_response
    resolution = base.resolution if service.resolution is None else service.resolution
    further = service.next_response or (first if service.first_response else base.next_response)
    return ServiceLevel(first, resolution, further, base.count)
