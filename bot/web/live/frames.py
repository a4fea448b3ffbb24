"""The frames of both sockets: what comes in is checked here, what goes out is made here (`docs/live.md`)."""

from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import to_json

from bot.desk.live import BoardRow, LiveChat, Side
from bot.dialogue.conversation import Message, Role, State
from bot.errors import BadRequest
from bot.live.step import To
from bot.web.schemas import clean_text, is_identifier
from bot.web.wire import reply_body

#: Longest thing an agent says, in characters.
MOST_CHARS: Final = 8000


def _identifier(text: str) -> str:
    if not is_identifier(text):
        raise ValueError("use up to 64 letters, digits, hyphens and underscores")
    return text


def _said(text: str) -> str:
    text = clean_text(text)
    if not text:
        raise ValueError("write a message of at least one character")
    return text


Identifier = Annotated[str, AfterValidator(_identifier)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]


class _Frame(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class Typing(_Frame):
    """Whether one writes; said again every few seconds while one does."""

    type: Literal["typing"]
    on: bool


class Seen(_Frame):
    """How many messages have arrived, and how many were on a page that somebody looks at."""

    type: Literal["seen"]
    delivered: Count
    read: Count


class _Of(_Frame):
    conversation: Identifier


class Watch(_Of):
    """Shows a conversation from a place on."""

    type: Literal["watch"]
    after: Count = 0


class Unwatch(_Of):
    """Shows it no more."""

    type: Literal["unwatch"]


class Take(_Of):
    """Joins a chat; `over` takes the place of a colleague."""

    type: Literal["take"]
    over: bool = False


class Say(_Of):
    """Writes to the customer."""

    type: Literal["say"]
    text: Annotated[str, Field(max_length=MOST_CHARS), AfterValidator(_said)]
    client_id: Identifier


class StaffTyping(_Of, Typing):
    """An agent writes."""


class StaffSeen(_Of, Seen):
    """What an agent's page has."""


class Release(_Of):
    """Leaves a chat to the queue or the bot."""

    type: Literal["release"]
    to: Annotated[To, Field(strict=False)]


class Solve(_Of):
    """Closes a chat, since the matter is settled."""

    type: Literal["solve"]


class Available(_Frame):
    """Whether one takes chats."""

    type: Literal["available"]
    on: bool


Frame = TypeVar("Frame")

CustomerFrame = Typing | Seen
StaffFrame = Watch | Unwatch | Take | Say | StaffTyping | StaffSeen | Release | Solve | Available

_OF_CUSTOMER: Final[TypeAdapter[CustomerFrame]] = TypeAdapter(
    Annotated[CustomerFrame, Field(discriminator="type")]
)
_OF_STAFF: Final[TypeAdapter[StaffFrame]] = TypeAdapter(Annotated[StaffFrame, Field(discriminator="type")])


def of_customer(text: str) -> CustomerFrame:
    """A customer's frame. Raises `BadRequest` naming what cannot be used."""
    return _read(_OF_CUSTOMER, text)


def of_staff(text: str) -> StaffFrame:
    """An agent's frame. Raises `BadRequest` naming what cannot be used."""
    return _read(_OF_STAFF, text)


def _read(adapter: TypeAdapter[Frame], text: str) -> Frame:
    try:
        return adapter.validate_json(text)
    except ValidationError as exc:
        first = exc.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadRequest(f"{where}: {first['msg']}" if where else first["msg"]) from exc


def frame(kind: str, **fields: Any) -> str:
    """A frame going out."""
    return to_json({"type": kind, **fields}).decode()


def message_frame(seq: int, message: Message, side: Side, conversation_id: str) -> str:
    """One message with its place, as a side sees it; only customers need their own ids and whole replies."""
    body: dict[str, Any] = {
        "seq": seq,
        "id": message.id,
        "role": message.role,
        "author": message.author,
        "text": message.text,
        "at": message.at.isoformat(),
    }
    if side is Side.CUSTOMER:
        body["client_id"] = message.client_id if message.role is Role.CUSTOMER else ""
        body["reply"] = reply_body(message, conversation_id)
    else:
        body["conversation"] = conversation_id
        body["client_id"] = message.client_id if message.role is Role.AGENT else ""
    return frame("message", **body)


def state_of(chat: LiveChat, side: Side, now_typing: bool) -> dict[str, Any]:
    """How a conversation stands, as a side sees it: marks and typing are the other side's."""
    other = chat.of(Side.CUSTOMER if side is Side.AGENT else Side.AGENT)
    return {
        "state": chat.state,
        "agent": chat.name,
        "ticket": chat.ticket,
        "typing": now_typing,
        "delivered": other.delivered,
        "read": other.read,
    }


def listed(row: BoardRow, here: bool, account_id: str) -> dict[str, Any]:
    """A row of the list, for one agent."""
    return {
        "conversation": row.conversation_id,
        "group": group_of(row, account_id),
        "subject": row.subject,
        "language": row.language,
        "ticket": row.ticket,
        "priority": row.priority,
        "queue": row.queue,
        "agent": row.name,
        "unread": row.unread,
        "since": row.since.isoformat(),
        "last": row.last_at.isoformat(),
        "here": here,
    }


def group_of(row: BoardRow, account_id: str) -> str:
    """The part of the list that a row stands in: `mine`, `waiting`, `colleagues` or `bot`."""
    if row.account_id:
        return "mine" if row.account_id == account_id else "colleagues"
    return "bot" if row.state in (State.ANSWERING, State.AWAITING_CHOICE) else "waiting"
