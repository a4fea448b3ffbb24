"""Conversations on both databases: turns, two writers at once, tickets and feedback."""

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.dialogue.conversation import Conversation, Role, State
from bot.errors import ConversationMoved
from bot.ports import Exchange, Feedback
from bot.storage.conversations import ConversationLog
from bot.storage.engine import Database, open_database
from bot.storage.tables import conversations, feedback, messages, ticket_events, tickets
from tests.storage.samples import BERLIN, LATER, NOON, message, ticket, turn


def rows(database: Database, table: sa.Table) -> list[tuple[object, ...]]:
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(sa.select(table))]


def test_an_unknown_conversation_is_none(log: ConversationLog) -> None:
    assert log.get("nobody") is None


def test_a_turn_comes_back_as_it_was_said(log: ConversationLog) -> None:
    said = turn(0, contact="ada@example.org", state=State.AWAITING_CHOICE)
    log.record(said, seen=0)
    assert log.get("c1") == Conversation(
        id="c1",
        state=State.AWAITING_CHOICE,
        language="en",
        contact="ada@example.org",
        ticket="",
        started_at=NOON,
        messages=(said.incoming, said.outgoing),
    )


def test_turns_are_appended_in_order_and_the_last_one_sets_the_state(log: ConversationLog) -> None:
    turns = [turn(number) for number in range(6)]
    turns[5] = turn(5, state=State.CLOSED, language="de", contact="new@example.org")
    for number, said in enumerate(turns):
        log.record(said, seen=2 * number)
    found = log.get("c1")
    assert found is not None
    assert found.messages == tuple(part for said in turns for part in (said.incoming, said.outgoing))
    assert (found.state, found.language, found.contact) == (State.CLOSED, "de", "new@example.org")
    assert found.started_at == NOON


def test_conversations_do_not_mix(log: ConversationLog) -> None:
    log.record(turn(0, "c1"), seen=0)
    log.record(turn(0, "c2"), seen=0)
    found = log.get("c2")
    assert found is not None
    assert [part.id for part in found.messages] == ["in-c2-0", "out-c2-0"]


def test_times_come_back_as_the_same_moment_in_utc(log: ConversationLog) -> None:
    at = dt.datetime(2025, 6, 1, 0, 0, 0, 1, tzinfo=BERLIN)
    log.record(turn(0, incoming=message("in", Role.CUSTOMER, at=at)), seen=0)
    found = log.get("c1")
    assert found is not None
    assert found.messages[0].at == dt.datetime(2025, 5, 31, 23, 0, 0, 1, tzinfo=dt.UTC)
    assert found.messages[0].at.tzinfo is dt.UTC


def test_strangers_text_is_stored_whole_except_for_what_no_database_holds(log: ConversationLog) -> None:
    text = "'; DROP TABLE messages; -- \\ \" 😀 \u202e\x00\ud83d" + "long " * 5000
    incoming = message("in", Role.CUSTOMER, text, client_id="c\x00")
    log.record(turn(0, incoming=incoming, contact="a\x00@example.org"), seen=0)
    found = log.get("c1")
    assert found is not None
    assert found.messages[0].text == text.replace("\x00", "\ufffd").replace("\ud83d", "\ufffd")
    assert found.messages[0].client_id == "c\ufffd"
    assert found.contact == "a\ufffd@example.org"


@pytest.mark.parametrize("name", ["\x00", "\ud800", "' OR 1=1 --", "☕" * 3000])
def test_a_strange_id_is_simply_not_known(log: ConversationLog, name: str) -> None:
    log.record(turn(0), seen=0)
    assert log.get(name) is None
    assert log.ticket(name) is None
    assert log.add_feedback(Feedback(name, True, "", NOON)) is False


@pytest.mark.parametrize("seen", [0, 1, 4])
def test_a_turn_decided_on_another_number_of_messages_is_refused(
    log: ConversationLog, database: Database, seen: int
) -> None:
    log.record(turn(0), seen=0)
    before = rows(database, conversations)
    with pytest.raises(ConversationMoved, match="please send yours again"):
        log.record(turn(1, ticket=ticket(), state=State.WITH_PEOPLE), seen=seen)
    assert rows(database, conversations) == before
    assert len(rows(database, messages)) == 2
    assert rows(database, tickets) == []


