import datetime as dt
from dataclasses import replace

import pytest

from bot.dialogue.circles import RULE_NOT_HELPED, RULE_SAME, Circles
from bot.dialogue.conversation import Conversation, Message, Role, State
from bot.dialogue.decide import Turn, before_search
from bot.dialogue.reply import Reason, Reply, ReplyKind

AT = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def circles() -> Circles:
    return Circles.load()


def talk(*said: str, helpful: tuple[bool | None, ...] = (), reason: Reason = Reason.ANSWERED) -> Conversation:
    """A conversation in which each message was answered; `helpful` is what was clicked on the answers."""
    messages: list[Message] = []
    for place, text in enumerate(said):
        reply = Reply(ReplyKind.ANSWER, "quote", (), 0.9, reason, "", "en")
        clicked = helpful[place] if place < len(helpful) else None
        messages.append(Message(f"c{place}", Role.CUSTOMER, text, AT))
        messages.append(Message(f"b{place}", Role.BOT, "quote", AT, reply, helpful=clicked))
    return Conversation("id", State.ANSWERING, "en", "", "", AT, tuple(messages))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("my printer does not print", "The pirnter isn't printing.", "printer still does not print!")),
        (
            "en",
            ("my printer does not copy", "the printer still does not make any copy", "printer not copying!!"),
        ),
        ("de", ("Drucker druckt nicht", "mein Drucker druckt nicht", "der Drucker druckt immer noch nicht")),
        ("es", ("la impresora no imprime", "mi impresora no imprime", "la impresora sigue sin imprimir")),
        ("fr", ("imprimante bloquée", "mon imprimante est bloquée", "l'imprimante reste bloquée")),
    ],
)
def test_the_same_problem_a_third_time_is_going_in_circles(
    circles: Circles, language: str, said: tuple[str, ...]
) -> None:
    assert circles.noticed(talk(said[0]), said[1], language) == ""
    assert circles.noticed(talk(*said[:2]), said[2], language) == RULE_SAME


def test_three_questions_about_one_thing_are_not_one_problem(circles: Circles) -> None:
    before = talk("how do I install the printer", "what paper does the printer take")
    assert circles.noticed(before, "how much is a printer cartridge", "en") == ""


def test_still_alone_does_not_make_another_problem_the_same(circles: Circles) -> None:
    before = talk("my printer does not copy", "the scanner still does not start")
    assert circles.noticed(before, "the printer does not start", "en") == ""


def test_naming_different_things_is_not_the_same_problem(circles: Circles) -> None:
    before = talk("reset password on the phone", "reset password on the web")
    assert circles.noticed(before, "reset password of my team", "en") == ""


def test_two_answers_clicked_as_not_helpful_are_going_in_circles(circles: Circles) -> None:
    asked = ("where is my invoice", "download receipts")
    assert circles.noticed(talk(*asked, helpful=(False, True)), "billing address", "en") == ""
    assert circles.noticed(talk(*asked, helpful=(False, False)), "billing address", "en") == RULE_NOT_HELPED


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "that didn't help"),
        ("en", "not what I asked"),
        ("de", "das hilft mir nicht"),
        ("es", "eso no me sirve"),
        ("fr", "ça ne m'aide pas"),
    ],
)
def test_saying_twice_that_it_did_not_help_is_going_in_circles(
    circles: Circles, language: str, said: str
) -> None:
    assert circles.noticed(talk("where is my invoice"), said, language) == ""
    assert circles.noticed(talk("where is my invoice", said), said, language) == RULE_NOT_HELPED


def test_a_click_and_a_sentence_about_one_answer_count_once(circles: Circles) -> None:
    assert circles.noticed(talk("where is my invoice", helpful=(False,)), "that did not help", "en") == ""


def test_small_talk_is_no_answer_that_could_help(circles: Circles) -> None:
    before = talk("hello", "hello", reason=Reason.GREETING)
    assert circles.noticed(before, "hello", "en") == ""


def test_a_first_message_goes_nowhere_yet(circles: Circles) -> None:
    assert circles.noticed(None, "that did not help", "en") == ""


def test_going_in_circles_hands_off_unless_a_choice_was_clicked() -> None:
    turn = Turn(
        fired=None,
        rule="",
        small_talk=None,
        supported_language=True,
        vague=False,
        asked_back=False,
        chosen=False,
        circling=RULE_SAME,
    )
    decision = before_search(turn)
    assert decision is not None
    assert (decision.kind, decision.reason, decision.rule) == (
        ReplyKind.HANDOFF,
        Reason.GOING_IN_CIRCLES,
        RULE_SAME,
    )
    assert before_search(replace(turn, chosen=True)) is None
