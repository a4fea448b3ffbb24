"""A conversation as stored values: messages in order, the state it is in, who has it."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.reply import Reply


class Role(StrEnum):
    """Who said something."""

    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"


class State(StrEnum):
    """Who has the conversation. It never goes back from `with_people` by itself."""

    ANSWERING = "answering"
    AWAITING_CHOICE = "awaiting_choice"
    WITH_PEOPLE = "with_people"
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


@dataclass(frozen=True, slots=True)
class Conversation:
    """Everything said so far, oldest first."""

    id: str
    state: State
    language: str
    """Language of the last exchange, the prior for the next; empty at the start."""
    contact: str
    """How to reach the customer (an email address), or empty."""
    ticket: str
    """Reference of the ticket that has this conversation, or empty."""
    started_at: dt.datetime
    messages: tuple[Message, ...]