def test_a_conversation_that_does_not_exist_has_moved(log: ConversationLog, database: Database) -> None:
    with pytest.raises(ConversationMoved):
        log.record(turn(1), seen=2)
    assert rows(database, messages) == []


def test_a_repeated_send_is_refused_even_when_the_count_fits(
    log: ConversationLog, database: Database
) -> None:
    log.record(turn(0), seen=0)
    again = turn(1, incoming=message("other", Role.CUSTOMER, client_id="send-0"))
    with pytest.raises(ConversationMoved):
        log.record(again, seen=2)
    assert len(rows(database, messages)) == 2


def test_senders_without_ids_and_other_conversations_do_not_clash(log: ConversationLog) -> None:
    log.record(turn(0, "c1", incoming=message("a", Role.CUSTOMER)), seen=0)
    log.record(turn(1, "c1", incoming=message("b", Role.CUSTOMER)), seen=2)
    log.record(turn(0, "c2", incoming=message("c", Role.CUSTOMER, client_id="send-0")), seen=0)
    log.record(turn(0, "c3", incoming=message("d", Role.CUSTOMER, client_id="send-0")), seen=0)
    found = log.get("c1")
    assert found is not None
    assert len(found.messages) == 4


def test_a_handed_off_turn_stores_its_ticket_and_the_opening_event(
    log: ConversationLog, database: Database
) -> None:
    opened = ticket()
    log.record(turn(0), seen=0)
    log.record(turn(1, ticket=opened, state=State.WITH_PEOPLE), seen=2)
    assert log.ticket("TZ-4F7K-9Q2M") == opened
    found = log.get("c1")
    assert found is not None
    assert (found.ticket, found.state) == ("TZ-4F7K-9Q2M", State.WITH_PEOPLE)
    ((_, reference, at, *event, _announced, version),) = rows(database, ticket_events)
    assert (reference, at, event, version) == ("TZ-4F7K-9Q2M", NOON, ["bot", "opened", "", "new"], 1)


def test_a_first_message_may_open_a_ticket_and_later_turns_keep_it(log: ConversationLog) -> None:
    log.record(turn(0, ticket=ticket()), seen=0)
    log.record(turn(1), seen=2)
    found = log.get("c1")
    assert found is not None
    assert found.ticket == "TZ-4F7K-9Q2M"


def test_a_reference_already_given_is_refused_and_nothing_of_the_turn_is_stored(
    log: ConversationLog, database: Database
) -> None:
    log.record(turn(0, "c1", ticket=ticket(conversation_id="c1")), seen=0)
    with pytest.raises(ConversationMoved):
        log.record(turn(0, "c2", ticket=ticket(conversation_id="c2")), seen=0)
    assert log.get("c2") is None
    assert len(rows(database, ticket_events)) == 1


def test_tickets_are_listed_newest_first_up_to_the_limit(log: ConversationLog) -> None:
    for hour in (2, 0, 3, 1):
        name = f"c{hour}"
        opened = ticket(f"TZ-{hour}", name, NOON + dt.timedelta(hours=hour))
        log.record(turn(0, name, ticket=opened), seen=0)
    assert [each.reference for each in log.tickets()] == ["TZ-3", "TZ-2", "TZ-1", "TZ-0"]
    assert [each.reference for each in log.tickets(limit=2)] == ["TZ-3", "TZ-2"]
    assert log.tickets(limit=0) == []
    assert log.tickets(limit=-1) == []
    assert log.ticket("TZ-9") is None


