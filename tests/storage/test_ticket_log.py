"""Steps of tickets on both databases: one transaction each, and the second of two is told."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from bot.changes import ArticleLink, Change, Link, Said, TicketMoved, change_of, with_links
from bot.desk.life import Action
from bot.desk.policy import load_policy
from bot.desk.steps import Edit, What, Work
from bot.desk.ticket import Priority, Status, Ticket
from bot.dialogue.conversation import Message, Role, State
from bot.errors import ConversationMoved
from bot.people.audit import verify
from bot.storage.audit import entries
from bot.storage.conversations import ConversationLog
from bot.storage.engine import Database
from bot.storage.tables import facts, ticket_events
from bot.storage.tickets import TicketLog
from tests.storage.samples import LATER, ticket, turn

POLICY = load_policy()
ANA = "account:ana"


@pytest.fixture
def given(log: ConversationLog) -> Ticket:
    return handed_off(log, ticket())


def handed_off(log: ConversationLog, opened: Ticket) -> Ticket:
    log.record(turn(0, opened.conversation_id, ticket=opened, state=State.WITH_PEOPLE), seen=0)
    return opened


@pytest.fixture
def desk(database: Database) -> TicketLog:
    return TicketLog(database)


def replied(of: Ticket, text: str = "Hello Ada", then: Action = Action.WAIT) -> Change:
    work = Work(of, ANA, LATER, POLICY)
    message = Message(f"agent-{of.version}", Role.AGENT, text, LATER, author="Ana")
    work.replied(message.id)
    work.act(then)
    return change_of(work.done(), Said(message, of.conversation_id))


def test_a_reply_is_a_message_an_event_a_fact_and_a_note_at_once(
    given: Ticket, desk: TicketLog, log: ConversationLog, database: Database
) -> None:
    change = replied(given)
    desk.apply(change)
    assert desk.get(given.reference) == change.ticket
    conversation = log.get("c1")
    assert conversation is not None
    said = conversation.messages[-1]
    assert (said.role, said.text, said.author) == (Role.AGENT, "Hello Ada", "Ana")
    assert [event.what for event in desk.events(given.reference, 1)] == ["reply", "status"]
    with database.reading() as connection:
        kinds = connection.execute(sa.select(facts.c.kind, facts.c.who).order_by(facts.c.id)).all()
    assert kinds[-1] == ("agent_replied", "ana")
    kept = list(entries(database))
    assert [entry.note.what for entry in kept] == ["ticket.reply", "ticket.status"]
    assert verify(kept).broken_at is None
    log.record(turn(1, "c1", state=State.WITH_PEOPLE), seen=3)


def test_the_second_of_two_is_told_what_the_first_did_and_stores_nothing(
    given: Ticket, desk: TicketLog, log: ConversationLog
) -> None:
    desk.apply(replied(given))
    with pytest.raises(TicketMoved) as moved:
        desk.apply(replied(given, "Hello from somebody else"))
    assert [one.what for one in moved.value.changes] == ["reply", "status"]
    assert moved.value.ticket.version == 2
    conversation = log.get("c1")
    assert conversation is not None
    assert [one.text for one in conversation.messages if one.role is Role.AGENT] == ["Hello Ada"]


def test_of_many_at_once_one_is_first(given: Ticket, desk: TicketLog, database: Database) -> None:
    start = threading.Barrier(6)

    def attempt(number: int) -> bool:
        work = Work(given, f"account:{number}", LATER, POLICY)
        work.assign(f"account:{number}", "took it", Action.TAKE)
        start.wait()
        try:
            TicketLog(database).apply(change_of(work.done()))
        except TicketMoved:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(attempt, range(6))) == [False] * 5 + [True]
    assert len([one for one in desk.events(given.reference) if one.what == What.ASSIGNEE]) == 1


def test_the_customers_next_message_and_what_it_changes_are_one_transaction(
    given: Ticket, desk: TicketLog, log: ConversationLog, database: Database
) -> None:
    desk.apply(replied(given))
    waiting = desk.get(given.reference)
    assert waiting is not None
    assert waiting.status is Status.WAITING
    work = Work(waiting, "customer", LATER, POLICY)
    work.customer_wrote("in-c1-1")
    change = change_of(work.done())
    with pytest.raises(ConversationMoved):
        log.record(turn(1, state=State.WITH_PEOPLE, change=change), seen=1)
    assert desk.get(given.reference) == waiting
    log.record(turn(1, state=State.WITH_PEOPLE, change=change), seen=3)
    assert desk.get(given.reference) == change.ticket
    with pytest.raises(ConversationMoved):
        log.record(turn(2, state=State.WITH_PEOPLE, change=change), seen=5)
    with database.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(ticket_events)).scalar_one() == 5


def test_all_fields_come_back(given: Ticket, desk: TicketLog) -> None:
    work = Work(given, ANA, LATER, POLICY)
    tags = ("late", 'say "hi"')
    work.edit(Edit(Priority.LOW, "delivery", "general", "billing", 2, tags))
    work.assign(ANA, "took it", Action.TAKE)
    desk.apply(change_of(work.done()))
    found = desk.get(given.reference)
    assert found == work.done().ticket
    assert (found.category, found.level, found.tags, found.assignee) == ("delivery", 2, tags, ANA)


def test_links_hold_in_both_directions_and_can_be_taken_back(log: ConversationLog, desk: TicketLog) -> None:
    one, other = handed_off(log, ticket("TZ-1", "c1")), handed_off(log, ticket("TZ-2", "c2"))
    work = Work(one, ANA, LATER, POLICY)
    work.note(What.LINKED, "TZ-2")
    desk.apply(with_links(change_of(work.done()), Link("TZ-1", "TZ-2", "related")))
    assert [(how, row.reference) for how, row in desk.linked("TZ-2")] == [("related", "TZ-1")]
    assert [row.reference for row in desk.of_customer(one.contact, but="TZ-1")] == ["TZ-2"]
    assert desk.of_customer("") == ()
    work = Work(other, ANA, LATER, POLICY)
    work.note(What.UNLINKED, "TZ-1")
    change = change_of(work.done())
    desk.apply(Change(change.step, unlinked=(Link("TZ-2", "TZ-1", ""),), articles=(ArticleLink("a", "en"),)))
    assert (desk.linked("TZ-1"), desk.linked("TZ-2")) == ([], [])
    assert desk.articles("TZ-2") == [ArticleLink("a", "en")]


def test_an_unknown_ticket_is_none(desk: TicketLog) -> None:
    assert desk.get("TZ-0") is None
    assert desk.moved("TZ-0", 1) is None
    assert (desk.events("TZ-0"), desk.linked("TZ-0"), desk.merged("TZ-0")) == ([], [], [])
