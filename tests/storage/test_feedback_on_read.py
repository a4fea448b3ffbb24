from bot.ports import Feedback
from bot.storage.conversations import ConversationLog
from tests.storage.samples import LATER, NOON, turn


def test_a_conversation_is_read_with_what_was_said_of_each_answer_last(log: ConversationLog) -> None:
    log.record(turn(0), seen=0)
    log.record(turn(1), seen=2)
    log.add_feedback(Feedback("out-c1-0", True, "", NOON))
    log.add_feedback(Feedback("out-c1-0", False, "", LATER))
    found = log.get("c1")
    assert found is not None
    assert [message.helpful for message in found.messages] == [None, False, None, None]
