"""A ticket and the team in, what it is about, how urgent it is and who gets it out, with why; pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.desk.escalation import Trigger, at_once, next_level
from bot.desk.policy import Policy
from bot.desk.steps import Edit, Work
from bot.desk.ticket import Priority, Ticket

ROUTING: Final = "routing"
"""Who does it, in the history of a ticket."""
_ORDER: Final = list(Priority)
#: Characters of a customer's words that are looked at.
_LOOKED_AT: Final = 4000


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who may be given tickets, as they stand now."""

    name: str
    """As the audit log names them: `account:ID`."""
    shown: str
    available: bool
    """Whether they are there and have not set themselves away."""
    load: int
    """Unfinished tickets that they have."""
    senior: bool
    """Whether escalated tickets go to them."""
    skills: tuple[str, ...] = ()
    """Categories and queues that they take; empty for all."""
    languages: tuple[str, ...] = ()
    """Languages that they write; empty for all."""
    given_at: dt.datetime | None = None
    """When they were given a ticket last."""
    away: bool = False
    """Whether they said that they take none now."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A category, and where it comes from."""

    category: str
    why: str


@dataclass(frozen=True, slots=True)
class Given:
    """Who gets a ticket, and why."""

    to: str
    why: str


def by_words(text: str, policy: Policy) -> Guess | None:
    """The category with most of its words in a text; the first of equals; None where none has any."""
    folded = f" {' '.join(_plain(text).split())}"
    found = {
        name: [word for word in one.words if f" {word}" in folded] for name, one in policy.categories.items()
    }
    best = max(found, key=lambda name: len(found[name]), default="")
    if not best or not found[best]:
        return None
    return Guess(best, f"told by {', '.join(found[best][:3])}")


def sorted_out(ticket: Ticket, text: str, guess: Guess | None, policy: Policy) -> Edit:
    """Category, service, queue and priority of a ticket that was just opened.

    What somebody has said of it already stays. A priority is only ever raised: what the customer was promised holds.
    """
    category = ticket.category or (guess.category if guess and guess.category in policy.categories else "")
    rules = policy.categories.get(category)
    plan = next((service for tag, service in policy.routing.plans.items() if tag in ticket.tags), "")
    service = ticket.service or plan or (rules.service if rules else "")
    # Security, legal and the like were given their queue by the reason; only the general one is divided further.
    general = ticket.queue == policy.queues[0]
    return Edit(
        priority=_raised(ticket.priority, text, policy),
        category=category or None,
        service=service or None,
        queue=rules.queue if rules and rules.queue and general else None,
    )


def told_by(ticket: Ticket, said: Sequence[str]) -> str:
    """The words that a ticket is sorted by; `said` are the customer's, oldest first."""
    return "\n".join([ticket.packet.summary or ticket.subject, *said])[:_LOOKED_AT]


def sort(work: Work, text: str, guess: Guess | None, policy: Policy) -> None:
    """Sorts a ticket out that was just opened, and escalates it where that is done at once."""
    work.edit(sorted_out(work.ticket, text, guess or by_words(text, policy), policy))
    if at_once(work.ticket, policy) and (level := next_level(work.ticket, policy)) is not None:
        work.escalate(level, Trigger.COMPLIANCE.value)


def with_its_clocks(
    ticket: Ticket, text: str, guess: Guess | None, policy: Policy, now: dt.datetime
) -> Ticket:
    """A new ticket with its clocks as they are once it is sorted out, since customers are told of them before that."""
    work = Work(ticket, ROUTING, now, policy)
    sort(work, text, guess, policy)
    sorted_ticket = work.done().ticket
    return replace(
        ticket,
        first_response_due=sorted_ticket.first_response_due,
        resolution_due=sorted_ticket.resolution_due,
    )


def chosen(ticket: Ticket, team: Sequence[Agent], policy: Policy) -> Given | None:
    """Who gets it: of those who are there and can, whoever has least to do; of equals, whoever waited longest."""
    most = policy.routing.most_tickets
    able = [
        one
        for one in team
        if one.available
        and one.load < most
        and (ticket.level == 1 or one.senior)
        and _has(one.skills, ticket.category, ticket.queue)
        and _has(one.languages, ticket.language)
    ]
    if not able:
        return None
    best = min(able, key=lambda one: (one.load, _since(one), one.name))
    equals = sum(one.load == best.load for one in able)
    why = [f"there, with {best.load} open {'ticket' if best.load == 1 else 'tickets'}"]
    if ticket.level > 1:
        why.append("takes escalated tickets")
    if best.skills:
        why.append(f"knows {ticket.category if ticket.category in best.skills else ticket.queue}")
    if best.languages:
        why.append(f"writes {ticket.language}")
    if equals > 1:
        why.append(f"next in turn of {equals}")
    return Given(best.name, "; ".join(why))


def _raised(priority: Priority, text: str, policy: Policy) -> Priority | None:
    folded = f" {' '.join(_plain(text).split())}"
    for level, words in policy.routing.urgent_words.items():
        if _ORDER.index(level) < _ORDER.index(priority) and any(f" {word}" in folded for word in words):
            return level
    return None


def _plain(text: str) -> str:
    return "".join(sign if sign.isalnum() else " " for sign in text.lower())


def _has(known: tuple[str, ...], *wanted: str) -> bool:
    return not known or any(one in known for one in wanted)


def _since(one: Agent) -> dt.datetime:
    return one.given_at or dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
