"""The team, its tickets and its chats in, what a lead looks at out: who is on, load, what breaches next, who waits."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from bot.desk.live import BoardRow, Present
from bot.desk.queue import Due, Filter, Row, is_running, next_due, span
from bot.desk.routing import Agent
from bot.desk.ticket import Status
from bot.dialogue.conversation import State
from bot.people.accounts import Principal
from bot.people.roles import Permission

#: Tickets shown that are due next, and chats shown that wait.
MOST_SHOWN: Final = 12
_WAITING: Final = (State.AWAITING_CONTACT, State.WITH_PEOPLE)


class Team(Protocol):
    """The team as routing sees it."""

    def team(self, now: dt.datetime) -> Sequence[Agent]:
        """Everybody who may be given tickets."""


class Queue(Protocol):
    """Tickets as a queue reads them."""

    def rows(self, wanted: Filter, most: int, skipped: int = 0) -> Sequence[Row]:
        """Those that are asked for, what is due first before the rest."""

    def count(self, wanted: Filter) -> int:
        """How many are asked for."""


class Chats(Protocol):
    """Live chats as a list."""

    def rows(self, now: dt.datetime) -> Sequence[BoardRow]:
        """Conversations in which something goes on, longest waiting first."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """One of the team as they stand now."""

    agent: Agent
    chats: int
    """Live chats they have."""
    takes_chats: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A customer in an open chat whom nobody has joined."""

    ticket: str
    subject: str
    language: str
    for_: str
    """How long they wait: `12 min`."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many tickets."""

    unfinished: int
    unassigned: int
    overdue: int
    waiting_for_customer: int


@dataclass(frozen=True, slots=True)
class Seen:
    """The board at a moment."""

    at: dt.datetime
    numbers: Numbers
    team: tuple[Colleague, ...]
    """Who is on first, then by name."""
    due: tuple[tuple[Row, Due], ...]
    """What runs out next."""
    waiting: tuple[Waiting, ...]


class Board:
    """The lead's board."""

    def __init__(
        self,
        team: Team,
        queue: Queue,
        chats: Chats,
        *,
        present: Callable[[], Sequence[Present]],
        mask: Callable[[str, str], str],
        now: Callable[[], dt.datetime],
    ) -> None:
        """`mask` takes personal data out of a text in a language."""
        self._team = team
        self._queue = queue
        self._chats = chats
        self._present = present
        self._mask = mask
        self._now = now

    def seen(self, who: Principal) -> Seen:
        """Everything at once; texts without personal data for those who may not see it."""
        now = self._now()
        masked = not who.may(Permission.PERSONAL_READ)
        return Seen(
            now, self._numbers(now), self._colleagues(now), self._due(now, masked), self._waits(now, masked)
        )

    def _numbers(self, now: dt.datetime) -> Numbers:
        count = self._queue.count
        return Numbers(
            unfinished=count(Filter()),
            unassigned=count(Filter(assignee="")),
            overdue=count(Filter(due_before=now)),
            waiting_for_customer=count(Filter(statuses=(Status.WAITING,))),
        )

    def _colleagues(self, now: dt.datetime) -> tuple[Colleague, ...]:
        live = {f"account:{one.account_id}": one for one in self._present()}
        found = [
            Colleague(
                one,
                live[one.name].chats if one.name in live else 0,
                one.name in live and live[one.name].available,
            )
            for one in self._team.team(now)
        ]
        return tuple(sorted(found, key=lambda one: not one.agent.available))

    def _due(self, now: dt.datetime, masked: bool) -> tuple[tuple[Row, Due], ...]:
        rows = (row for row in self._queue.rows(Filter(), MOST_SHOWN) if is_running(row))
        shown = (self._shown(row, masked) for row in rows)
        timed = ((row, next_due(row, now)) for row in shown)
        return tuple((row, due) for row, due in timed if due is not None)

    def _shown(self, row: Row, masked: bool) -> Row:
        return replace(row, subject=self._mask(row.subject, row.language)) if masked else row

    def _waits(self, now: dt.datetime, masked: bool) -> tuple[Waiting, ...]:
        rows = [row for row in self._chats.rows(now) if row.state in _WAITING][:MOST_SHOWN]
        return tuple(
            Waiting(
                row.ticket,
                self._mask(row.subject, row.language) if masked else row.subject,
                row.language,
                span(now - row.since),
            )
            for row in rows
        )
