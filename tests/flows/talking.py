"""Talking to the real chat on a real database, for the tests of the flows."""

from typing import Any

from bot.answering.answered import Answered
from bot.answering.answering import Answering
from bot.chat.chat import Chat
from bot.chat.handover import Handover
from bot.chat.incoming import Handled, Incoming
from bot.composition import Services
from bot.desk.policy import load_policy
from bot.dialogue.conversation import Conversation


def say(opened: Services, text: str, before: Handled | None = None, **more: str) -> Handled:
    """Sends a message; `before` is the turn before it."""
    return opened.chat.reply(Incoming(text, conversation_id=before.conversation_id if before else "", **more))


def stored(opened: Services, handled: Handled) -> Conversation:
    """The conversation as the database has it."""
    return opened.chat.conversation(handled.conversation_id)


def chat_with(opened: Services, answering: Any) -> Chat:
    """The chat with another answering."""
    parts = opened.dialogue
    handover = Handover(answering, parts.wording, parts.handlings, load_policy(), opened.chance)
    return Chat(opened.conversations, answering, handover, parts.wording, opened.chance, opened.redactor)


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


class Broken:
    """An answering in which everything fails."""

    def __init__(self, real: Answering, error: Exception) -> None:
        self._real = real
        self._error = error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def answer(self, text: str, **more: Any) -> Answered:
        raise self._error
