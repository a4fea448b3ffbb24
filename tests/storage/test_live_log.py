"""Live chats as stored, on both databases: who is there, what has been seen, and steps that only one can make."""

import datetime as dt
import threading

import pytest

from bot.desk.live import AWAY, LiveChat, Marks, Present, Side, is_here
from bot.dialogue.conversation import Message, Role, State
from bot.errors import ConversationMoved
from bot.live.step import LiveStep
from bot.people.accounts import Account
from bot.people.audit import Note
from bot.people.roles import Role as StaffRole
from bot.ports import Exchange
from bot.storage.conversations import ConversationLog
from bot.storage.engine import Database
from bot.storage.live import MOST_MESSAGES, LiveLog
from bot.storage.live_board import LiveBoard
from bot.storage.live_steps import LiveSteps
from bot.storage.people import PeopleLog
from tests.storage.samples import NOON, ticket, turn

MINUTE = dt.timedelta(minutes=1)


def agent(database: Database, name: str = "Mia") -> str:
    account = Account(name.lower(), f"{name}@example.org", name, StaffRole.AGENT, True, "", "", 0, NOON, 1)
    note = Note(NOON, "command", "account.added", f"account:{account.id}")
    PeopleLog(database).add(account, f"invitation of {name}", NOON, note)
    return account.id


def said(number: int, role: Role = Role.AGENT, at: dt.datetime = NOON) -> Message:
    return Message(f"said{number}", role, f"word {number}", at, None, f"client{number}", None, "Mia")


def taken(conversation_id: str, who: str, seen: int = 2, at: dt.datetime = NOON) -> LiveStep:
    line = Message(f"joined{seen}{who}", Role.SYSTEM, f"{who} has joined.", at)
    return LiveStep(conversation_id, seen, at, State.WITH_AGENT, (line,), who, at)


@pytest.fixture
def conversation_id(log: ConversationLog) -> str:
    opening = turn(0)
    log.record(opening, seen=0)
    return opening.conversation_id


def opened(name: str) -> Exchange:
    """A first turn; of the conversation `waiting`, one that is handed off."""
    if name != "waiting":
        return turn(0, name)
    return turn(0, name, state=State.WITH_PEOPLE, ticket=ticket("TZ-1", name))


def chat_of(database: Database, conversation_id: str) -> LiveChat:
    found = LiveLog(database).chat(conversation_id)
    assert found is not None
    return found


def test_an_agent_joins_talks_and_is_seen_by_the_other_side(
    database: Database, log: ConversationLog, conversation_id: str
) -> None:
    live, steps, mia = LiveLog(database), LiveSteps(database), agent(database)
    assert live.changes([conversation_id, "unknown"]) == {conversation_id: (2, 0, "answering", 0)}
    assert chat_of(database, conversation_id).account_id == ""
    live.beat([mia], [conversation_id], NOON)
    steps.record(taken(conversation_id, mia))
    step = LiveStep(conversation_id, 3, NOON + MINUTE, State.WITH_AGENT, (said(1),), mia, NOON)
    steps.record(step)
    chat = chat_of(database, conversation_id)
    assert (chat.state, chat.count, chat.name, chat.joined_at) == (State.WITH_AGENT, 4, "Mia", NOON)
    assert (chat.agent_seen_at, chat.customer_seen_at) == (NOON, NOON)
    assert chat.agent_active_at == NOON + MINUTE
    assert [one.account_id for one in [chat]] == [mia]
    assert live.held() == [chat]
    kept = log.get(conversation_id)
    assert kept is not None
    assert [one.role for one in kept.messages] == [Role.CUSTOMER, Role.BOT, Role.SYSTEM, Role.AGENT]
    assert kept.messages[-1].author == "Mia"
    assert live.messages(conversation_id, 2) == [(2, kept.messages[2]), (3, kept.messages[3])]
    assert live.changes([conversation_id])[conversation_id][0] == 4


