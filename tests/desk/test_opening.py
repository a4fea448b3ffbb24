"""What a person finds in a ticket that was just opened."""

import datetime as dt
import random
import re

from hypothesis import given
from hypothesis import strategies as st

from bot.desk.opening import open_ticket, reference
from bot.desk.packet import Packet
from bot.desk.policy import load_policy
from bot.desk.ticket import Priority, Status, Ticket
from bot.dialogue.reply import Reason

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


def opened(messages: list[str], priority: Priority = Priority.HIGH) -> Ticket:
    return open_ticket(
        conversation_id="c1",
        messages=messages,
        reason=Reason.LEGAL,
        rule="legal/lawyer",
        priority=priority,
        queue="legal",
        language="en",
        contact="",
        considered=(),
        packet=Packet(),
        policy=load_policy(),
        now=NOON,
        chance=random.Random(7),
    )


def test_the_clocks_run_from_the_opening_by_the_priority() -> None:
    ticket = opened(["You will hear from my lawyer"])

    assert ticket.status is Status.NEW
    assert ticket.first_response_due == NOON + dt.timedelta(hours=4)
    assert ticket.resolution_due == NOON + dt.timedelta(hours=48)


def test_the_subject_is_the_most_telling_of_the_last_three_messages() -> None:
    said = ["My machine leaks since the update of last week, what now?", "hello?", "agent please"]

    assert opened(said).subject == said[0]
    assert opened([*said, "now"]).subject == "agent please"


@given(st.integers())
def test_a_reference_has_no_letters_that_are_mistaken_for_others(seed: int) -> None:
    assert re.fullmatch(r"TZ-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", reference(random.Random(seed)))
