"""Topic switches: a new question is not dragged back to the last one, and a follow-up is not taken for a new one."""

import datetime as dt

from bot.dialogue.context import Context
from bot.dialogue.conversation import Message, Role
from tests.dialogue.conftest import cases

#: Pairs that are told wrongly as measured, of 64, none of which the rules were written for.
WRONG = 2


def test_follow_ups_are_told_from_new_topics() -> None:
    context = Context.load()
    wrong = []
    pairs = cases("topics")
    assert len(pairs) >= 60
    for expected, language, pair in pairs:
        before, message = pair.split(" » ")
        history = (Message("m", Role.CUSTOMER, before, dt.datetime(2026, 1, 5, tzinfo=dt.UTC)),)
        question = context.standalone(message, history, language)
        if question.is_followup is not (expected == "same"):
            wrong.append(f"{expected} {language} {message}")
    assert len(wrong) <= WRONG, wrong
