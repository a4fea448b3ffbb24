"""Judged turns on both databases: the newest word on a reply counts."""

import datetime as dt

from bot.ports import Feedback
from bot.storage.conversations import ConversationLog
from bot.storage.engine import Database
from bot.storage.turns import JudgedTurn, TurnLog
from tests.storage.samples import LATER, NOON, turn


def test_a_message_leads_to_its_conversation(log: ConversationLog, database: Database) -> None:
    log.record(turn(0), seen=0)
    turns = TurnLog(database)
    assert turns.conversation_of("in-c1-0") == "c1"
    assert turns.conversation_of("out-c1-0") == "c1"
    assert turns.conversation_of("nobody") is None


def test_the_newest_word_on_a_reply_counts(log: ConversationLog, database: Database) -> None:
    log.record(turn(0), seen=0)
    log.record(turn(1), seen=2)
    first = Feedback("out-c1-0", False, "no", NOON)
    second = Feedback("out-c1-0", True, "ah, yes", LATER)
    other = Feedback("out-c1-1", False, "", LATER)
    for one in (first, second, other):
        assert log.add_feedback(one)
    turns = TurnLog(database)
    assert list(turns.feedback("c1")) == [first, second, other]
    assert list(turns.feedback("c2")) == []
    assert turns.judged(helpful=True) == [JudgedTurn("c1", "out-c1-0")]
    assert turns.judged(helpful=False) == [JudgedTurn("c1", "out-c1-1")]
    assert turns.judged(helpful=False, since=LATER) == [JudgedTurn("c1", "out-c1-1")]
    assert turns.judged(helpful=False, since=LATER + dt.timedelta(seconds=1)) == []
