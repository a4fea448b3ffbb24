"""A conversation in, what both sides said and the names of what they sent as plain text out; pure."""

from collections.abc import Sequence
from typing import Final

from bot.desk.attachments import Attachment, shown_size
from bot.dialogue.conversation import Conversation, Message, Role

#: Who speaks, where no agent's name is known; the site's name stands for what answers there.
_RULE: Final = "-" * 40


def transcript(conversation: Conversation, site_name: str, you: str, files: Sequence[Attachment] = ()) -> str:
    """Oldest first, each with its time in UTC; what the service noted on the side is left out.

    `you` stands for the customer, in their language; `files` are those that the customer may have.
    """
    parts = [
        (one.at, _speaker(one, site_name, you), _said(one))
        for one in conversation.messages
        if one.role is not Role.SYSTEM
    ]
    parts += [
        (one.at, you if one.by == "customer" else site_name, f"[{one.name}] {shown_size(one.size)}")
        for one in files
    ]
    head = f"{site_name} · {conversation.ticket}" if conversation.ticket else site_name
    # What was said and sent at the same moment stays in this order.
    told = [
        f"{who} · {at:%Y-%m-%d %H:%M} UTC\n{what}" for at, who, what in sorted(parts, key=lambda one: one[0])
    ]
    return "\n\n".join([f"{head}\n{_RULE}", *told]) + "\n"


def _speaker(message: Message, site_name: str, you: str) -> str:
    if message.role is Role.CUSTOMER:
        return you
    return message.author or site_name


def _said(message: Message) -> str:
    sources = [f"[{one.title}] {one.url}" for one in message.reply.citations] if message.reply else []
    return "\n".join([message.text, *dict.fromkeys(sources)])
