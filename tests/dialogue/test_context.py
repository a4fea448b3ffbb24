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


@pytest.mark.parametrize(
    ("language", "message", "asked", "leans"),
    [
        ("en", "thanks, and one more thing: do you have decaf", "do you have decaf", False),
        ("en", "by the way, is it free?", "is it free?", True),
        ("en", "new question: how long does it take", "how long does it take", False),
        ("es", "por cierto, mi tarjeta fue rechazada", "mi tarjeta fue rechazada", False),
        ("de", "noch was: wo ist mein Paket", "wo ist mein Paket", False),
        ("fr", "au fait, où est mon colis ?", "où est mon colis ?", False),
        ("en", "my card was declined, one more thing: is decaf sold", "", False),
        ("en", "my order is late. by the way, do you have decaf?", "", False),
        ("en", "one more thing", "", True),
    ],
)
def test_what_only_announces_a_question_is_no_part_of_it(
    context: Context, said: Said, language: str, message: str, asked: str, leans: bool
) -> None:
    question = context.standalone(message, (said("how do I cancel my plan"),), language)
    assert question.text == (asked or message)
    assert question.is_followup is leans


def test_a_row_of_fragments_is_about_what_last_stood_by_itself(
    context: Context, said: Said, answered: Answered
) -> None:
    history: tuple[Message, ...] = ()
    for text in ("where is my parcel", "delivery price Ireland", "and to Norway?", "and express?"):
        history = (*history, said(text), answered("Delivery"))
    question = context.standalone("how about the UK?", history)
    assert question.topic == ("and express?", "delivery price Ireland")
    question = context.standalone("and to Spain?", history[:4])
    assert question.topic == ("delivery price Ireland", "where is my parcel")


@pytest.mark.parametrize(
    ("message", "alone"),
    [
        ("ok and my parcel is late, what now", "my parcel is late, what now"),
        ("also I want to change my email address", "I want to change my email address"),
        ("and for the yearly plan?", ""),
        ("and it leaks too", ""),
        ("why", ""),
    ],
)
def test_a_message_that_leans_by_its_first_word_may_be_a_matter_of_its_own(
    context: Context, said: Said, message: str, alone: str
) -> None:
    question = context.standalone(message, (said("how do I pause my plan"),))
    assert question.is_followup
    assert question.alone == alone


def test_an_answer_before_a_question_back_is_not_leaned_on(
    context: Context, said: Said, answered: Answered
) -> None:
    history = (said("track my order"), answered("Track your order"))
    assert context.standalone("and then?", history).cited
    asked_back = (*history, said("how long to Belgium"), answered(reason=Reason.CHOICE))
    assert context.standalone("and to Spain?", asked_back).cited == ()
