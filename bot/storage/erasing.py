"""Rows that tell of a customer, emptied or deleted in one transaction; what others point at stays, without words."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

import sqlalchemy as sa

from bot.desk.steps import What
from bot.desk.ticket import FINISHED
from bot.dialogue.conversation import State
from bot.errors import StorageUnavailable
from bot.people.audit import Note
from bot.people.erasure import ERASED, Traces
from bot.storage import audit, tables
from bot.storage.columns import LegalText
from bot.storage.engine import Database
from bot.storage.tables import (
    article_drafts,
    attachments,
    conversations,
    facts,
    feedback,
    live_chats,
    messages,
    outbox,
    request_links,
    reviews,
    suggestion_outcomes,
    surveys,
    ticket_events,
    ticket_vectors,
    tickets,
)

#: Events whose values are words of the desk's own, names of colleagues, or ids; what others hold somebody wrote.
_KEPT: Final = (
    *(What.OPENED, What.STATUS, What.ASSIGNEE, What.REPLY, What.CUSTOMER_WROTE, What.PRIORITY, What.CATEGORY),
    *(What.SERVICE, What.QUEUE, What.LEVEL, What.TAGS, What.LINKED, What.UNLINKED, What.MERGED, What.ARTICLE),
    *(What.ARTICLE_TAKEN_OUT, What.ATTACHED, What.WARNED, What.BREACHED),
)
#: Found for one customer at most; more is a shared address and no person.
_MOST: Final = 10_000


class ErasingLog:
    """Implements `bot.people.erasure.ErasureStore`; methods raise `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def traces(self, who: str) -> Traces:
        """By an address in lower case, or the reference of a ticket."""
        with self._database.reading() as connection:
            address, ids = who.lower(), set[str]()
            if "@" not in who:
                asked = sa.select(tickets.c.conversation_id, tickets.c.contact)
                row = connection.execute(asked.where(tickets.c.reference == who.upper())).first()
                address, ids = (row[1].lower(), {row[0]}) if row else ("", set())
            if address:
                ids.update(row[0] for row in connection.execute(_of_address(address)))
            # The same signed session, or the same identified customer.
            owners = sa.select(conversations.c.owner).where(conversations.c.id.in_(ids))
            owned = sa.select(conversations.c.id).where(
                conversations.c.owner != "", conversations.c.owner.in_(owners)
            )
            found = sorted(ids | set(connection.execute(owned.limit(_MOST)).scalars())) if ids else []
            of = tickets.c.conversation_id.in_(found)
            rows = connection.execute(sa.select(tickets.c.reference, tickets.c.status).where(of)).all()
            references = tuple(sorted(row[0] for row in rows))
            return Traces(
                address=address,
                conversations=tuple(found),
                tickets=references,
                unfinished=tuple(sorted(row[0] for row in rows if row[1] not in FINISHED)),
                messages=_count(connection, messages, messages.c.conversation_id.in_(found)),
                files=_count(
                    connection,
                    attachments,
                    sa.and_(attachments.c.conversation_id.in_(found), attachments.c.removed_at.is_(None)),
                ),
                drafts=tuple(
                    connection.execute(
                        sa.select(article_drafts.c.title)
                        .where(article_drafts.c.reference.in_(references))
                        .order_by(article_drafts.c.title)
                    ).scalars()
                ),
            )

    def erase(self, traces: Traces, note: Note, at: dt.datetime) -> frozenset[str]:
        """Empties what tells of them; gives digests of contents that may go."""
        ids, references = traces.conversations, traces.tickets
        with self._database.writing(durable=True) as connection:
            digests = connection.execute(
                sa.select(attachments.c.digest).where(attachments.c.conversation_id.in_(ids))
            )
            wanted = frozenset(digests.scalars())
            for statement in (*_of_conversations(ids, at), *_of_tickets(references)):
                connection.execute(statement)
            if traces.address:
                connection.execute(
                    sa.delete(request_links).where(sa.func.lower(request_links.c.contact) == traces.address)
                )
            audit.append(self._database, connection, note)
        return wanted

    def places(self, address: str) -> Mapping[str, int]:
        """Columns of any table that hold an address, with the number of rows; looks at every row there is."""
        pattern = f"%{address.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
        found: dict[str, int] = {}
        with self._database.reading() as connection:
            for table in tables.metadata.sorted_tables:
                for column in table.c:
                    if not isinstance(column.type, LegalText):
                        continue
                    if count := _count(connection, table, sa.func.lower(column).like(pattern, escape="!")):
                        found[f"{table.name}.{column.name}"] = count
        return found

    def compact(self) -> bool:
        """Has the database give up the room of what is gone; False where others were using it."""
        try:
            self._database.compact()
        except StorageUnavailable:
            return False
        return True


def _of_address(address: str) -> sa.Select[str]:
    return (
        sa.select(conversations.c.id)
        .outerjoin(tickets, tickets.c.conversation_id == conversations.c.id)
        .where(
            sa.or_(
                sa.func.lower(conversations.c.contact) == address, sa.func.lower(tickets.c.contact) == address
            )
        )
        .limit(_MOST)
    )


def _count(connection: sa.Connection, table: sa.Table, where: sa.ColumnElement[bool]) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(table).where(where)).scalar_one())


def _of_conversations(ids: Sequence[str], at: dt.datetime) -> tuple[sa.Executable, ...]:
    said = sa.select(messages.c.id).where(messages.c.conversation_id.in_(ids))
    return (
        sa.delete(feedback).where(feedback.c.message_id.in_(said)),
        sa.delete(messages).where(messages.c.conversation_id.in_(ids)),
        sa.delete(live_chats).where(live_chats.c.conversation_id.in_(ids)),
        sa.update(conversations)
        .where(conversations.c.id.in_(ids))
        .values(state=State.CLOSED.value, contact="", owner="", message_count=0),
        sa.update(facts).where(facts.c.conversation_id.in_(ids)).values(marks=""),
        sa.update(surveys).where(surveys.c.conversation_id.in_(ids)).values(comment=""),
        sa.update(attachments).where(attachments.c.conversation_id.in_(ids)).values(name=""),
        sa.update(attachments)
        .where(attachments.c.conversation_id.in_(ids), attachments.c.removed_at.is_(None))
        .values(removed_at=at, removed_why=ERASED),
    )


def _of_tickets(references: Sequence[str]) -> tuple[sa.Executable, ...]:
    of_event = ticket_events.c.reference.in_(references)
    return (
        sa.update(tickets)
        .where(tickets.c.reference.in_(references))
        .values(subject="", contact="", packet="", version=tickets.c.version + 1),
        sa.update(ticket_events)
        .where(of_event, ticket_events.c.what.not_in([one.value for one in _KEPT]))
        .values(before="", after=""),
        sa.delete(ticket_vectors).where(ticket_vectors.c.reference.in_(references)),
        sa.update(suggestion_outcomes)
        .where(suggestion_outcomes.c.ticket.in_(references))
        .values(question="", reply=""),
        sa.update(reviews).where(reviews.c.reference.in_(references)).values(comment=""),
        sa.delete(outbox).where(outbox.c.reference.in_(references)),
    )
