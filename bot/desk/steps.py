"""A ticket and what is done to it in, the ticket after it and the events that say so out; pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, Final

from bot.desk.clocks import paused, reckoned, resumed
from bot.desk.life import Action, after
from bot.desk.policy import EscalationLevel, Policy
from bot.desk.ticket import Event, Priority, Status, Ticket
from bot.errors import BadRequest

#: Longest tag, in characters; and how many a ticket may have.
TAG_CHARS: Final = 40
MOST_TAGS: Final = 20
_TIERS: Final = range(1, 5)
#: Who changes status without being a person.
CUSTOMER: Final = "customer"


class What(StrEnum):
    """What an event tells of."""

    OPENED = "opened"
    STATUS = "status"
    ASSIGNEE = "assignee"
    REPLY = "reply"
    NOTE = "note"
    CUSTOMER_WROTE = "customer_wrote"
    CONTACT = "contact"
    CONTACT_UNCONFIRMED = "contact_unconfirmed"
    PRIORITY = "priority"
    CATEGORY = "category"
    SERVICE = "service"
    QUEUE = "queue"
    LEVEL = "level"
    TAGS = "tags"
    LINKED = "linked"
    UNLINKED = "unlinked"
    MERGED = "merged"
    ARTICLE = "article"
    ARTICLE_TAKEN_OUT = "article_taken_out"
    ATTACHED = "attached"
    """A file came; the event names it by its id, since names of files may tell of people."""
    ATTACHMENT_REMOVED = "attachment_removed"
    ESCALATED = "escalated"
    WARNED = "warned"
    BREACHED = "breached"


@dataclass(frozen=True, slots=True)
class Step:
    """One change: the ticket after it, and what happened."""

    ticket: Ticket
    """Its version is one above that of the ticket before."""
    seen: int
    """The version that was changed."""
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to be changed; None leaves it."""

    priority: Priority | None = None
    category: str | None = None
    service: str | None = None
    queue: str | None = None
    level: int | None = None
    tags: tuple[str, ...] | None = None


