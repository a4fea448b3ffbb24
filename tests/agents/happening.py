"""What happens to tickets, told as the desk tells it, for tests of what comes of it."""

import datetime as dt

import sqlalchemy as sa

from bot.storage.tables import messages, ticket_events, tickets
from tests.agents.colleagues import House


def happen(desk: House, reference: str, *steps: tuple[str, str, str]) -> None:
    """What the desk writes into a ticket's history, and the status it leaves the ticket in."""
    with desk.services.database.writing() as connection:
        for what, before, after in steps:
            row = {"reference": reference, "at": desk.clock.at, "who": "account:a", "what": what}
            connection.execute(sa.insert(ticket_events), {**row, "before": before, "after": after})
            if what == "status":
                change = sa.update(tickets).where(tickets.c.reference == reference)
                connection.execute(change.values(status=after))


def reply(desk: House, reference: str, text: str, role: str = "agent") -> str:
    """What a person, or the customer, writes into the ticket's conversation; the message's id."""
    ticket = desk.services.conversations.ticket(reference)
    assert ticket is not None
    id_ = desk.clock.chance().new_id()
    with desk.services.database.writing() as connection:
        seq = (
            sa.select(sa.func.count())
            .select_from(messages)
            .where(messages.c.conversation_id == ticket.conversation_id)
        )
        row = {"conversation_id": ticket.conversation_id, "seq": connection.execute(seq).scalar_one()}
        said = {"id": id_, "role": role, "text": text, "at": desk.clock.at, "client_id": ""}
        connection.execute(sa.insert(messages), {**row, **said})
    return id_


def run(desk: House, forward: dt.timedelta = dt.timedelta(0)) -> None:
    desk.clock.at += forward
    while desk.services.delivery.run():
        pass
