"""The chat flow: a message in, a reply decided, stored and returned. All effects of a turn happen here."""

from dataclasses import dataclass

from bot.desk.ticket import Ticket
from bot.dialogue.reply import Reply


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a channel hands over; already checked for size, not for sense."""

    text: str
    conversation_id: str = ""
    """Empty opens a conversation."""
    locale: str = ""
    """What the channel believes the customer reads, such as the page's language; empty if it does not know."""
    contact: str = ""
    client_id: str = ""


@dataclass(frozen=True, slots=True)
class Handled:
    """What a channel gives back."""

    conversation_id: str
    message_id: str
    reply: Reply
    ticket: Ticket | None
    """The ticket that has the conversation, new or older; None while the bot has it."""
    next_step: str
    """For a hand-off, what happens next and by when, in the customer's language; else empty."""
