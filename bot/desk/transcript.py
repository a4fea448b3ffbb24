"""A conversation in, what both sides said as plain text out; pure."""

from typing import Final

from bot.dialogue.conversation import Conversation, Message, Role

#: Who speaks, where no agent's name is known; the site's name stands for what answers there.
_RULE: Final = "-" * 40


def transcript(conversation: Conversation, site_name: str, you: str) -> str:
    """Oldest first, each with its time in UTC; what the service noted on the side is left out.

    `you` stands for the customer, in their language.
    """
    parts = [
        f"{_speaker(one, site_name, you)} · {one.at:%Y-%m-%d %H:%M} UTC\n{_said(one)}"
        for one in conversation.messages
        if one.role is not Role.SYSTEM
    ]
    head = f"{site_name} · {conversation.ticket}" if conversation.ticket else site_name
    return "\n\n".join([f"{head}\n{_RULE}", *parts]) + "\n"


def _speaker(message: Message, site_name: str, you: str) -> str:
    if message.role is Role.CUSTOMER:
        return you
    return message.author or site_name


def _said(message: Message) -> str:
    sources = [f"[{one.title}] {one.url}" for one in message.reply.citations] if message.reply else []
    return "\n".join([message.text, *dict.fromkeys(sources)])
