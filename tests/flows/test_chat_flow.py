"""The chat on a real database: every message is answered once and kept, and what people have stays with them."""

import datetime as dt
import itertools
import random
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.answering import Answered, Answering
from bot.chat import Chance, Chat, Handled, Incoming
from bot.composition import Services
from bot.desk.policy import load_policy
from bot.dialogue.conversation import Conversation, Role, State
from bot.dialogue.reply import SMALL_TALK, Reason, ReplyKind
from bot.errors import BadRequest, ConversationMoved, NotFound, StorageUnavailable
from bot.settings import load
from tests.flows.deciding import ALWAYS_ANSWER, ASK_BACK, NEVER_ANSWER, deciding, dialogue
from tests.index import small_centre
from tests.index.small_centre import Centre

NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def chatting(tmp_path_factory: pytest.TempPathFactory, shared_centre: Centre) -> Centre:
    """A data folder whose conversations may pile up."""
    return shared_centre.copy(tmp_path_factory.mktemp("chat"))


@pytest.fixture
def answers(chatting: Centre) -> Iterator[Services]:
    with deciding(chatting, ALWAYS_ANSWER) as opened:
        yield opened


@pytest.fixture
def gives_up(chatting: Centre) -> Iterator[Services]:
    with deciding(chatting, NEVER_ANSWER) as opened:
        yield opened


def say(opened: Services, text: str, before: Handled | None = None, **more: str) -> Handled:
    return opened.chat.reply(Incoming(text, conversation_id=before.conversation_id if before else "", **more))


def stored(opened: Services, handled: Handled) -> Conversation:
    return opened.chat.conversation(handled.conversation_id)


def test_an_answer_is_stored_as_it_was_given(answers: Services) -> None:
    handled = say(answers, "how do I reset my password")
    assert handled.reply.kind is ReplyKind.ANSWER
    assert handled.reply.citations[0].article_id == "account/password"
    assert handled.ticket is None
    conversation = stored(answers, handled)
    assert conversation.state is State.ANSWERING
    assert [message.role for message in conversation.messages] == [Role.CUSTOMER, Role.BOT]
    assert conversation.messages[1].reply == handled.reply
    assert conversation.messages[1].id == handled.message_id


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
    level = load_policy().service_levels[ticket.priority]
    assert ticket.first_response_due == NOON + level.first_response
    assert ticket.resolution_due == NOON + level.resolution
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
        assert handled.ticket == first.ticket
        assert first.ticket is not None
        assert first.ticket.reference in handled.reply.text
    assert stored(answers, first).state is State.WITH_PEOPLE
    assert len(stored(answers, first).messages) == 8
    mine = [
        one for one in answers.conversations.tickets(1000) if one.conversation_id == first.conversation_id
    ]
    assert len(mine) == 1


def test_a_repeated_message_is_answered_once(answers: Services) -> None:
    opening = say(answers, "hello")
    first = say(answers, "where are my invoices", opening, client_id="c-1")
    second = say(answers, "where are my invoices", opening, client_id="c-1")
    assert second == first
    assert len(stored(answers, opening).messages) == 4
    other = say(answers, "where are my invoices", opening, client_id="c-2")
    assert other.message_id != first.message_id


def test_a_repeated_message_that_was_handed_off_opens_one_ticket(gives_up: Services) -> None:
    opening = say(gives_up, "hello")
    first = say(gives_up, "lamp rental on the moon", opening, client_id="c-1")
    second = say(gives_up, "lamp rental on the moon", opening, client_id="c-1")
    assert second == first
    assert first.ticket is not None


class Interrupted:
    """The real answering, while which somebody else writes to the conversation."""

    def __init__(self, real: Answering, times: int) -> None:
        self._real = real
        self.left = times
        self.interrupt: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def answer(self, text: str, **more: Any) -> Answered:
        found = self._real.answer(text, **more)
        if self.left:
            self.left -= 1
            self.interrupt()
        return found


def chat_with(opened: Services, answering: Any) -> Chat:
    parts = opened.dialogue
    return Chat(opened.conversations, answering, parts.wording, parts.handlings, load_policy(), opened.chance)