def test_of_many_who_join_at_once_one_is_first(database: Database, conversation_id: str) -> None:
    names = [agent(database, name) for name in ("Mia", "Noa", "Olu", "Pia")]
    gate, refused = threading.Barrier(len(names)), []

    def join(who: str) -> None:
        gate.wait()
        try:
            LiveSteps(database).record(taken(conversation_id, who))
        except ConversationMoved:
            refused.append(who)

    threads = [threading.Thread(target=join, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == len(names) - 1
    assert chat_of(database, conversation_id).account_id == (set(names) - set(refused)).pop()


def test_a_step_that_came_too_late_stores_nothing(database: Database, conversation_id: str) -> None:
    mia = agent(database)
    before = chat_of(database, conversation_id)
    with pytest.raises(ConversationMoved):
        LiveSteps(database).record(taken(conversation_id, mia, seen=1))
    assert chat_of(database, conversation_id) == before


def test_what_was_seen_only_grows_and_never_beyond_what_was_said(
    database: Database, conversation_id: str
) -> None:
    live = LiveLog(database)
    live.seen(conversation_id, Side.CUSTOMER, 2, 1)
    version = chat_of(database, conversation_id).version
    live.seen(conversation_id, Side.CUSTOMER, 1, 1)
    live.seen(conversation_id, Side.CUSTOMER, 99, 99)
    live.seen(conversation_id, Side.AGENT, 1, 0)
    chat = chat_of(database, conversation_id)
    assert (chat.of(Side.CUSTOMER), chat.of(Side.AGENT)) == (Marks(2, 1), Marks(1, 0))
    # Only what is news is told.
    assert chat.version == version + 1


def test_a_typing_sign_is_news_and_counts_as_a_word_of_the_agent(
    database: Database, conversation_id: str
) -> None:
    live, mia = LiveLog(database), agent(database)
    LiveSteps(database).record(taken(conversation_id, mia))
    before = chat_of(database, conversation_id).version
    live.typing(conversation_id, Side.AGENT, NOON + 2 * MINUTE, NOON + MINUTE)
    live.typing(conversation_id, Side.CUSTOMER, NOON + MINUTE, NOON + MINUTE)
    chat = chat_of(database, conversation_id)
    assert (chat.agent.typing_until, chat.customer.typing_until) == (NOON + 2 * MINUTE, NOON + MINUTE)
    assert (chat.agent_active_at, chat.version) == (NOON + MINUTE, before + 2)


def test_agents_are_there_while_their_page_is_and_take_chats_when_they_say_so(database: Database) -> None:
    live, mia, noa = LiveLog(database), agent(database), agent(database, "Noa")
    assert not live.is_available(mia)
    live.beat([mia], [], NOON)
    assert live.present(NOON) == [Present(mia, "Mia", False, 0)]
    live.set_available(mia, True, NOON)
    live.beat([mia], [], NOON + MINUTE)
    live.beat([noa], [], NOON - MINUTE)
    assert live.present(NOON) == [Present(mia, "Mia", True, 0)]
    assert live.is_available(mia)
    # A beat that is late says nothing new.
    live.beat([mia], [], NOON)
    assert live.present(NOON + MINUTE) == [Present(mia, "Mia", True, 0)]


def test_the_list_has_who_is_there_or_wrote_lately(database: Database, log: ConversationLog) -> None:
    mia, live, board = agent(database), LiveLog(database), LiveBoard(database)
    for name in ("running", "waiting", "held", "old"):
        log.record(opened(name), seen=0)
    LiveSteps(database).record(taken("held", mia))
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE conversations SET updated_at = '2020-01-01 00:00:00.000000'")
    live.beat([], ["running", "waiting"], NOON)
    rows = {row.conversation_id: row for row in board.rows(NOON)}
    assert rows.keys() == {"running", "waiting", "held"}
    assert (rows["held"].name, rows["held"].account_id) == ("Mia", mia)
    assert is_here(rows["running"].customer_seen_at, NOON)
    assert rows["waiting"].ticket
    assert rows["waiting"].subject == "question 0"
    # Where somebody can be reached is not what their chat is about.
    address = Message("in-reach", Role.CUSTOMER, "You can reach me at ada@example.org.", NOON)
    log.record(turn(1, "waiting", incoming=address, state=State.WITH_PEOPLE), seen=2)
    assert {row.conversation_id: row.subject for row in board.rows(NOON)}["waiting"] == "how do i return"
    assert board.waiting(NOON) == 1
    assert board.waiting(NOON + 2 * AWAY) == 0
    live.left("running")
    assert {row.conversation_id for row in board.rows(NOON)} == {"waiting", "held"}


def test_a_long_talk_is_read_in_parts(database: Database, conversation_id: str) -> None:
    mia, steps = agent(database), LiveSteps(database)
    many = tuple(said(number) for number in range(MOST_MESSAGES + 3))
    steps.record(LiveStep(conversation_id, 2, NOON, State.WITH_AGENT, many, mia, NOON))
    first = LiveLog(database).messages(conversation_id, 0)
    assert len(first) == MOST_MESSAGES
    rest = LiveLog(database).messages(conversation_id, first[-1][0] + 1)
    assert [seq for seq, _ in rest] == list(range(MOST_MESSAGES, MOST_MESSAGES + 5))