def test_feedback_is_added_for_messages_of_the_bot_only(log: ConversationLog, database: Database) -> None:
    log.record(turn(0), seen=0)
    assert log.add_feedback(Feedback("out-c1-0", True, "thanks\x00 😀", NOON)) is True
    assert log.add_feedback(Feedback("out-c1-0", False, "", LATER)) is True
    assert log.add_feedback(Feedback("in-c1-0", True, "", NOON)) is False
    assert log.add_feedback(Feedback("unknown", True, "", NOON)) is False
    assert [row[1:] for row in rows(database, feedback)] == [
        ("out-c1-0", True, "thanks\ufffd 😀", NOON),
        ("out-c1-0", False, "", LATER),
    ]


def outcomes(writers: list[Callable[[], None]]) -> list[str]:
    """Runs all writers at the same moment; says how each ended."""
    start = threading.Barrier(len(writers))

    def run(writer: Callable[[], None]) -> str:
        start.wait()
        try:
            writer()
        except ConversationMoved:
            return "moved"
        return "stored"

    with ThreadPoolExecutor(len(writers)) as pool:
        return sorted(pool.map(run, writers))


def writing(log: ConversationLog, said: Exchange, seen: int) -> Callable[[], None]:
    return lambda: log.record(said, seen)


@pytest.mark.parametrize("processes", ["one", "two"])
def test_of_two_writers_at_once_one_is_stored_and_the_other_told(
    url: str, opened: Callable[..., Database], processes: str
) -> None:
    first = ConversationLog(opened(url))
    # A database of its own shares no lock with the first, like another process.
    second = first if processes == "one" else ConversationLog(opened(url))
    for round_ in range(15):
        name = f"c{round_}"
        for number in range(3):
            rivals = [
                writing(
                    log,
                    turn(
                        number, name, incoming=message(f"in-{name}-{number}-{who}", Role.CUSTOMER, text=who)
                    ),
                    2 * number,
                )
                for log, who in ((first, "a"), (second, "b"))
            ]
            assert outcomes(rivals) == ["moved", "stored"]
        found = first.get(name)
        assert found is not None
        assert len(found.messages) == 6


def test_a_send_repeated_at_the_same_moment_is_stored_once(log: ConversationLog, database: Database) -> None:
    said = turn(0)
    assert outcomes([writing(log, said, 0) for _ in range(4)]) == ["moved", "moved", "moved", "stored"]
    assert len(rows(database, messages)) == 2


def test_forty_threads_write_their_own_conversations_side_by_side(
    log: ConversationLog, database: Database
) -> None:
    def talk(name: str) -> None:
        for number in range(5):
            log.record(turn(number, name), seen=2 * number)

    names = [f"c{number}" for number in range(40)]
    assert outcomes([lambda name=name: talk(name) for name in names]) == ["stored"] * 40  # type: ignore[misc]
    assert len(rows(database, messages)) == 400
    assert all(len(found.messages) == 10 for name in names if (found := log.get(name)))


def test_a_ping_to_a_database_that_answers_says_nothing(log: ConversationLog) -> None:
    log.ping()


def test_what_was_stored_is_there_after_a_restart(url: str, opened: Callable[..., Database]) -> None:
    database = open_database(url)
    ConversationLog(database).record(turn(0), seen=0)
    database.close()
    assert ConversationLog(opened(url)).get("c1") is not None


def test_a_conversation_keeps_whose_it_is_and_the_newest_of_an_owner_is_found(log: ConversationLog) -> None:
    log.record(replace(turn(0, "c1"), owner="v_ada"), seen=0)
    log.record(replace(turn(0, "c2"), owner="v_bob"), seen=0)
    log.record(turn(0, "c3"), seen=0)
    log.record(replace(turn(1, "c1"), owner=""), seen=2)
    found = log.get("c1")
    assert found is not None
    assert found.owner == "v_ada"
    assert log.owner_of_message("out-c2-0") == "v_bob"
    assert [log.owner_of_message(each) for each in ("out-c3-0", "nothing")] == ["", ""]
    assert log.newest_of("v_ada", NOON) == "c1"
    assert [log.newest_of("v_ada", NOON + dt.timedelta(days=1)), log.newest_of("", NOON)] == ["", ""]
