"""A turn of the chat on a real database: every message is answered once, and kept as it was."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from bot.chat.incoming import Incoming
from bot.composition import Services
from bot.dialogue.conversation import Role, State
from bot.dialogue.reply import SMALL_TALK, Reason, ReplyKind
from bot.errors import BadRequest, NotFound
from bot.settings import load
from tests.flows.talking import say, stored
from tests.index import small_centre
from tests.index.small_centre import Centre


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


def test_a_repeated_message_is_answered_once(answers: Services) -> None:
    opening = say(answers, "hello")
    first = say(answers, "where are my invoices", opening, client_id="c-1")
    second = say(answers, "where are my invoices", opening, client_id="c-1")
    assert second == first
    assert len(stored(answers, opening).messages) == 4
    other = say(answers, "where are my invoices", opening, client_id="c-2")
    assert other.message_id != first.message_id


def test_a_client_id_of_another_message_is_refused_and_loses_nothing(answers: Services) -> None:
    opening = say(answers, "hello")
    say(answers, "where are my invoices", opening, client_id="c-1")

    with pytest.raises(BadRequest, match="client_id"):
        say(answers, "my account was hacked", opening, client_id="c-1")
    assert len(answers.chat.conversation(opening.conversation_id).messages) == 4


def test_an_unknown_conversation_is_not_found(answers: Services) -> None:
    with pytest.raises(NotFound, match="start a new one"):
        answers.chat.reply(Incoming("hello", conversation_id="nobody"))


@pytest.mark.parametrize("text", ["hello", "thank you!", "bye", "👍", "gracias"])
def test_small_talk_counts_as_nothing(gives_up: Services, text: str) -> None:
    handled = say(gives_up, text)
    assert handled.reply.kind is ReplyKind.CLARIFY
    assert handled.reply.reason in SMALL_TALK
    assert handled.reply.text
    assert handled.ticket is None
    assert stored(gives_up, handled).state is State.ANSWERING


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


def test_only_the_owner_goes_on_or_sends_a_first_message_again(answers: Services) -> None:
    first = Incoming("hello", client_id="a-client-id-of-a-browser", owner="v_ada")
    opened = answers.chat.reply(first)
    assert answers.chat.reply(first).message_id == opened.message_id
    for owner in ("v_bob", ""):
        for stolen in (
            replace(first, owner=owner),
            Incoming("hello", conversation_id=opened.conversation_id, owner=owner),
        ):
            with pytest.raises(NotFound):
                answers.chat.reply(stolen)
        with pytest.raises(NotFound):
            answers.chat.feedback(opened.message_id, False, "", owner)
    assert len(stored(answers, opened).messages) == 2
    # A channel of ours, such as mail, knows by itself whose it is.
    assert answers.chat.reply(Incoming("hello", conversation_id=opened.conversation_id)).message_id
    answers.chat.feedback(opened.message_id, True, "", "v_ada")
