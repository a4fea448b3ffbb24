"""One change of who is in a chat, or what they say there, as it is decided and then stored."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from bot.changes import Change
from bot.desk.ticket import Ticket
from bot.dialogue.conversation import Message, State


@dataclass(frozen=True, slots=True)
class LiveStep:
    """Stored in one transaction, or not at all."""

    conversation_id: str
    seen: int
    """Number of messages it was decided on."""
    at: dt.datetime
    state: State
    """State after it."""
    lines: tuple[Message, ...]
    """What both sides read of it."""
    account_id: str
    """Who is in the chat after it; empty for nobody."""
    joined_at: dt.datetime | None
    """Since when; None for nobody."""
    opened: Ticket | None = None
    """A ticket that came of it."""
    ticket: str | None = None
    """Reference that the conversation has after it; None leaves it."""
    change: Change | None = None
    """What it means for the ticket."""


class To(StrEnum):
    """Who has a chat after the agent in it left."""

    QUEUE = "queue"
    BOT = "bot"
