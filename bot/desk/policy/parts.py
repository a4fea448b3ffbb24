"""Sections of the policy file in, values out."""

from collections.abc import Mapping
from functools import partial

from bot.desk.policy.entries import counts_business_hours, listed, number, placed, time_span
from bot.desk.policy.values import (
    Category,
    Count,
    Escalation,
    EscalationLevel,
    Promise,
    Routing,
    ServiceLevel,
    Special,
    When,
)
from bot.desk.policy_file import Misplaced, Section
from bot.desk.ticket import Priority

#: What a level may say that is no time.
_AS_SOON_AS_POSSIBLE = "asap"


def level_of(raw: Section) -> ServiceLevel:
    """A service level. Raises `Misplaced`."""
    raw.only("first_response", "next_response", "resolution", "count")
    first = time_span(raw, "first_response")
    further = time_span(raw, "next_response") if "next_response" in raw else first
    count = placed(raw, "count", lambda: _count(raw.get("count", Count.ALWAYS.value)))
    return ServiceLevel(first, time_span(raw, "resolution"), further, count)


def _count(said: object) -> Count:
    """Which time clocks count; raises `ValueError`."""
    if said not in tuple(Count):
        raise ValueError(f"count is {', '.join(Count)}, not {said!r}")
    return Count(str(said))


def promise_of(raw: Section) -> Promise:
    """What a service promises. Raises `Misplaced`."""
    raw.only("first_response", "next_response", "resolution", "by", "when")
    times = {
        name: None if raw.get(name, _AS_SOON_AS_POSSIBLE) == _AS_SOON_AS_POSSIBLE else time_span(raw, name)
        for name in ("first_response", "next_response", "resolution")
    }
    return Promise(**times, by=raw.words("by"))


def special_of(raw: Section) -> Special:
    """A promise for tickets of some kind. Raises `Misplaced`."""
    when = raw.section("when")
    when.only("channel", "tag", "escalated")
    if not when:
        raise Misplaced("say in `when` which tickets this is for: channel, tag or escalated", raw.line)
    escalated = when.get("escalated")
    if escalated is not None and not isinstance(escalated, bool):
        raise Misplaced(f"escalated is true or false, not {escalated!r}", when.at("escalated"))
    return Special(promise_of(raw), str(when.get("channel", "")), str(when.get("tag", "")), escalated)


def category_of(raw: Section, services: Mapping[str, Promise], queues: tuple[str, ...]) -> Category:
    """A category. Raises `Misplaced`."""
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


def escalation_of(raw: Section, queues: tuple[str, ...]) -> Escalation:
    """Triggers, levels and units of escalation. Raises `Misplaced`."""
    raw.only("no_response", "unresolved", "csat_below", "reasons", "count", "levels", "units")
    levels = tuple(_escalation_level(one, queues) for one in listed(raw, "levels"))
    if [one.level for one in levels] != list(range(2, 2 + len(levels))) or len(levels) > 3:
        raise Misplaced("levels are numbered 2, 3, 4 in this order", raw.at("levels"))
    units = {str(name): str(queue) for name, queue in raw.section("units").items()}
    if wrong := [queue for queue in units.values() if queue not in queues]:
        raise Misplaced(f"there is no queue {wrong[0]!r} in queues", raw.at("units"))
    return Escalation(
        no_response=time_span(raw, "no_response") if raw.get("no_response") else None,
        unresolved=time_span(raw, "unresolved") if raw.get("unresolved") else None,
        csat_below=number(raw, "csat_below", 0, 5),
        reasons=raw.words("reasons"),
        business_hours=counts_business_hours(raw),
        levels=levels,
        units=units,
    )


def _escalation_level(raw: Section, queues: tuple[str, ...]) -> EscalationLevel:
    raw.only("level", "name", "within", "when", "queue")
    queue = str(raw.get("queue", ""))
    if queue and queue not in queues:
        raise Misplaced(f"there is no queue {queue!r} in queues", raw.at("queue"))
    return EscalationLevel(
        number(raw, "level", 2, 4),
        str(raw.need("name")),
        time_span(raw, "within"),
        placed(raw, "when", lambda: When(raw.get("when", When.ALWAYS.value))),
        queue,
    )


def routing_of(raw: Section, services: Mapping[str, Promise]) -> Routing:
    """How tickets find somebody. Raises `Misplaced`."""
    raw.only("most_tickets", "urgent_words", "plans", "learn_from")
    urgent, plans = raw.section("urgent_words"), raw.section("plans")
    for tag, service in plans.items():
        if service not in services:
            raise Misplaced(f"there is no service {service!r} in services", plans.at(tag))
    return Routing(
        number(raw, "most_tickets", 1, 10_000) if "most_tickets" in raw else 20,
        {
            placed(urgent, name, partial(Priority, name)): tuple(word.lower() for word in urgent.words(name))
            for name in urgent
        },
        {str(tag).lower(): str(service) for tag, service in plans.items()},
        number(raw, "learn_from", 10, 10**7) if "learn_from" in raw else 200,
    )
