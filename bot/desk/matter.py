"""A conversation in, what its customer wants answered out, in their own words; pure."""

from collections.abc import Sequence

from bot.desk.packet import summarise
from bot.dialogue import contact
from bot.dialogue.conversation import Message, Role
from bot.dialogue.reply import SMALL_TALK, Reason

#: Reasons of replies to messages that say how the customer feels, or whom they want, rather than what about.
_ABOUT_US = frozenset({Reason.PERSON, Reason.UPSET, Reason.ABUSE})
#: A message of more words than this says what it is about as well: “a person, please” is shorter.
_FEW_WORDS = 10


def matter(messages: Sequence[Message], language: str) -> str:
    """One or two sentences of the customer; empty where they wrote nothing.

    What only greets, gives an address or asks for a person is left out where there is anything else.
    """
    said = [
        (message.text, _answer(messages, place))
        for place, message in enumerate(messages)
        if message.role is Role.CUSTOMER
    ]
    telling = [text for text, reason in said if _tells(text, reason)]
    return summarise(telling or [text for text, _ in said], language)


def _answer(messages: Sequence[Message], place: int) -> Reason | None:
    """The reason of what the bot said next."""
    after = messages[place + 1] if place + 1 < len(messages) else None
    return after.reply.reason if after is not None and after.reply is not None else None


def _tells(text: str, reason: Reason | None) -> bool:
    if reason in SMALL_TALK or contact.is_nothing_else(text):
        return False
    return reason not in _ABOUT_US or len(text.split()) > _FEW_WORDS