class Work:
    """One change of one ticket in the making: steps are added, and `done` gives them as one."""

    def __init__(self, ticket: Ticket, who: str, at: dt.datetime, policy: Policy) -> None:
        self._before = ticket
        self._ticket = ticket
        self._who = who
        self._at = at
        self._policy = policy
        self._events: list[Event] = []

    @property
    def ticket(self) -> Ticket:
        """As it stands so far."""
        return self._ticket

    def done(self) -> Step:
        """All that was added, with the clocks as they stand now."""
        # Who looks at it must not be told that it changed where nothing did.
        version = self._before.version + bool(self._events)
        ticket = replace(reckoned(self._ticket, self._policy), version=version)
        return Step(ticket, self._before.version, tuple(replace(one, version=version) for one in self._net()))

    def _net(self) -> list[Event]:
        """What was added; of several statuses that it went through, from the first to the last."""
        turns = [event for event in self._events if event.what == What.STATUS]
        if len(turns) < 2:
            return self._events
        net = replace(turns[-1], before=turns[0].before)
        rest = [event for event in self._events if event.what != What.STATUS]
        return rest if net.before == net.after else [*rest, net]

    def note(self, what: What, after: str, before: str = "") -> None:
        """Says that something happened, without changing the ticket itself."""
        self._events.append(Event(self._at, self._who, what.value, before, after))

    def act(self, action: Action) -> None:
        """Goes to the status that an action leads to. Raises `ImpossibleStep`."""
        was, to = self._ticket.status, after(self._ticket.status, action)
        if was is to:
            return
        at, ticket = self._at, self._ticket
        turned = paused(ticket.pauses, at) if to in _STILL else resumed(ticket.pauses, at)
        self._ticket = replace(
            ticket,
            status=to,
            pauses=turned,
            solved_at=at if to is Status.SOLVED else None if not _finished(to) else ticket.solved_at,
        )
        self.note(What.STATUS, to.value, was.value)

    def assign(self, to: str, why: str, action: Action) -> None:
        """Gives it to somebody, or with an empty name to nobody. Raises `ImpossibleStep`."""
        self.act(action)
        if (was := self._ticket.assignee) != to:
            self._ticket = replace(self._ticket, assignee=to, assigned_why=why if to else "")
            self.note(What.ASSIGNEE, to, was)

    def replied(self, message_id: str) -> None:
        """A person wrote to the customer. Raises `ImpossibleStep`."""
        self.act(Action.REPLY)
        first = self._ticket.first_responded_at or self._at
        self._ticket = replace(self._ticket, first_responded_at=first, awaiting_since=None)
        self.note(What.REPLY, message_id)

    def customer_wrote(self, message_id: str) -> None:
        """The customer wrote again: it is the team's turn."""
        self.act(Action.CUSTOMER_WROTE)
        since = self._ticket.awaiting_since or self._at
        self._ticket = replace(self._ticket, awaiting_since=since)
        self.note(What.CUSTOMER_WROTE, message_id)

    def customer_attached(self, attachment_id: str) -> None:
        """The customer sent a file: it is the team's turn, unless it is finished."""
        if _finished(self._ticket.status):
            self.act(Action.EDIT)
        else:
            self.act(Action.CUSTOMER_WROTE)
            self._ticket = replace(self._ticket, awaiting_since=self._ticket.awaiting_since or self._at)
        self.note(What.ATTACHED, attachment_id)

    def edit(self, edit: Edit) -> None:
        """Changes fields, an event for each that is another now. Raises `BadRequest` and `ImpossibleStep`."""
        self.act(Action.EDIT)
        for name, wanted in _wanted(edit, self._policy).items():
            was = getattr(self._ticket, name)
            if was != wanted:
                changed: dict[str, Any] = {name: wanted}
                self._ticket = replace(self._ticket, **changed)
                self.note(What(name), _shown(wanted), _shown(was))

    def escalate(self, level: EscalationLevel, why: str) -> None:
        """The level has it from now on; whoever had it hands it over. Raises `ImpossibleStep`."""
        self.act(Action.ESCALATE)
        ticket = self._ticket
        self._ticket = replace(
            ticket, level=level.level, escalated_at=self._at, queue=level.queue or ticket.queue
        )
        self.note(What.ESCALATED, level.name, why)
        self.note(What.LEVEL, str(level.level), str(ticket.level))
        if ticket.queue != self._ticket.queue:
            self.note(What.QUEUE, self._ticket.queue, ticket.queue)
        if ticket.assignee:
            self._ticket = replace(self._ticket, assignee="", assigned_why="")
            self.note(What.ASSIGNEE, "", ticket.assignee)

    def pass_to_unit(self, unit: str, queue: str, why: str) -> None:
        """Another part of the organisation has it from now on. Raises `ImpossibleStep`."""
        self.act(Action.ESCALATE)
        was = self._ticket
        self._ticket = replace(was, queue=queue, escalated_at=self._at, assignee="", assigned_why="")
        self.note(What.ESCALATED, unit, why)
        if was.queue != queue:
            self.note(What.QUEUE, queue, was.queue)
        if was.assignee:
            self.note(What.ASSIGNEE, "", was.assignee)

    def merge(self, into: str) -> None:
        """Another ticket goes on for it. Raises `ImpossibleStep`."""
        self.act(Action.MERGE)
        self._ticket = replace(self._ticket, merged_into=into)
        self.note(What.MERGED, into)


#: Statuses in which the clocks stand still.
_STILL: Final = frozenset({Status.WAITING, Status.ON_HOLD, Status.SOLVED, Status.CLOSED})


def _finished(status: Status) -> bool:
    return status in (Status.SOLVED, Status.CLOSED)


def _wanted(edit: Edit, policy: Policy) -> dict[str, object]:
    given = {one.name: getattr(edit, one.name) for one in fields(edit)}
    wanted = {name: value for name, value in given.items() if value is not None}
    if "tags" in wanted:
        wanted["tags"] = checked_tags(wanted["tags"])
    if "level" in wanted and wanted["level"] not in _TIERS:
        raise BadRequest(f"A level is a number from {_TIERS[0]} to {_TIERS[-1]}.")
    for name, known in (("service", policy.services), ("category", policy.categories)):
        if wanted.get(name) and wanted[name] not in known:
            raise BadRequest(f"There is no {name} {wanted[name]!r}; the policy knows {', '.join(known)}.")
    if "queue" in wanted and wanted["queue"] not in policy.queues:
        raise BadRequest(
            f"There is no queue {wanted['queue']!r}; the policy knows {', '.join(policy.queues)}."
        )
    return wanted


def checked_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags in lower case, each once, in order; raises `BadRequest` for one that is too long, or too many."""
    found = tuple(sorted({" ".join(tag.lower().split()) for tag in tags} - {""}))
    if len(found) > MOST_TAGS:
        raise BadRequest(f"A ticket may have at most {MOST_TAGS} tags.")
    for tag in found:
        if len(tag) > TAG_CHARS or "," in tag or not tag.isprintable():
            raise BadRequest(f"A tag is at most {TAG_CHARS} characters without a comma: {tag[:TAG_CHARS]!r}.")
    return found


def _shown(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)
