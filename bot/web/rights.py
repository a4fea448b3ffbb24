"""Whether who asks may read and write a customer's conversation: the one place where that is decided."""

from starlette.requests import HTTPConnection

from bot.dialogue.conversation import Conversation
from bot.errors import NotFound
from bot.web.schemas import is_identifier
from bot.web.services import services_of

START_ANEW = "There is no such conversation. Leave conversation_id out to start a new one."


def permitted(connection: HTTPConnection, conversation_id: str) -> str:
    """The id, for who may read and write that conversation. Raises `NotFound` for everybody else.

    The id itself is the key: it cannot be guessed, and who knows it may.
    """
    if not is_identifier(conversation_id):
        raise NotFound(START_ANEW)
    return conversation_id


def conversation_for(connection: HTTPConnection, conversation_id: str) -> Conversation:
    """The conversation, for the customer whose it is. Raises `NotFound`."""
    known = permitted(connection, conversation_id)
    try:
        return services_of(connection).chat.conversation(known)
    except NotFound as exc:
        raise NotFound(START_ANEW) from exc
