"""Messages that come at once: none is lost, and each is answered."""

import threading

import pytest

from bot.anew import TRIES
from bot.chat.incoming import Incoming
from bot.chat.turns import Turns
from bot.composition import Services
from bot.dialogue.conversation import Role
from bot.dialogue.reply import Reason
from bot.errors import ConversationMoved
from tests.flows.talking import Interrupted, chat_with, say, stored


def test_a_message_that_comes_between_is_kept_and_both_are_answered(answers: Services) -> None:
    opening = say(answers, "hello")
    interrupted = Interrupted(answers.answering, 1)
    interrupted.interrupt = lambda: say(answers, "and a human please", opening)
    handled = chat_with(answers, interrupted).reply(
        Incoming("where are my invoices", conversation_id=opening.conversation_id)
    )
    texts = [one.text for one in stored(answers, opening).messages if one.role is Role.CUSTOMER]
    assert texts == ["hello", "and a human please", "where are my invoices"]
    # Decided anew on what was said meanwhile: the conversation is with people by now.
    assert handled.reply.reason is Reason.WITH_PEOPLE


def test_a_conversation_that_never_rests_is_an_error_and_loses_nothing(answers: Services) -> None:
    opening = say(answers, "hello")
    interrupted = Interrupted(answers.answering, 99)
    interrupted.interrupt = lambda: say(answers, "hello again", opening)
    with pytest.raises(ConversationMoved):
        chat_with(answers, interrupted).reply(
            Incoming("where are my invoices", conversation_id=opening.conversation_id)
        )
    assert len(stored(answers, opening).messages) == 2 + 2 * TRIES


def test_messages_sent_at_once_are_all_stored(answers: Services) -> None:
    opening = say(answers, "hello")
    gate, handled, failed = threading.Barrier(3), [], []

    def send(text: str) -> None:
        gate.wait()
        try:
            handled.append(say(answers, text, opening))
        except Exception as exc:
            failed.append(exc)

    texts = ["where are my invoices", "how do I cancel an order", "ways to pay"]
    threads = [threading.Thread(target=send, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    messages = stored(answers, opening).messages
    assert sorted(one.text for one in messages if one.role is Role.CUSTOMER) == sorted(["hello", *texts])
    assert [one.role for one in messages] == [Role.CUSTOMER, Role.BOT] * 4
    assert {one.message_id for one in handled} < {one.id for one in messages}


def test_fifty_messages_at_once_in_one_conversation_are_all_answered(answers: Services) -> None:
    opening = say(answers, "hello")
    failed: list[Exception] = []

    def send(number: int) -> None:
        try:
            say(answers, f"where are my invoices, part {number}", opening)
        except Exception as exc:
            failed.append(exc)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    messages = stored(answers, opening).messages
    assert [one.role for one in messages] == [Role.CUSTOMER, Role.BOT] * 51
    assert len({one.text for one in messages if one.role is Role.CUSTOMER}) == 51


def test_a_conversation_that_rests_is_forgotten_by_the_queue() -> None:
    turns = Turns()
    with turns.of("a"), turns.of("b"), turns.of(""):
        assert len(turns) == 2
    assert len(turns) == 0
