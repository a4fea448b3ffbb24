"""Whether who asks may read and write a customer's conversation: the one place where that is decided."""

from starlette.requests import HTTPConnection, Request
from starlette.websockets import WebSocket

from bot.dialogue.conversation import Conversation
from bot.errors import NotFound, TooManyRequests
from bot.web.origins import SESSION_HEADER
from bot.web.schemas import is_identifier
from bot.web.services import services_of

START_ANEW = "There is no such conversation. Leave conversation_id out to start a new one."
#: What a socket speaks; its session is the second subprotocol, since a page cannot give a socket headers, and an
#: address would be logged.
SUBPROTOCOL = "tierzero"


def owner_of(connection: HTTPConnection) -> str:
    """Whose session asks; empty where none is given. Raises `SessionOver`, and `TooManyRequests` for what is sent.

    What a session sends is counted as its own, from however many addresses it comes.
    """
    token = _token(connection)
    if not token:
        return ""
    owner = services_of(connection).visitors.owner(token)
    if isinstance(connection, Request) and connection.method == "POST":
        wait = connection.app.state.buckets.take(f"session:{owner}")
        if wait > 0:
            raise TooManyRequests(f"Too many messages at once. Please wait {wait:.0f} seconds.", wait)
    return owner


def permitted(connection: HTTPConnection, conversation_id: str) -> str:
    """The id, where it can be one at all; whose it is decides who reads it. Raises `NotFound`."""
    if not is_identifier(conversation_id):
        raise NotFound(START_ANEW)
    return conversation_id


def conversation_for(connection: HTTPConnection, conversation_id: str) -> Conversation:
    """The conversation, for the customer whose it is. Raises `NotFound` for everybody else, and `SessionOver`.

    One that a session opened is open to sessions of the same owner. Of any other the id is the key: it cannot be
    guessed, and who knows it may.
    """
    owner = owner_of(connection)
    known = permitted(connection, conversation_id)
    try:
        found = services_of(connection).chat.conversation(known)
    except NotFound as exc:
        raise NotFound(START_ANEW) from exc
    if not found.is_open_to(owner):
        raise NotFound(START_ANEW)
    return found


def _token(connection: HTTPConnection) -> str:
    if isinstance(connection, WebSocket):
        offered = connection.scope.get("subprotocols", [])
        return offered[1] if len(offered) > 1 and offered[0] == SUBPROTOCOL else ""
    return connection.headers.get(SESSION_HEADER, "")
