"""Tickets in the database: a change is one transaction, and one that was decided on an older version is refused."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from bot.changes import ArticleLink, Change, TicketMoved
from bot.desk.queue import Row
from bot.desk.ticket import Event, Ticket
from bot.dialogue.conversation import Role, State
from bot.dialogue.states import Event as Happened
from bot.dialogue.states import after
from bot.errors import NotFound
from bot.storage import attachments, audit, timers
from bot.storage.engine import Database, is_repeated
from bot.storage.ledger import append_facts
from bot.storage.queue import COLUMNS, row_from
from bot.storage.tables import (
    conversations,
    messages,
    ticket_articles,
    ticket_events,
    ticket_links,
    tickets,
)
from bot.storage.ticket_rows import event_row, ticket_of, worked_at

#: Earlier contacts of a customer that are shown at once.
_MOST_SHOWN: Final = 20

_TICKET = sa.select(*tickets.c).where(tickets.c.reference == sa.bindparam("of_reference"))
_EVENTS = (
    sa.select(
        ticket_events.c.at,
        ticket_events.c.who,
        ticket_events.c.what,
        ticket_events.c.before,
        ticket_events.c.after,
        ticket_events.c.version,
    )
    .where(
        ticket_events.c.reference == sa.bindparam("of_reference"),
        ticket_events.c.version > sa.bindparam("since", type_=sa.Integer),
    )
    .order_by(ticket_events.c.id)
)
_ADD_EVENTS = sa.insert(ticket_events)
_STATE = sa.select(conversations.c.state).where(conversations.c.id == sa.bindparam("of_id"))
#: Holds the row until the transaction ends; SQLite has one writer at a time anyway.
_HOLD = sa.select(conversations.c.id).where(conversations.c.id == sa.bindparam("of_id")).with_for_update()
_TO_STATE = (
    sa.update(conversations)
    .where(conversations.c.id == sa.bindparam("of_id"))
    .values(state=sa.bindparam("state"), updated_at=sa.bindparam("updated_at"))
)
_COUNT_UP = (
    sa.update(conversations)
    .where(conversations.c.id == sa.bindparam("of_id"))
    .values(message_count=conversations.c.message_count + 1)
    .returning(conversations.c.message_count)
)
_WAS_SAID = sa.select(messages.c.id).where(
    messages.c.conversation_id == sa.bindparam("of_id"),
    messages.c.client_id == sa.bindparam("client_id"),
)
_OTHER = tickets.alias("other")
_LINKED = (
    sa.select(ticket_links.c.kind, *(_OTHER.c[column.name] for column in COLUMNS))
    .join_from(ticket_links, _OTHER, _OTHER.c.reference == ticket_links.c.other)
    .where(ticket_links.c.reference == sa.bindparam("of_reference"))
    .order_by(ticket_links.c.at, ticket_links.c.other)
)
_ARTICLES = (
    sa.select(ticket_articles.c.article_id, ticket_articles.c.locale)
    .where(ticket_articles.c.reference == sa.bindparam("of_reference"))
    .order_by(ticket_articles.c.at, ticket_articles.c.article_id)
)
_OF_CUSTOMER = (
    sa.select(*COLUMNS)
    .where(
        tickets.c.contact == sa.bindparam("of_contact"),
        tickets.c.contact != "",
        tickets.c.reference != sa.bindparam("of_reference"),
    )
    .order_by(tickets.c.created_at.desc(), tickets.c.reference)
    .limit(_MOST_SHOWN)
)
_SOLVED = (
    sa.select(*tickets.c)
    .where(tickets.c.solved_at.is_not(None), tickets.c.category != "")
    .order_by(tickets.c.solved_at.desc(), tickets.c.reference)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_MERGED = sa.select(tickets.c.reference, tickets.c.conversation_id).where(
    tickets.c.merged_into == sa.bindparam("of_reference")
)


def apply(database: Database, connection: sa.Connection, change: Change) -> None:
    """Stores a change inside the caller's transaction. Raises `TicketMoved` for one that was decided on too early."""
    ticket, step = change.ticket, change.step
    if change.said is not None or change.happened is not None:
        # The conversation first, as a turn of the customer does: else two that meet would wait for each other.
        of_id = change.said.conversation_id if change.said else ticket.conversation_id
        connection.execute(_HOLD, {"of_id": of_id})
    for one in change.attached:
        attachments.add(connection, one)
    update = (
        sa.update(tickets)
        .where(tickets.c.reference == ticket.reference, tickets.c.version == step.seen)
        .values(**worked_at(ticket))
    )
    if connection.execute(update).rowcount != 1:
        raise TicketMoved(ticket, ())
    if step.events:
        connection.execute(_ADD_EVENTS, [event_row(ticket.reference, event) for event in step.events])
    if change.happened is not None:
        conversation_id = change.said.conversation_id if change.said else ticket.conversation_id
        at = step.events[-1].at if step.events else ticket.created_at
        _turn(connection, conversation_id, change.happened, at)
    if change.said is not None:
        _say(connection, change)
    append_facts(connection, change.facts)
    _links(database, connection, change)
    for gone in change.detached:
        attachments.take_away(connection, gone, _at(change))
    if change.fires is not None:
        # First: what has fired is not among the open ones that are replaced.
        timers.fire(connection, change.fires, change.fired_at or _at(change))
    if change.timers is not None:
        timers.keep(database, connection, ticket.reference, change.timers)
    for note in change.notes:
        audit.append(database, connection, note)


