"""Learned questions on both databases: pairs, events, vectors, and the counter that servers follow."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bot.dialogue.learned import Event, Pair, What
from bot.storage.conversations import ConversationLog
from bot.storage.engine import Database
from bot.storage.learned import LearnedLog
from bot.storage.tables import learned_head
from tests.storage.samples import LATER, NOON, REFUNDS, RETURNS, turn

PAIR = Pair("how do I send it back ☕", RETURNS, "0123456789ab", "by-post", "d1")


def event(
    what: What = What.CUSTOMER_CONFIRMED, source: str = "conversation:c1", at: dt.datetime = NOON
) -> Event:
    return Event(what, source, "m1", at)


@pytest.fixture
def learned(database: Database) -> LearnedLog:
    return LearnedLog(database)


def test_a_pair_comes_back_with_its_events_in_order(learned: LearnedLog) -> None:
    first = learned.learn(PAIR, event())
    learned.add([first], event(What.FORGOTTEN, "agent:eve", LATER))
    (found,) = learned.questions()
    assert (found.id, found.pair) == (first, PAIR)
    assert found.events == (event(), event(What.FORGOTTEN, "agent:eve", LATER))


def test_a_whole_article_and_its_first_section_are_two_pairs(learned: LearnedLog) -> None:
    whole = learned.learn(replace(PAIR, anchor=None), event())
    section = learned.learn(replace(PAIR, anchor=""), event())
    assert whole != section
    assert [one.pair.anchor for one in learned.questions()] == [None, ""]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (replace(PAIR, text="  How do I  SEND it back ☕ "), True),
        (replace(PAIR, revision="ffffffffffff"), True),  # the section reads as before
        (replace(PAIR, digest="d2"), False),
        (replace(PAIR, key=REFUNDS), False),
        (replace(PAIR, text="where is my refund"), False),
    ],
)
def test_the_same_words_for_the_same_section_are_one_pair(
    learned: LearnedLog, other: Pair, same: bool
) -> None:
    assert (learned.learn(PAIR, event()) == learned.learn(other, event(source="conversation:c2"))) is same


def test_the_version_grows_with_every_change_and_with_nothing_else(learned: LearnedLog) -> None:
    versions = [learned.version()]
    first = learned.learn(PAIR, event())
    versions.append(learned.version())
    learned.add([first], event(What.FORGOTTEN))
    versions.append(learned.version())
    learned.add([], event(What.FORGOTTEN))
    learned.keep_vectors("model", {first: b"\x01\x02"})
    versions.append(learned.version())
    learned.erase("conversation:c1")
    versions.append(learned.version())
    assert versions == [0, 1, 2, 2, 3]


def test_customers_who_confirm_at_the_same_time_are_all_heard(
    url: str, opened: Callable[..., Database]
) -> None:
    logs = [LearnedLog(opened(url)) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda n: logs[n % 3].learn(PAIR, event(source=f"conversation:c{n}")), range(12)))
    (found,) = logs[0].questions()
    assert {one.source for one in found.events} == {f"conversation:c{n}" for n in range(12)}
    assert logs[0].version() == 12


def test_vectors_are_kept_by_model_and_the_first_one_stays(learned: LearnedLog) -> None:
    first = learned.learn(PAIR, event())
    learned.keep_vectors("one", {first: b"\x00\xff\x01"})
    learned.keep_vectors("one", {first: b"other", 999: b"of nobody"})
    learned.keep_vectors("two", {})
    assert learned.vectors("one") == {first: b"\x00\xff\x01"}
    assert learned.vectors("two") == {}


def test_erasing_a_conversation_leaves_what_others_said(learned: LearnedLog) -> None:
    only = learned.learn(PAIR, event())
    shared = learned.learn(replace(PAIR, key=REFUNDS), event())
    learned.learn(replace(PAIR, key=REFUNDS), event(source="conversation:c2"))
    learned.keep_vectors("one", {only: b"1", shared: b"2"})
    assert learned.erase("conversation:c1") == 1
    (left,) = learned.questions()
    assert (left.id, [one.source for one in left.events]) == (shared, ["conversation:c2"])
    assert learned.vectors("one") == {shared: b"2"}
    assert learned.erase("conversation:c1") == 0


def test_the_conversation_of_a_message_is_found(database: Database, learned: LearnedLog) -> None:
    ConversationLog(database).record(turn(0), seen=0)
    assert learned.conversation_of("out-c1-0") == "c1"
    assert learned.conversation_of("nobody") is None


def test_a_change_that_fails_is_not_counted(database: Database, learned: LearnedLog) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign"):
        learned.add([41], event(What.FORGOTTEN))
    assert learned.version() == 0
    with database.reading() as connection:
        assert connection.execute(learned_head.select()).all() == []
