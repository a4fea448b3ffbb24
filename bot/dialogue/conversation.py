"""A conversation as stored values: messages in order, the state it is in, who has it."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.dialogue.reply import Reply

#: Hex digits: among the conversations behind one figure, or of one day, none is mistaken for another.
_MARK: Final = 16


class Role(StrEnum):
    """Who said something."""

    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"
    """What happens around the talk, for both sides to read: who joined, that nobody answered."""


class State(StrEnum):
    """Who has the conversation; `bot.dialogue.states` says what leads where."""

    ANSWERING = "answering"
    AWAITING_CHOICE = "awaiting_choice"
    """The bot asked which, or what, is meant; it does not ask again."""
    AWAITING_CONTACT = "awaiting_contact"
    """People have it and cannot reach the customer yet, who was asked for an address."""
    WITH_PEOPLE = "with_people"
    WITH_AGENT = "with_agent"
    """A person is in the chat right now; the bot keeps silent."""
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Message:
    """One thing somebody said."""

    id: str
    """Unguessable; who knows it may leave feedback on it."""
    role: Role
    text: str
    at: dt.datetime
    """Aware, UTC."""
    reply: Reply | None = None
    """For a message of the bot, the whole reply with its citations."""
    client_id: str = ""
    """The sender's own id for the message, so that a repeated send is stored and answered once."""
    helpful: bool | None = None
    """For a message of the bot, what the customer said of it last; None where they said nothing."""
    author: str = ""
    """For a message of an agent, the name that the customer sees; else empty."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Everything said so far, oldest first."""

    id: str
    state: State
    language: str
    """Language of the last exchange, the prior for the next; empty at the start."""
    contact: str
    """How to reach the customer (an email address or a telephone number), or empty."""
    ticket: str
    """Reference of the ticket that has this conversation, or empty."""
    started_at: dt.datetime
    messages: tuple[Message, ...]
    owner: str = ""
    """Whose session opened it, and may read it alone; empty where its id is the key to it."""

    def is_open_to(self, owner: str) -> bool:
        """Whether who has a session of this owner, or none (empty), may read and continue it."""
        return self.owner in ("", owner)

    @property
    def is_with_people(self) -> bool:
        """Whether people have it; they keep it when a message opens it again."""
        return self.state in (State.AWAITING_CONTACT, State.WITH_PEOPLE, State.WITH_AGENT) or (
            self.state is State.CLOSED and bool(self.ticket)
        )


def conversation_mark(conversation_id: str) -> str:
    """What stands for a conversation in logs, files and addresses of staff's pages.

    The id itself is a key: whoever knows it may read the conversation, unmasked, and continue it.
    """
    return hashlib.sha256(conversation_id.encode("utf-8", "surrogatepass")).hexdigest()[:_MARK]
