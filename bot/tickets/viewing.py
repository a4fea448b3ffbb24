"""Tickets as a member of the team may see them: personal data masked for those who may not read it, openings noted."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from bot.changes import ArticleLink
from bot.desk.queue import Due, Filter, Row, dues, next_due
from bot.desk.steps import What
from bot.desk.ticket import Event, Ticket
from bot.dialogue.conversation import Message
from bot.dialogue.whereabouts import Whereabouts
from bot.errors import NotFound
from bot.people.accounts import Principal
from bot.people.seeing import HIDDEN, Openings, Seeing
from bot.ports import Conversations

PER_PAGE = 50
#: Tickets that a text is looked for in after masking: what is masked must not be found by guessing at it, letter by
#: letter, so it cannot be left to the database.
MOST_MASKED = 200


class QueueStore(Protocol):
    """Tickets as a queue reads them."""

    def rows(self, wanted: Filter, most: int, skipped: int = 0) -> Sequence[Row]:
        """Those that are asked for, what is due first before the rest."""

    def count(self, wanted: Filter) -> int:
        """How many are asked for."""

    def languages(self) -> Sequence[str]:
        """Languages of all tickets."""

    def events(self, reference: str) -> Sequence[Event]:
        """What happened to a ticket, oldest first."""


class TicketShelf(Protocol):
    """What stands beside a ticket."""

    def linked(self, reference: str) -> Sequence[tuple[str, Row]]:
        """Tickets that belong to one, each with how."""

    def articles(self, reference: str) -> Sequence[ArticleLink]:
        """Articles that helped with a ticket."""

    def of_customer(self, contact: str, but: str = "") -> Sequence[Row]:
        """A customer's other tickets, newest first."""

    def merged(self, reference: str) -> Sequence[tuple[str, str]]:
        """Tickets that this one goes on for: reference and conversation of each."""


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of a queue."""

    rows: tuple[tuple[Row, Due | None], ...]
    total: int
    page: int
    """From 1."""
    pages: int
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A ticket with all that stands beside it."""

    ticket: Ticket
    messages: tuple[Message, ...]
    events: tuple[Event, ...]
    clocks: tuple[Due, ...]
    """Those that run, the next one first."""
    masked: bool
    """Whether personal data was taken out."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What those are called who did something to it, by the name the audit log has for them."""
    linked: tuple[tuple[str, Row], ...] = ()
    """Tickets that belong to it, each with how."""
    articles: tuple[ArticleLink, ...] = ()
    of_customer: tuple[Row, ...] = ()
    """The customer's other tickets, newest first."""
    merged: tuple[tuple[str, tuple[Message, ...]], ...] = ()
    """Conversations of tickets that this one goes on for, by their reference."""


