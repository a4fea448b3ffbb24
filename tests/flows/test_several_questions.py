"""A message with two questions gets two answers, each with its own checked quote."""

from collections.abc import Iterator

import pytest

from bot.composition import Services
from bot.dialogue.parts import PARTS
from bot.dialogue.reply import Reason, ReplyKind
from bot.settings import load
from tests.flows import sample_centre
from tests.flows.talking import say
from tests.index import small_centre


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The sample, with the shipped confidence model."""
    shop = sample_centre.ingested(tmp_path_factory.mktemp("shop"))
    opened = Services(load(data=shop.data), _encoder=small_centre.encoder())
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("asked", "locale", "quotes"),
    [
        (
            "what does H5 mean? and how often do i descale the heron?",
            "en",
            ("Close the side door firmly", "after 250 cups or every 3 months"),
        ),
        (
            "Wie lange dauert die Lieferung nach Österreich und wie kann ich mein Passwort zurücksetzen?",
            "de",
            ("Österreich", "Passwort vergessen?"),
        ),
        (
            "how long do refunds take with paypal how do i reset my password",
            "en",
            ("PayPal", "Forgot password?"),
        ),
    ],
)
def test_both_questions_are_answered(bot: Services, asked: str, locale: str, quotes: tuple[str, ...]) -> None:
    reply = say(bot, asked, locale=locale).reply
    assert (reply.kind, reply.rule) == (ReplyKind.ANSWER, PARTS)
    assert len(reply.citations) == len(quotes)
    for citation, quote in zip(reply.citations, quotes, strict=True):
        assert quote in citation.text
        assert citation.text in reply.text


def test_a_question_without_an_answer_is_named_and_a_person_offered(bot: Services) -> None:
    reply = say(bot, "how long do refunds take with paypal and do you sell umbrellas").reply
    assert (reply.kind, reply.rule) == (ReplyKind.ANSWER, PARTS)
    assert [citation.article_id for citation in reply.citations] == ["returns/refund-times"]
    assert "nothing reliable about “do you sell umbrellas”" in reply.text
    assert "Ask for a person" in reply.text


def test_two_questions_that_nothing_answers_go_to_a_person(bot: Services) -> None:
    handled = say(bot, "do you sell umbrellas? what is the capital of france?")
    assert handled.reply.kind is ReplyKind.HANDOFF
    assert handled.ticket is not None


def test_a_person_asked_for_in_one_of_two_sentences_is_brought(bot: Services) -> None:
    handled = say(bot, "how do i cancel my monthly plan and can i talk to a human please")
    assert handled.reply.kind is ReplyKind.HANDOFF


@pytest.mark.parametrize(
    ("text", "locale", "article"),
    [
        (
            "We are back from the hospital with twins, hooray. My mother lives with us now. She likes her coffee "
            "late. I have the monthly plan and far too many bags. How do I pause it?",
            "en",
            "subscriptions/pause-or-skip",
        ),
        (
            "I wrote it on a note. The cleaner threw the note away, bless her. Now I am afraid of locking "
            "everything. How do I get a new password? Thank you for your patience.",
            "en",
            "security/reset-password",
        ),
        (
            "Wir sind im März nach Graz gezogen. Meine Frau meint, das dauert jetzt ewig. Wir haben Besuch. "
            "Wie lange dauert die Lieferung nach Österreich?",
            "de",
            "delivery/delivery-times-and-costs",
        ),
    ],
)
def test_the_one_question_of_a_story_is_answered(bot: Services, text: str, locale: str, article: str) -> None:
    reply = say(bot, text, locale=locale).reply
    assert reply.kind is ReplyKind.ANSWER
    assert reply.citations[0].article_id == article


@pytest.mark.parametrize(
    "question",
    ["Where can I buy a boat?", "How many bags did you sell last year?", "Which bands can you recommend?"],
)
def test_a_story_whose_question_nothing_answers_goes_to_people(bot: Services, question: str) -> None:
    told = "We moved to Graz in March. I have the monthly plan and love my Wren. My husband pays by card."
    assert say(bot, f"{told} {question}").reply.kind is ReplyKind.HANDOFF


def test_what_a_rule_sees_in_a_story_is_never_passed_over_for_its_question(bot: Services) -> None:
    told = "We moved to Graz. You charged me twice and I want that money back now. It is getting late."
    asked = "How do I reset my password?"
    assert say(bot, f"{told} {asked}").reply.kind is not ReplyKind.ANSWER
    longer = f"{told} My husband is away until Friday and the cat is asleep on the sofa. {asked}"
    assert say(bot, longer).reply.reason is Reason.PAYMENT_DISPUTE
