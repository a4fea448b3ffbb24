"""A timer of a ticket in, what happens to the ticket by itself out, stored once: routing, warnings, escalation."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, Protocol

from bot.changes import Change, Link, change_of, with_links
from bot.desk import routing
from bot.desk.escalation import Trigger, next_level
from bot.desk.life import Action
from bot.desk.policy import Policy
from bot.desk.queue import Clock, Row, running
from bot.desk.routing import ROUTING, Agent, Guess
from bot.desk.steps import What, Work
from bot.desk.ticket import Ticket
from bot.desk.timers import Kind, Timer, route, wanted
from bot.dialogue.conversation import Role, State
from bot.ports import Conversations

CLOCK: Final = "clock"
#: A customer who writes again within this time is taken to write about the same.
REPEAT: Final = dt.timedelta(days=7)
_MOST_LINKED: Final = 5


class Store(Protocol):
    """Tickets as they are changed by themselves."""

    def get(self, reference: str) -> Ticket | None:
        """The ticket with this reference."""

    def apply(self, change: Change) -> None:
        """Stores a change, all of it or nothing. Raises `TicketMoved`."""

    def of_customer(self, contact: str, but: str = "") -> Sequence[Row]:
        """A customer's other tickets, newest first."""


class TeamStore(Protocol):
    """The team as routing sees it."""

    def team(self, now: dt.datetime) -> Sequence[Agent]:
        """Everybody who may be given tickets."""

    def given(self, name: str, at: dt.datetime) -> None:
        """Keeps that somebody was given a ticket."""


class Automatic:
    """Handlers of tickets' timers. Each decides on the ticket as it is when the timer fires."""

    def __init__(
        self,
        store: Store,
        team: TeamStore,
        conversations: Conversations,
        policy: Policy,
        *,
        now: Callable[[], dt.datetime],
        learned: Callable[[Ticket], Guess | None] = lambda ticket: None,
    ) -> None:
        """`learned` tells a category by what the team's own solved tickets taught; None where it cannot."""
        self._store = store
        self._team = team
        self._conversations = conversations
        self._policy = policy
        self._now = now
        self._learned = learned

    def route(self, timer: Timer) -> None:
        """A ticket that was opened or escalated is sorted out, and finds somebody where somebody is there."""
        ticket = self._store.get(timer.subject)
        if ticket is None or ticket.is_finished:
            return
        work = Work(ticket, ROUTING, self._now(), self._policy)
        routing.sort(work, self._text(ticket), self._learned(ticket), self._policy)
        repeats = self._repeats(ticket)
        for row in repeats:
            work.note(What.LINKED, row.reference)
        given = None
        if not work.ticket.assignee and not self._is_in_a_chat(ticket):
            given = routing.chosen(work.ticket, self._team.team(self._now()), self._policy)
        if given is not None:
            work.assign(given.to, given.why, Action.ASSIGN)
        links = [Link(ticket.reference, row.reference, "repeat") for row in repeats]
        self._store.apply(with_links(self._change(work, timer), *links))
        if given is not None:
            self._team.given(given.to, self._now())

    def warn(self, timer: Timer) -> None:
        """A clock runs out soon: the history says so, and whoever has the ticket sees it."""
        self._tell(timer, What.WARNED)

    def breach(self, timer: Timer) -> None:
        """A clock has run out."""
        self._tell(timer, What.BREACHED)

    def escalate(self, timer: Timer) -> None:
        """The next level has it from now on."""
        ticket = self._store.get(timer.subject)
        if ticket is None or ticket.is_finished or ticket.is_paused:
            return
        work = Work(ticket, CLOCK, self._now(), self._policy)
        if self._escalate(work, Trigger(timer.detail)):
            self._store.apply(self._change(work, timer))

    def _escalate(self, work: Work, trigger: Trigger) -> bool:
        level = next_level(work.ticket, self._policy)
        if level is None:
            return False
        work.escalate(level, trigger.value)
        return True

    def _tell(self, timer: Timer, what: What) -> None:
        ticket = self._store.get(timer.subject)
        if ticket is None or Clock(timer.detail) not in {clock for clock, _ in running(ticket)}:
            return
        work = Work(ticket, CLOCK, self._now(), self._policy)
        work.note(what, timer.detail)
        self._store.apply(self._change(work, timer))

    def _change(self, work: Work, timer: Timer) -> Change:
        step = work.done()
        timers = wanted(step.ticket, self._policy)
        if timer.kind != Kind.ROUTE and step.ticket.escalated_at is not None and not step.ticket.assignee:
            timers = (*timers, route(step.ticket))
        return replace(change_of(step), timers=timers, fires=timer, fired_at=self._now())

    def _repeats(self, ticket: Ticket) -> list[Row]:
        """The customer's tickets of the last days: they may be about the same."""
        if ticket.version > 1:
            return []
        others = self._store.of_customer(ticket.contact, but=ticket.reference)
        return [row for row in others if ticket.created_at - row.created_at <= REPEAT][:_MOST_LINKED]

    def _text(self, ticket: Ticket) -> str:
        conversation = self._conversations.get(ticket.conversation_id)
        said = (
            [one.text for one in conversation.messages if one.role is Role.CUSTOMER] if conversation else []
        )
        return routing.told_by(ticket, said)

    def _is_in_a_chat(self, ticket: Ticket) -> bool:
        conversation = self._conversations.get(ticket.conversation_id)
        return conversation is not None and conversation.state is State.WITH_AGENT
