"""Whatever breaks inside ends in a stored hand-off, or is said."""

import sqlite3
from pathlib import Path

import pytest

from bot.chat.incoming import Incoming
from bot.composition import Services
from bot.dialogue.conversation import State
from bot.dialogue.reply import Reason, ReplyKind
from bot.errors import StorageUnavailable
from tests.flows.deciding import deciding
from tests.flows.talking import Broken, chat_with, say, stored
from tests.index import small_centre
from tests.index.small_centre import Centre


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
    assert conversation.state is State.AWAITING_CONTACT
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
