"""How people reach the customer: asked once, checked, kept on conversation and ticket, and never a reason to nag."""

import datetime as dt
import itertools
import random
import sqlite3

import pytest

from bot.composition import Services
from bot.dialogue.conversation import State
from bot.randomness import Chance
from tests.flows.deciding import NEVER_ANSWER, deciding
from tests.flows.talking import say, stored
from tests.index.small_centre import Centre

MONDAY_NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)
SUNDAY_NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
ASKS = "Which email address may we use to answer you?"


def at(moment: dt.datetime) -> Chance:
    numbers = itertools.count()
    return Chance(lambda: moment, lambda: f"{moment:%d}-{next(numbers)}", random.Random(4))


def test_who_left_no_address_is_asked_for_one_and_it_reaches_the_ticket(
    answers: Services, chatting: Centre
) -> None:
    first = say(answers, "I want to talk to a human")
    assert first.reply.text.endswith(ASKS)
    assert stored(answers, first).state is State.AWAITING_CONTACT
    second = say(answers, "sure, it is ann@shop.example", first)
    assert second.reply.text == "Thank you. We will write to ann@shop.example."
    kept = stored(answers, second)
    assert (kept.state, kept.contact) == (State.WITH_PEOPLE, "ann@shop.example")
    assert second.ticket is not None
    ticket = answers.conversations.ticket(second.ticket.reference)
    assert ticket is not None
    assert ticket.contact == "ann@shop.example"
    with sqlite3.connect(chatting.data / "tierzero.db") as connection:
        events = connection.execute(
            "SELECT what, before, after FROM ticket_events WHERE reference = ? AND what <> 'customer_wrote'",
            (ticket.reference,),
        ).fetchall()
    connection.close()
    assert events == [("opened", "", "new"), ("contact", "", "ann@shop.example")]


def test_anything_else_is_passed_on_without_asking_again(answers: Services) -> None:
    first = say(answers, "I want to talk to a human")
    second = say(answers, "my order is 4711", first)
    assert second.reply.text.startswith("I’ve added that to your request TZ-")
    assert stored(answers, second).state is State.WITH_PEOPLE
    assert ASKS not in say(answers, "hello?", second).reply.text
    late = say(answers, "ann@shop.example", second)
    assert stored(answers, late).contact == "ann@shop.example"


def test_who_thanks_the_people_is_thanked_back_and_it_reaches_them(answers: Services) -> None:
    first = say(answers, "I want to talk to a human")
    thanked = say(answers, "thanks!", first)
    assert thanked.reply.text.startswith("You’re welcome. Our team has your request TZ-")
    assert stored(answers, thanked).messages[-2].text == "thanks!"
    said = say(answers, "thanks, my order is 4711", thanked)
    assert said.reply.text.startswith("I’ve added that to your request TZ-")


def test_who_mistypes_an_address_after_other_words_is_asked_to_check_it_once(answers: Services) -> None:
    first = say(answers, "I want to talk to a human")
    other = say(answers, "my order is 4711", first)
    doubted = say(answers, "bob@@shop.example", other)
    assert doubted.reply.rule == "contact/doubted"
    assert stored(answers, doubted).state is State.AWAITING_CONTACT
    again = say(answers, "bob@@shop.example", doubted)
    assert again.reply.rule != "contact/doubted"
    known = say(answers, "bob@shop.example", again)
    assert stored(answers, known).contact == "bob@shop.example"
    # Who can be reached and mentions a broken address talks about it.
    assert say(answers, "you wrote to bob@@shop.example", known).reply.rule == ""


@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        ("ann@gmail.com", "ann@gmail.com"),
        ("yes", "ann@gmail.com"),
        ("ann@gmial.com", "ann@gmial.com"),
        ("never mind", ""),
    ],
)
def test_a_mistyped_address_is_asked_about_once(answers: Services, reply: str, kept: str) -> None:
    first = say(answers, "I want to talk to a human")
    second = say(answers, "ann@gmial.com", first)
    assert second.reply.text == "That address may have a typo. Did you mean ann@gmail.com?"
    assert second.reply.choices == ("ann@gmail.com",)
    assert stored(answers, second).state is State.AWAITING_CONTACT
    third = say(answers, reply, second)
    assert (stored(answers, third).state, stored(answers, third).contact) == (State.WITH_PEOPLE, kept)


def test_a_mistyped_address_stays_with_the_ticket_as_unconfirmed(answers: Services, chatting: Centre) -> None:
    first = say(answers, "I want to talk to a human")
    second = say(answers, "ann@gmial.com", first)
    third = say(answers, "my order is 4711", second)
    assert third.ticket is not None
    assert third.ticket.contact == ""
    with sqlite3.connect(chatting.data / "tierzero.db") as connection:
        events = connection.execute(
            "SELECT what, before, after FROM ticket_events WHERE reference = ? AND what LIKE 'contact%'",
            (third.ticket.reference,),
        ).fetchall()
    connection.close()
    assert events == [("contact_unconfirmed", "", "ann@gmial.com")]


def test_an_address_in_a_later_message_does_not_replace_the_one_that_is_known(answers: Services) -> None:
    first = say(answers, "I want to talk to a human", contact="ann@shop.example")
    second = say(answers, "I wrote to bob@shop.example last week already", first)
    assert stored(answers, second).contact == "ann@shop.example"


def test_nobody_is_asked_for_an_address_that_is_known(answers: Services) -> None:
    first = say(answers, "I want to talk to a human", contact="ann@shop.example")
    assert ASKS not in first.reply.text
    assert stored(answers, first).state is State.WITH_PEOPLE


def test_in_business_hours_the_promise_is_that_of_the_service_level(chatting: Centre) -> None:
    with deciding(chatting, NEVER_ANSWER, at(MONDAY_NOON)) as opened:
        handled = say(opened, "I want to talk to a human", contact="ann@shop.example")
    assert handled.reply.text == "I’m passing you to our team. A person will answer you within 24 hours."


def test_outside_them_it_names_the_day_and_hour(chatting: Centre) -> None:
    with deciding(chatting, NEVER_ANSWER, at(SUNDAY_NOON)) as opened:
        handled = say(opened, "I want to talk to a human")
    by = "by Tuesday at 09:00 (UTC)"
    assert handled.reply.text == (
        f"I’m passing you to our team. A person will answer you {by}. "
        f"Our team is not available at the moment. {ASKS}"
    )
    assert handled.next_step == f"A person reads your request and answers you {by}."