def _turn(connection: sa.Connection, conversation_id: str, happened: Happened, at: dt.datetime) -> None:
    state = State(connection.execute(_STATE, {"of_id": conversation_id}).scalar_one())
    values = {"of_id": conversation_id, "state": after(state, happened).value, "updated_at": at}
    connection.execute(_TO_STATE, values)


def _say(connection: sa.Connection, change: Change) -> None:
    if change.said is None:
        return
    message, conversation_id = change.said.message, change.said.conversation_id
    count = connection.execute(_COUNT_UP, {"of_id": conversation_id}).scalar_one()
    row = {
        "conversation_id": conversation_id,
        "seq": count - 1,
        "id": message.id,
        "role": Role.AGENT.value,
        "text": message.text,
        "at": message.at,
        "client_id": message.client_id,
        "reply": None,
        "author": message.author,
    }
    connection.execute(sa.insert(messages), row)


def _links(database: Database, connection: sa.Connection, change: Change) -> None:
    at, reference = _at(change), change.ticket.reference
    if change.linked:
        rows = [
            {"reference": one.reference, "other": one.other, "kind": one.kind, "at": at}
            for one in change.linked
        ]
        connection.execute(database.insert(ticket_links).on_conflict_do_nothing(), rows)
    for link in change.unlinked:
        pair = {link.reference, link.other}
        connection.execute(
            sa.delete(ticket_links).where(ticket_links.c.reference.in_(pair), ticket_links.c.other.in_(pair))
        )
    if change.articles:
        rows = [{"reference": reference, **_article(one), "at": at} for one in change.articles]
        connection.execute(database.insert(ticket_articles).on_conflict_do_nothing(), rows)
    for article in change.articles_taken_out:
        connection.execute(
            sa.delete(ticket_articles).where(
                ticket_articles.c.reference == reference,
                ticket_articles.c.article_id == article.article_id,
                ticket_articles.c.locale == article.locale,
            )
        )


def _article(link: ArticleLink) -> dict[str, Any]:
    return {"article_id": link.article_id, "locale": link.locale}


def _at(change: Change) -> dt.datetime:
    return change.step.events[-1].at if change.step.events else change.ticket.created_at


class TicketLog:
    """Implements `bot.tickets.store.TicketStore`; methods raise `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, reference: str) -> Ticket | None:
        """The ticket with this reference, or None."""
        with self._database.reading() as connection:
            row = connection.execute(_TICKET, {"of_reference": reference}).mappings().first()
        return None if row is None else ticket_of(row)

    def apply(self, change: Change) -> None:
        """Stores a change, all of it or nothing. Raises `TicketMoved`, with what was done meanwhile."""
        durable = bool(change.notes)
        try:
            with self._database.writing(durable=durable) as connection:
                apply(self._database, connection, change)
        except TicketMoved as moved:
            raise self.moved(change.ticket.reference, change.step.seen) or moved from moved
        except sa.exc.IntegrityError as error:
            if not is_repeated(error):
                raise
            # The same message came twice at the same moment.
            raise self.moved(change.ticket.reference, change.step.seen) or TicketMoved(
                change.ticket, ()
            ) from error

    def was_said(self, conversation_id: str, client_id: str) -> bool:
        """Whether a message with its sender's own id is in a conversation already."""
        with self._database.reading() as connection:
            known = {"of_id": conversation_id, "client_id": client_id}
            return connection.execute(_WAS_SAID, known).first() is not None

    def moved(self, reference: str, since: int) -> TicketMoved | None:
        """What became of a ticket since a version; None where it is that version still."""
        ticket = self.get(reference)
        if ticket is None or ticket.version == since:
            return None
        return TicketMoved(ticket, tuple(self.events(reference, since)))

    def events(self, reference: str, since: int = 0) -> Sequence[Event]:
        """What happened to a ticket after a version, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(_EVENTS, {"of_reference": reference, "since": since})
            return [Event(*row) for row in rows]

    def linked(self, reference: str) -> Sequence[tuple[str, Row]]:
        """Tickets that belong to one, each with how: `repeat` or `related`."""
        with self._database.reading() as connection:
            rows = connection.execute(_LINKED, {"of_reference": reference}).mappings()
            return [(row["kind"], row_from(row)) for row in rows]

    def articles(self, reference: str) -> Sequence[ArticleLink]:
        """Articles that helped with a ticket."""
        with self._database.reading() as connection:
            return [ArticleLink(*row) for row in connection.execute(_ARTICLES, {"of_reference": reference})]

    def of_customer(self, contact: str, but: str = "") -> Sequence[Row]:
        """A customer's other tickets by their contact, newest first."""
        if not contact:
            return ()
        with self._database.reading() as connection:
            known = {"of_contact": contact, "of_reference": but}
            return [row_from(row) for row in connection.execute(_OF_CUSTOMER, known).mappings()]

    def solved(self, most: int) -> Sequence[Ticket]:
        """Solved tickets that have a category, newest first."""
        with self._database.reading() as connection:
            return [ticket_of(row) for row in connection.execute(_SOLVED, {"most": most}).mappings()]

    def merged(self, reference: str) -> Sequence[tuple[str, str]]:
        """Tickets that this one goes on for: reference and conversation of each."""
        with self._database.reading() as connection:
            found = connection.execute(_MERGED, {"of_reference": reference})
            return [(row.reference, row.conversation_id) for row in found]

    def conversations(self, reference: str) -> Sequence[str]:
        """A ticket's conversation first, then those of tickets merged into it. Raises `NotFound`."""
        ticket = self.get(reference)
        if ticket is None:
            raise NotFound("There is no such ticket.")
        return (ticket.conversation_id, *(where for _, where in self.merged(reference)))
