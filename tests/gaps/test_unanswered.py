"""Which of a customer's messages a failed reply is told of."""

import datetime as dt

import pytest

from bot.dialogue.conversation import Conversation, Message, Role, State
from bot.dialogue.decide import CHOICE_AGAIN
from bot.dialogue.reply import Reason, Reply, ReplyKind
from bot.gaps.unanswered import unanswered

AT = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)


def _said(text: str) -> Message:
    return Message(text, Role.CUSTOMER, text, AT)


def _told(kind: ReplyKind, reason: Reason, rule: str = "") -> Message:
    choices = ("Hire a lamp", "Hire a pump") if kind is ReplyKind.CLARIFY else ()
    reply = Reply(kind, "text", (), 0.4, reason, rule, "en", choices, "None of these" if choices else "")
    return Message(f"{reason}", Role.BOT, "text", AT, reply)


@pytest.mark.parametrize("refused", ["None of these", "Hire a lamp", "neither", "ninguna de las dos"])
@pytest.mark.parametrize("agreed", [False, True])
def test_what_is_said_to_choices_is_no_question_of_its_own(refused: str, agreed: bool) -> None:
    again = (_said("yes"), _told(ReplyKind.CLARIFY, Reason.GREETING, CHOICE_AGAIN)) if agreed else ()
    messages = (
        _said("how do i hire it"),
        _told(ReplyKind.CLARIFY, Reason.CHOICE),
        *again,
        _said(refused),
        _told(ReplyKind.HANDOFF, Reason.LOW_CONFIDENCE),
    )
    conversation = Conversation("c", State.AWAITING_CONTACT, "en", "", "TZ-1", AT, messages)
    assert [one.text for one in unanswered(conversation, (), AT)] == ["how do i hire it"]


def test_another_question_instead_of_a_choice_is_one() -> None:
    messages = (
        _said("how do i hire it"),
        _told(ReplyKind.CLARIFY, Reason.CHOICE),
        _said("what does a saw cost"),
        _told(ReplyKind.HANDOFF, Reason.LOW_CONFIDENCE),
    )
    conversation = Conversation("c", State.AWAITING_CONTACT, "en", "", "TZ-1", AT, messages)
    assert [one.text for one in unanswered(conversation, (), AT)] == ["what does a saw cost"]
