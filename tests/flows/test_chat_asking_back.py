"""Questions back: one, with choices, and never two in a row."""

from bot.composition import Services
from bot.dialogue.conversation import State
from bot.dialogue.reply import Reason, ReplyKind
from tests.flows.deciding import ASK_BACK, deciding
from tests.flows.talking import say, stored
from tests.index.small_centre import Centre


def test_the_bot_never_asks_back_twice_in_a_row(chatting: Centre) -> None:
    copy = chatting.copy(chatting.source.parent / "twins")
    for number in (1, 2):
        copy.write(
            f"en/lamps/{number}.md", f"---\ntitle: Lamp hire {number}\n---\nHire a lamp, plan {number}.\n"
        )
    copy.ingest()
    with deciding(copy, ASK_BACK) as opened:
        first = say(opened, "hire a lamp")
        assert (first.reply.kind, first.reply.reason) == (ReplyKind.CLARIFY, Reason.CHOICE)
        assert set(first.reply.choices) == {"Lamp hire 1", "Lamp hire 2"}
        assert stored(opened, first).state is State.AWAITING_CHOICE
        # A choice taken is answered; something else goes to people and not back to the customer.
        chosen = say(opened, "Lamp hire 2", first)
        assert chosen.reply.kind is ReplyKind.ANSWER
        assert chosen.reply.citations[0].article_id == "lamps/2"
        second = say(opened, "hire a lamp")
        third = say(opened, "hire a lamp please", second)
        assert second.reply.kind is ReplyKind.CLARIFY
        assert third.reply.kind is ReplyKind.HANDOFF


def test_a_vague_message_is_asked_about_once(answers: Services) -> None:
    first = say(answers, "it doesn't work")
    assert (first.reply.kind, first.reply.reason) == (ReplyKind.CLARIFY, Reason.UNDERSPECIFIED)
    second = say(answers, "it doesn't work", first)
    assert second.reply.kind is ReplyKind.HANDOFF


def test_a_customer_whom_one_article_fits_alone_is_asked_whether_it_is_meant(chatting: Centre) -> None:
    copy = chatting.copy(chatting.source.parent / "alone")
    copy.write("en/lamps/hire.md", "---\ntitle: Hire a lamp\n---\nA lamp is hired for two weeks.\n")
    copy.ingest()
    with deciding(copy, ASK_BACK) as opened:
        first = say(opened, "for how many weeks can a lamp be hired?")
        assert (first.reply.kind, first.reply.reason) == (ReplyKind.CLARIFY, Reason.CHOICE)
        assert first.reply.choices == ("Hire a lamp",)
        assert first.reply.text == "Is this what you mean?"
        meant = say(opened, "yes", first)
        assert meant.reply.kind is ReplyKind.ANSWER
        assert "two weeks" in meant.reply.text
        other = say(opened, "for how many weeks can a lamp be hired?")
        assert say(opened, "no", other).reply.kind is ReplyKind.HANDOFF
