"""Questions back: one, with choices, and never two in a row."""

from collections.abc import Iterator

import pytest

from bot.composition import Services
from bot.dialogue.conversation import State
from bot.dialogue.decide import CHOICE_AGAIN
from bot.dialogue.parts import PARTS
from bot.dialogue.reply import Reason, ReplyKind
from bot.storage.tickets import TicketLog
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


@pytest.fixture(scope="module")
def twins(chatting: Centre, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """A help centre that asks which of two articles is meant."""
    copy = chatting.copy(tmp_path_factory.mktemp("asked") / "twins")
    for number, weeks in ((1, "one week"), (2, "two weeks")):
        copy.write(
            f"en/lamps/{number}.md", f"---\ntitle: Lamp hire {number}\n---\nHire a lamp for {weeks}.\n"
        )
    copy.ingest()
    with deciding(copy, ASK_BACK) as opened:
        yield opened


@pytest.mark.parametrize("said", ["None of these", "none of these.", "Aucun de ces choix", "neither"])
def test_none_of_these_brings_in_a_person_with_the_question_and_not_the_refusal(
    twins: Services, said: str
) -> None:
    first = say(twins, "hire a lamp")
    assert first.reply.none_of_these == "None of these"
    assert first.reply.none_of_these not in first.reply.choices
    refused = say(twins, said, first)
    assert (refused.reply.kind, refused.reply.reason) == (ReplyKind.HANDOFF, Reason.LOW_CONFIDENCE)
    assert stored(twins, refused).state is State.AWAITING_CONTACT
    assert refused.ticket is not None
    packet = TicketLog(twins.database).get(refused.ticket.reference).packet
    assert packet.summary == "hire a lamp."
    assert [one.what.value for one in packet.tried] == ["offered"]


def test_a_yes_to_two_choices_shows_them_again_once(twins: Services) -> None:
    first = say(twins, "hire a lamp")
    again = say(twins, "yes", first)
    assert (again.reply.kind, again.reply.rule) == (ReplyKind.CLARIFY, CHOICE_AGAIN)
    assert again.reply.text == first.reply.text
    assert (again.reply.choices, again.reply.none_of_these) == (first.reply.choices, "None of these")
    assert stored(twins, again).state is State.AWAITING_CHOICE
    chosen = say(twins, "the second", again)
    assert chosen.reply.kind is ReplyKind.ANSWER
    assert chosen.reply.citations[0].title == first.reply.choices[1]
    other = say(twins, "ok", say(twins, "hire a lamp"))
    assert other.reply.rule == CHOICE_AGAIN
    assert say(twins, "yes please", other).reply.kind is ReplyKind.HANDOFF


def test_who_wants_both_gets_both_with_a_quote_each(twins: Services) -> None:
    first = say(twins, "hire a lamp")
    both = say(twins, "both please", first)
    assert (both.reply.kind, both.reply.rule) == (ReplyKind.ANSWER, PARTS)
    assert [one.title for one in both.reply.citations] == list(first.reply.choices)
    assert "one week" in both.reply.text
    assert "two weeks" in both.reply.text
    assert stored(twins, both).state is State.ANSWERING
