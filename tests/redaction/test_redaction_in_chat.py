"""The chat with secrets in it: nothing that must not be kept is stored, searched with, logged or repeated."""

import io
import json
import logging
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.answering.answered import Answered
from bot.chat.incoming import Handled, Incoming
from bot.composition import Services
from bot.dialogue.reply import ReplyKind
from bot.errors import BadRequest
from bot.logs import configure
from bot.redaction import Kind, Redactor
from tests.flows.deciding import ALWAYS_ANSWER, NEVER_ANSWER, deciding
from tests.flows.talking import chat_with
from tests.index import small_centre
from tests.index.small_centre import Centre

SECRET = "4242 4242 4242 4242"
CLIENT_ID = "a-client-id-of-enough-characters"


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Centre:
    return small_centre.ingested(tmp_path_factory.mktemp("centre"))


@pytest.fixture
def answers(centre: Centre) -> Iterator[Services]:
    with deciding(centre, ALWAYS_ANSWER) as opened:
        yield opened


@pytest.fixture
def gives_up(centre: Centre) -> Iterator[Services]:
    with deciding(centre, NEVER_ANSWER) as opened:
        yield opened


def say(opened: Services, text: str, **more: str) -> Handled:
    return opened.chat.reply(Incoming(text, **more))


def everything_stored(centre: Centre) -> str:
    with sqlite3.connect(centre.data / "tierzero.db") as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        rows = [connection.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in tables]
    connection.close()
    return repr(rows)


def test_a_card_number_is_gone_from_all_that_is_stored(gives_up: Services, centre: Centre) -> None:
    handled = say(gives_up, f"why was my card {SECRET} refused, password is hunter22")
    stored = gives_up.chat.conversation(handled.conversation_id)
    assert stored.messages[0].text == "why was my card [card ending 4242] refused, password is [password]"
    assert handled.ticket is not None
    assert handled.ticket.subject == stored.messages[0].text
    kept = everything_stored(centre)
    assert SECRET not in kept
    assert "hunter22" not in kept
    assert "card ending 4242" in kept


def test_the_customer_is_told_in_their_language(answers: Services) -> None:
    handled = say(answers, f"how do I reset my password? my card is {SECRET}", locale="en")
    assert handled.redacted == (Kind.CARD,)
    assert handled.reply.kind is ReplyKind.ANSWER
    notice, _, rest = handled.reply.text.partition("\n\n")
    assert notice == (
        "For your safety I removed this from your message: card number. Please never send it in a chat."
    )
    assert handled.reply.citations[0].text in rest
    german = say(answers, f"wie setze ich mein Passwort zurück? Meine Karte ist {SECRET}", locale="de")
    assert german.reply.text.startswith(
        "Zu Ihrer Sicherheit habe ich das aus Ihrer Nachricht entfernt: Kartennummer."
    )


def test_a_message_without_secrets_gets_no_notice(answers: Services) -> None:
    handled = say(answers, "how do I reset my password")
    assert handled.redacted == ()
    assert "removed" not in handled.reply.text.splitlines()[0]


def test_every_kind_has_a_name_in_every_language(answers: Services) -> None:
    wording = answers.dialogue.wording
    for language in wording.languages:
        for kind in Kind:
            assert wording.say(f"redacted_{kind.value}", language)


def test_a_message_with_a_secret_may_be_sent_again(answers: Services) -> None:
    text = f"how do I reset my password? card {SECRET}"
    first = say(answers, text, client_id=CLIENT_ID)
    again = say(answers, text, client_id=CLIENT_ID)
    assert (again.message_id, again.reply, again.redacted) == (first.message_id, first.reply, first.redacted)
    with pytest.raises(BadRequest):
        say(answers, "another text", client_id=CLIENT_ID)


def test_the_search_never_sees_a_secret(answers: Services) -> None:
    asked: list[str] = []

    class Watched:
        threshold = answers.answering.threshold

        def answer(self, text: str, **more: Any) -> Answered:
            asked.append(text)
            return answers.answering.answer(text, **more)

    chat = chat_with(answers, Watched())
    chat.reply(Incoming(f"card {SECRET}"))
    chat.preview(f"card {SECRET}")
    assert asked == ["card [card ending 4242]"] * 2


def test_a_comment_on_an_answer_is_redacted(answers: Services, centre: Centre) -> None:
    handled = say(answers, "how do I reset my password")
    answers.chat.feedback(handled.message_id, helpful=False, comment="no! my password is hunter33")
    kept = everything_stored(centre)
    assert "no! my password is [password]" in kept
    assert "hunter33" not in kept


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure(stream, redact=lambda text: Redactor.load().redact(text).text)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_turn_logs_no_word_of_the_customer(answers: Services, logged: io.StringIO) -> None:
    say(answers, f"how do I reset my xylophone? card {SECRET}")
    assert "xylophone" not in logged.getvalue()
    assert "4242" not in logged.getvalue()


def test_an_error_that_repeats_a_message_is_logged_without_secrets(logged: io.StringIO) -> None:
    try:
        raise ValueError(f"cannot read my card {SECRET}")
    except ValueError:
        logging.getLogger("bot.chat.deciding").exception("answering failed for token=9f8a7d6c5b4e3f2a1b0c")
        structlog.get_logger().error("failed", detail=f"card {SECRET}", exc_info=sys.exc_info())
    first, second = (json.loads(line) for line in logged.getvalue().splitlines())
    assert first["event"] == "answering failed for token=[secret key]"
    assert "cannot read my card [card ending 4242]" in first["exception"]
    assert second["detail"] == "card [card ending 4242]"
    assert SECRET not in logged.getvalue()


def test_no_log_call_of_the_product_passes_a_message_on() -> None:
    rooms = ("kb", "index", "bot")
    root = Path(__file__).parents[2]
    calls = [
        line.strip()
        for room in rooms
        for file in (root / room).rglob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if ("_log." in line or " log." in line)
        and any(word in line for word in (".text", "comment", "message="))
    ]
    assert calls == []
