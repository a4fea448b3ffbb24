from collections.abc import Callable

import pytest

from bot.dialogue.context import Context
from bot.dialogue.conversation import Message
from bot.dialogue.reply import Reason

Said = Callable[[str], Message]
Answered = Callable[..., Message]


@pytest.fixture(scope="module")
def context() -> Context:
    return Context.load()


def test_a_follow_up_carries_earlier_questions_and_cited_titles(
    context: Context, said: Said, answered: Answered
) -> None:
    history = (
        said("how do I cancel my plan"),
        answered("Cancel a plan", "Plans"),
        said("how do I pay"),
        answered("Payment methods", "Plans"),
    )
    question = context.standalone("and on the phone?", history)
    assert question.text == "and on the phone?"
    assert question.is_followup
    assert question.previous == ("how do I pay", "how do I cancel my plan")
    assert question.titles == ("Payment methods", "Plans", "Cancel a plan")
    assert question.history_text == "Payment methods\nhow do I pay\nhow do I cancel my plan"


def test_a_first_message_leans_on_nothing(context: Context) -> None:
    question = context.standalone("and on the phone?", ())
    assert not question.is_followup
    assert question.history_text == ""


def test_a_change_of_topic_stands_alone_but_keeps_the_history_apart(
    context: Context, said: Said, answered: Answered
) -> None:
    history = (said("how do I cancel my plan"), answered("Cancel a plan"))
    question = context.standalone("where is my parcel", history)
    assert not question.is_followup
    assert question.previous == ("how do I cancel my plan",)
    assert question.history_text == ""


def test_small_talk_is_no_earlier_question(context: Context, said: Said, answered: Answered) -> None:
    history = (said("hello"), answered(reason=Reason.GREETING))
    assert context.standalone("and on the phone?", history).previous == ()


def test_three_earlier_messages_are_enough(context: Context, said: Said) -> None:
    history = tuple(said(f"question {number}") for number in range(5))
    assert context.standalone("why?", history).previous == ("question 4", "question 3", "question 2")