class Viewing:
    """What the team sees of tickets."""

    def __init__(
        self,
        conversations: Conversations,
        queue: QueueStore,
        openings: Openings,
        shelf: TicketShelf,
        *,
        shown: Callable[[str], str],
        mask: Callable[[str, str], str],
        now: Callable[[], dt.datetime],
    ) -> None:
        """`mask` takes a text and its language; `shown` says what somebody is called."""
        self._conversations = conversations
        self._queue = queue
        self._shelf = shelf
        self._shown = shown
        self._seeing = Seeing(openings, mask=mask, now=now)
        self._mask = mask
        self._now = now

    def queue(self, who: Principal, wanted: Filter, page: int = 1) -> QueuePage:
        """A page of what is asked for; the last one where there are fewer."""
        masked = self._seeing.masked(who)
        if masked and wanted.text:
            found = self._found_masked(wanted)
            total = len(found)
        else:
            found, total = [], self._queue.count(wanted)
        pages = max(1, -(-total // PER_PAGE))
        page = min(page, pages)
        skipped = (page - 1) * PER_PAGE
        if masked and wanted.text:
            rows = found[skipped : skipped + PER_PAGE]
        else:
            rows = [self._row(row, masked) for row in self._queue.rows(wanted, PER_PAGE, skipped)]
        now = self._now()
        timed = tuple((row, next_due(row, now)) for row in rows)
        return QueuePage(timed, total, page, pages, tuple(self._queue.languages()))

    def count(self, wanted: Filter) -> int:
        """How many tickets are asked for."""
        return self._queue.count(wanted)

    def ticket(self, who: Principal, reference: str) -> Opened:
        """A ticket and its conversation. Raises `NotFound`."""
        ticket = self._conversations.ticket(reference)
        if ticket is None:
            raise NotFound("There is no such ticket.")
        events = tuple(self._queue.events(reference))
        opened = Opened(
            ticket=ticket,
            messages=self._said(ticket.conversation_id),
            events=events,
            clocks=dues(ticket, self._now()),
            masked=False,
            names=self._names(ticket, events),
            linked=tuple(self._shelf.linked(reference)),
            articles=tuple(self._shelf.articles(reference)),
            of_customer=tuple(self._shelf.of_customer(ticket.contact, but=reference)),
            merged=tuple((other, self._said(where)) for other, where in self._shelf.merged(reference)),
        )
        if self._seeing.masked(who):
            return self._masked(opened)
        self._seeing.note(who, "ticket.opened", f"ticket:{reference}")
        return opened

    def shown(self, who: Principal, ticket: Ticket) -> Ticket:
        """A ticket as somebody may see it."""
        return ticket if not self._seeing.masked(who) else self._masked_ticket(ticket)

    def names(self, rows: Sequence[Row]) -> Mapping[str, str]:
        """What those are called who have these tickets."""
        return {name: self._shown(name) for name in {row.assignee for row in rows} - {""}}

    def _names(self, ticket: Ticket, events: Sequence[Event]) -> Mapping[str, str]:
        known = {ticket.assignee, *(event.who for event in events)}
        moved = (event for event in events if event.what == What.ASSIGNEE)
        known |= {name for event in moved for name in (event.before, event.after)}
        return {name: self._shown(name) for name in known - {""}}

    def _said(self, conversation_id: str) -> tuple[Message, ...]:
        conversation = self._conversations.get(conversation_id)
        return conversation.messages if conversation else ()

    def _found_masked(self, wanted: Filter) -> list[Row]:
        """Those whose text still has what is looked for once it is masked."""
        needle = wanted.text.lower()
        rows = (self._row(row, True) for row in self._queue.rows(wanted, MOST_MASKED))
        return [row for row in rows if needle in row.subject.lower() or needle in row.reference.lower()]

    def _row(self, row: Row, masked: bool) -> Row:
        return replace(row, subject=self._mask(row.subject, row.language)) if masked else row

    def _masked(self, opened: Opened) -> Opened:
        ticket, language = opened.ticket, opened.ticket.language
        return replace(
            opened,
            ticket=self._masked_ticket(ticket),
            messages=tuple(
                self._seeing.message(message, ticket.contact, language) for message in opened.messages
            ),
            events=tuple(self._hidden_event(event, language) for event in opened.events),
            linked=tuple((how, self._row(row, True)) for how, row in opened.linked),
            of_customer=tuple(self._row(row, True) for row in opened.of_customer),
            merged=tuple(
                (other, tuple(self._seeing.message(message, ticket.contact, language) for message in said))
                for other, said in opened.merged
            ),
            masked=True,
        )

    def _masked_ticket(self, ticket: Ticket) -> Ticket:
        language = ticket.language
        packet = replace(
            ticket.packet,
            summary=self._mask(ticket.packet.summary, language),
            where=Whereabouts(
                **{name: self._mask(said, language) for name, said in ticket.packet.where.told()}
            ),
            tried=tuple(replace(one, title=self._mask(one.title, language)) for one in ticket.packet.tried),
        )
        return replace(
            ticket,
            # The key to the conversation as it was said.
            conversation_id="",
            subject=self._mask(ticket.subject, language),
            contact=HIDDEN if ticket.contact else "",
            packet=packet,
        )

    def _hidden_event(self, event: Event, language: str) -> Event:
        if event.what in (What.CONTACT, What.CONTACT_UNCONFIRMED):
            return replace(event, before="", after=HIDDEN)
        if event.what in (What.NOTE, What.TAGS):
            return replace(
                event, before=self._mask(event.before, language), after=self._mask(event.after, language)
            )
        return event
