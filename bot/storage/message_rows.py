"""Messages as rows of their table, and back."""

from collections.abc import Sequence
from typing import Any

from bot.dialogue.conversation import Message, Role
from bot.storage import codec


def message_row(conversation_id: str, seq: int, message: Message) -> dict[str, Any]:
    """A message as its table has it; `seq` is its place in the conversation."""
    return {
        "conversation_id": conversation_id,
        "seq": seq,
        "id": message.id,
        "role": message.role.value,
        "text": message.text,
        "at": message.at,
        "reply": codec.reply_to_json(message.reply) if message.reply else None,
        "client_id": message.client_id,
        "author": message.author,
    }


def read_message(fields: Sequence[Any]) -> Message:
    """A message of its columns: id, role, text, time, reply, client id, author, helpful."""
    id_, role, text, at, reply, client_id, author, helpful = fields
    return Message(
        id=id_,
        role=Role(role),
        text=text,
        at=at,
        reply=None if reply is None else codec.reply_from_json(reply),
        client_id=client_id,
        helpful=helpful,
        author=author,
    )
