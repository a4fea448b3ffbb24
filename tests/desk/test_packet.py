"""What a person reads first: the customer's own words, and what was tried."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from bot.desk.packet import SENTENCE_CHARS, Attempt, Mood, Tried, pack, summarise
from bot.dialogue.conversation import Message, Role
from bot.dialogue.reply import Citation, Reason, Reply, ReplyKind

AT = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)


def said(text: str) -> Message:
    return Message(f"in-{text}", Role.CUSTOMER, text, AT)


def told(kind: ReplyKind, reason: Reason, title: str = "", *choices: str) -> Message:
    citation = Citation("devices/wren", "en", title, ("Lights",), "", "q", "q", 0, 1, "abc123abc123")
    reply = Reply(kind, "text", (citation,) if title else (), 0.9, reason, "", "en", choices)
    return Message(f"out-{title}", Role.BOT, "text", AT, reply)


def test_a_summary_is_the_sentence_that_tells_most_and_the_last_ask() -> None:
    messages = [
        "Hello. My Wren blinks red since the update on Tuesday and brews nothing.",
        "I did that already",
        "Can somebody call me?",
    ]
    assert summarise(messages, "en") == (
        "My Wren blinks red since the update on Tuesday and brews nothing. Can somebody call me?"
    )


def test_a_page_without_a_word_is_summarised_like_any_other() -> None:
    # Looked for a digit anew at each sign, this would take hours.
    assert summarise(["_a" * 200_000], "en") == f"{('_a' * 200_000)[: SENTENCE_CHARS - 1]}…"


def test_one_sentence_is_enough_where_it_is_the_ask_too() -> None:
    assert summarise(["where is my refund for order 4711"], "en") == "where is my refund for order 4711."
    assert summarise([], "en") == summarise(["?!", " "], "en") == ""


@given(st.lists(st.text(max_size=400), max_size=6))
def test_a_summary_is_short_and_made_of_the_customers_words(messages: list[str]) -> None:
    summary = summarise(messages, "en")
    words = set(" ".join(messages).split())
    assert len(summary) <= 2 * SENTENCE_CHARS + 3
    assert "\n" not in summary
    for part in summary.split():
        assert any(word.startswith(part.rstrip(".…")) for word in words)


def test_a_packet_tells_what_was_shown_asked_and_chosen_and_whether_it_helped() -> None:
    messages = (
        said("hi"),
        told(ReplyKind.CLARIFY, Reason.GREETING),
        said("it blinks red"),
        told(ReplyKind.CLARIFY, Reason.CHOICE, "", "The Wren", "The Heron"),
        said("The Wren"),
        told(ReplyKind.ANSWER, Reason.ANSWERED, "Wren lights"),
        said("a person please"),
    )
    packet = pack(messages, "en", Mood.UPSET, {"out-Wren lights": False})
    assert packet.mood is Mood.UPSET
    assert packet.summary == "it blinks red. a person please."
    assert packet.tried == (
        Tried(Attempt.OFFERED, "The Wren / The Heron"),
        Tried(Attempt.CHOSEN, "The Wren"),
        Tried(Attempt.SHOWN, "Wren lights › Lights", "devices/wren", "en", False),
    )
