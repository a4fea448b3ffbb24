import datetime as dt

import pytest

from bot.desk.matter import matter
from bot.dialogue.conversation import Message, Role
from bot.dialogue.reply import Reason, Reply, ReplyKind

NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)


def talk(*turns: tuple[str, Reason]) -> list[Message]:
    messages = []
    for place, (text, reason) in enumerate(turns):
        messages.append(Message(f"c{place}", Role.CUSTOMER, text, NOON))
        reply = Reply(ReplyKind.HANDOFF, "…", (), 0.0, reason, "", "en")
        messages.append(Message(f"b{place}", Role.BOT, "…", NOON, reply))
    return messages


PERSON = "I would like to speak with a real person about the grinder that you sent me broken"


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ((("My parcel is late", Reason.LOW_CONFIDENCE),), "My parcel is late."),
        ((("hello", Reason.GREETING), ("parcel late", Reason.LOW_CONFIDENCE)), "parcel late."),
        ((("parcel late", Reason.ANSWERED), ("I want to talk to a person", Reason.PERSON)), "parcel late."),
        ((("parcel late", Reason.LOW_CONFIDENCE), ("ann@shop.example", Reason.WITH_PEOPLE)), "parcel late."),
        ((("a person please", Reason.PERSON),), "a person please."),
        ((("pause?", Reason.ANSWERED), (PERSON, Reason.PERSON)), f"{PERSON}."),
        ((("I was charged twice", Reason.PAYMENT_DISPUTE),), "I was charged twice."),
        ((), ""),
    ],
)
def test_the_matter_is_what_the_customer_wants_answered(
    turns: tuple[tuple[str, Reason], ...], expected: str
) -> None:
    assert matter(talk(*turns), "en") == expected
