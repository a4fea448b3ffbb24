"""What a channel hands to the chat and what it gets back, as values; which conversation a first message opens."""

import base64
import hashlib
from dataclasses import dataclass

from bot.desk.ticket import Status, Ticket
from bot.dialogue.reply import Reply
from bot.dialogue.whereabouts import NOWHERE, Whereabouts
from bot.redaction import Kind

#: A client id this long is taken for random, as a UUID is; a shorter one only tells repeats in one conversation.
LONG_CLIENT_ID = 20


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
    redacted: tuple[Kind, ...] = ()
    """What the chat took out of the text before anything else saw it; a channel leaves it empty."""
    where: Whereabouts = NOWHERE
    """Where the customer writes from, as their page says."""
    owner: str | None = None
    """Whose session asks, empty for none; None for a channel that knows by itself whose a conversation is."""


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
    redacted: tuple[Kind, ...] = ()
    """What was taken out of the message before it was stored."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a customer's ticket stands."""

    status: Status
    next_step: str
    """What happens next and by when, in the customer's language; empty where nothing does."""


def opening_id(client_id: str) -> str:
    """The id of the conversation that a first message with this client id opens; empty for a short client id.

    A digest: whoever sends the same first message again reaches the same conversation, and nobody else does,
    since a client id of this length is random.
    """
    if len(client_id) < LONG_CLIENT_ID:
        return ""
    digest = hashlib.sha256(f"conversation:{client_id}".encode("utf-8", "surrogatepass")).digest()
    return base64.urlsafe_b64encode(digest[:18]).decode("ascii")