def test_a_message_that_comes_between_is_kept_and_both_are_answered(answers: Services) -> None:
    opening = say(answers, "hello")
    interrupted = Interrupted(answers.answering, 1)
    interrupted.interrupt = lambda: say(answers, "and a human please", opening)
    handled = chat_with(answers, interrupted).reply(
        Incoming("where are my invoices", conversation_id=opening.conversation_id)
    )
    texts = [one.text for one in stored(answers, opening).messages if one.role is Role.CUSTOMER]
    assert texts == ["hello", "and a human please", "where are my invoices"]
    # Decided anew on what was said meanwhile: the conversation is with people by now.
    assert handled.reply.reason is Reason.WITH_PEOPLE


def test_a_conversation_that_never_rests_is_an_error_and_loses_nothing(answers: Services) -> None:
    opening = say(answers, "hello")
    interrupted = Interrupted(answers.answering, 99)
    interrupted.interrupt = lambda: say(answers, "hello again", opening)
    with pytest.raises(ConversationMoved):
        chat_with(answers, interrupted).reply(
            Incoming("where are my invoices", conversation_id=opening.conversation_id)
        )
    assert len(stored(answers, opening).messages) == 2 + 2 * 4


def test_messages_sent_at_once_are_all_stored(answers: Services) -> None:
    opening = say(answers, "hello")
    gate, handled, failed = threading.Barrier(3), [], []

    def send(text: str) -> None:
        gate.wait()
        try:
            handled.append(say(answers, text, opening))
        except Exception as exc:
            failed.append(exc)

    texts = ["where are my invoices", "how do I cancel an order", "ways to pay"]
    threads = [threading.Thread(target=send, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    messages = stored(answers, opening).messages
    assert sorted(one.text for one in messages if one.role is Role.CUSTOMER) == sorted(["hello", *texts])
    assert [one.role for one in messages] == [Role.CUSTOMER, Role.BOT] * 4
    assert {one.message_id for one in handled} < {one.id for one in messages}


class Broken:
    """An answering in which everything fails."""

    def __init__(self, real: Answering, error: Exception) -> None:
        self._real = real
        self._error = error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def answer(self, text: str, **more: Any) -> Answered:
        raise self._error


@pytest.mark.parametrize(("locale", "language"), [("", "en"), ("es-MX", "es"), ("xx", "en")])
def test_a_failure_inside_still_ends_in_a_stored_hand_off(
    answers: Services, locale: str, language: str
) -> None:
    handled = chat_with(answers, Broken(answers.answering, RuntimeError("boom"))).reply(
        Incoming("¿dónde está mi pedido?", locale=locale)
    )
    assert handled.reply.reason is Reason.FAILURE
    assert handled.reply.language == language
    assert "boom" not in handled.reply.text
    assert handled.ticket is not None
    assert handled.ticket.language == language
    conversation = stored(answers, handled)
    assert conversation.state is State.WITH_PEOPLE
    assert conversation.messages[0].text == "¿dónde está mi pedido?"


def test_without_articles_every_question_reaches_people(tmp_path: Path) -> None:
    centre = small_centre.empty(tmp_path)
    with deciding(centre) as opened:
        assert say(opened, "hello").reply.reason is Reason.GREETING
        handled = say(opened, "where are my invoices")
        assert handled.reply.kind is ReplyKind.HANDOFF
        assert opened.conversations.ticket(handled.ticket.reference if handled.ticket else "") is not None


def test_a_database_that_is_gone_is_said_and_not_swallowed(centre: Centre) -> None:
    with deciding(centre) as opened:
        say(opened, "hello")
        with sqlite3.connect(centre.data / "tierzero.db") as connection:
            connection.execute("ALTER TABLE messages RENAME TO hidden")
        connection.close()
        with pytest.raises(StorageUnavailable):
            say(opened, "where are my invoices")


def test_an_unknown_conversation_is_not_found(answers: Services) -> None:
    with pytest.raises(NotFound, match="start a new one"):
        answers.chat.reply(Incoming("hello", conversation_id="nobody"))


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


@pytest.mark.parametrize("text", ["hello", "thank you!", "bye", "👍", "gracias"])
def test_small_talk_counts_as_nothing(gives_up: Services, text: str) -> None:
    handled = say(gives_up, text)
    assert handled.reply.kind is ReplyKind.CLARIFY
    assert handled.reply.reason in SMALL_TALK
    assert handled.reply.text
    assert handled.ticket is None
    assert stored(gives_up, handled).state is State.ANSWERING


def test_the_reply_is_in_the_customers_language(answers: Services) -> None:
    handled = say(answers, "Hola, ¿cómo puedo restablecer la contraseña de mi cuenta?")
    assert handled.reply.language == "es"
    assert handled.reply.citations[0].locale == "es"
    follow = say(answers, "quiero hablar con una persona", handled)
    assert follow.reply.language == "es"
    assert follow.ticket is not None
    assert follow.ticket.language == "es"
    wording = dialogue(ALWAYS_ANSWER).wording
    level = load_policy().service_levels[follow.ticket.priority]
    assert follow.reply.text == wording.say(
        "handoff_person", "es", by=wording.within(level.first_response, "es")
    )


def test_a_question_without_an_article_in_its_language_is_answered_from_the_default_one(
    answers: Services,
) -> None:
    handled = say(answers, "¿Cuánto cuesta el envío a Noruega y cuántos días tarda?")
    assert handled.reply.language == "es"
    assert handled.reply.citations
    assert {citation.locale for citation in handled.reply.citations} <= {"es", "en"}


def test_feedback_is_kept_for_answers_and_refused_for_anything_else(
    chatting: Centre, answers: Services
) -> None:
    handled = say(answers, "where are my invoices")
    answers.chat.feedback(handled.message_id, True, "great 👍")
    answers.chat.feedback(handled.message_id, False, "")
    with sqlite3.connect(chatting.data / "tierzero.db") as connection:
        rows = connection.execute(
            "SELECT helpful, comment FROM feedback WHERE message_id = ? ORDER BY id", (handled.message_id,)
        ).fetchall()
    connection.close()
    assert rows == [(1, "great 👍"), (0, "")]
    question = stored(answers, handled).messages[0].id
    for unknown in (question, "nobody"):
        with pytest.raises(NotFound):
            answers.chat.feedback(unknown, True, "")


@pytest.mark.parametrize(
    "text",
    [
        "???",
        "📶📶",
        "a\x00b",
        "\ud800 invoices",
        "x" * 4000,
        "退款需要多长时间",
        "\u202e",
        "<script>alert(1)</script>",
    ],
)
def test_any_message_is_answered_and_stored(answers: Services, text: str) -> None:
    handled = say(answers, text)
    assert handled.reply.text
    assert handled.reply.reason is not Reason.FAILURE
    assert len(stored(answers, handled).messages) == 2


def test_a_preview_stores_nothing(chatting: Centre, gives_up: Services) -> None:
    before = len(gives_up.conversations.tickets(10_000))
    reply = gives_up.chat.preview("lamp rental on the moon")
    assert reply.kind is ReplyKind.HANDOFF
    assert reply.text
    assert "{" not in reply.text
    assert len(gives_up.conversations.tickets(10_000)) == before


def test_settings_and_services_need_no_articles_to_start(tmp_path: Path) -> None:
    opened = Services(load(data=tmp_path / "fresh"), _encoder=small_centre.encoder())
    opened.start()
    try:
        assert opened.ready()["database"] == "ok"
        assert "tierzero ingest" in opened.ready()["index"]
    finally:
        opened.close()


def test_a_client_id_of_another_message_is_refused_and_loses_nothing(answers: Services) -> None:
    opening = say(answers, "hello")
    say(answers, "where are my invoices", opening, client_id="c-1")

    with pytest.raises(BadRequest, match="client_id"):
        say(answers, "my account was hacked", opening, client_id="c-1")
    assert len(answers.chat.conversation(opening.conversation_id).messages) == 4
