"""What people get: a ticket with all they need, and the conversation from then on."""

import datetime as dt
import itertools
import random

import pytest

from bot.composition import Services
from bot.dialogue.conversation import State
from bot.dialogue.reply import Reason, ReplyKind
from bot.randomness import Chance
from tests.flows.deciding import NEVER_ANSWER, deciding
from tests.flows.talking import say, stored
from tests.index.small_centre import Centre

NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)


def test_a_hand_off_opens_a_ticket_with_all_that_people_need(chatting: Centre) -> None:
    numbers = itertools.count()
    chance = Chance(lambda: NOON, lambda: f"fixed-{next(numbers)}", random.Random(4))
    with deciding(chatting, NEVER_ANSWER, chance) as opened:
        first = say(opened, "hello")
        handled = say(
            opened, "My parcel to Norway never came and tracking is stuck", first, contact="ann@example.org"
        )
        kept = stored(opened, handled)
        ticket = opened.conversations.ticket(kept.ticket)
    assert kept.state is State.WITH_PEOPLE
    assert kept.contact == "ann@example.org"
    assert ticket is not None
    assert ticket == handled.ticket
    assert ticket.conversation_id == handled.conversation_id
    assert ticket.subject == "My parcel to Norway never came and tracking is stuck"
    assert (ticket.reason, ticket.rule) == (Reason.LOW_CONFIDENCE, "")
    assert (ticket.language, ticket.contact) == ("en", "ann@example.org")
    assert ticket.queue
    # It tells of a parcel, so the clocks are already those of the service that it will be sorted into.
    assert ticket.first_response_due == NOON + dt.timedelta(hours=4)
    assert ticket.resolution_due == NOON + dt.timedelta(days=1)
    assert {"orders/track", "delivery/times"} & {one.article_id for one in ticket.considered}
    assert handled.reply.citations == ()
    assert handled.next_step


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("I want to talk to a human", Reason.PERSON),
        ("somebody hacked my account and changed my email", Reason.SECURITY),
        ("my lawyer will sue you", Reason.LEGAL),
    ],
)
def test_what_must_go_to_people_does_with_its_rule(answers: Services, text: str, reason: Reason) -> None:
    handled = say(answers, text)
    assert handled.reply.kind is ReplyKind.HANDOFF
    assert handled.ticket is not None
    assert handled.ticket.reason is reason
    assert handled.ticket.rule.startswith(f"{reason.value}/")
    assert handled.reply.rule == handled.ticket.rule


def test_a_question_that_only_mentions_security_is_answered(answers: Services) -> None:
    assert say(answers, "how do I reset my password for security").reply.kind is ReplyKind.ANSWER


def test_a_conversation_that_was_handed_off_stays_with_people(answers: Services) -> None:
    first = say(answers, "I want to talk to a human")
    again = [say(answers, text, first) for text in ("how do I reset my password", "thanks", "hello?")]
    for handled in again:
        assert handled.reply.kind is ReplyKind.HANDOFF
        assert handled.reply.reason is Reason.WITH_PEOPLE
        assert first.ticket is not None
        assert handled.ticket is not None
        assert handled.ticket.reference == first.ticket.reference
        assert first.ticket.reference in handled.reply.text
    assert stored(answers, first).state is State.WITH_PEOPLE
    assert len(stored(answers, first).messages) == 8
    mine = [
        one for one in answers.conversations.tickets(1000) if one.conversation_id == first.conversation_id
    ]
    assert len(mine) == 1


def test_a_repeated_message_that_was_handed_off_opens_one_ticket(gives_up: Services) -> None:
    opening = say(gives_up, "hello")
    first = say(gives_up, "lamp rental on the moon", opening, client_id="c-1")
    second = say(gives_up, "lamp rental on the moon", opening, client_id="c-1")
    assert second == first
    assert first.ticket is not None
