"""Replies and conversations in, JSON bytes out, without a detour over pydantic models."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import to_json

from bot.chat.incoming import Handled, Standing
from bot.dialogue.conversation import Conversation, Message
from bot.dialogue.reply import Citation, Reply


def handled_json(handled: Handled) -> bytes:
    """The body of `POST /chat`: `ChatReply` in `bot.web.schemas`."""
    ticket = None
    if handled.ticket is not None:
        ticket = {
            "reference": handled.ticket.reference,
            "queue": handled.ticket.queue,
            "priority": handled.ticket.priority,
            "status": handled.ticket.status,
            "next_step": handled.next_step,
            "contact_known": bool(handled.ticket.contact),
        }
    told = _reply(handled.reply, handled.conversation_id, handled.message_id)
    return to_json(told | {"ticket": ticket, "redacted": handled.redacted})


def history_json(
    conversation: Conversation,
    survey: str,
    agent: str = "",
    standing: Standing | None = None,
    files: Sequence[Mapping[str, Any]] = (),
) -> bytes:
    """The body of `GET /chat/{conversation_id}/messages`: `History`. The contact itself is not told.

    `agent` is the name of the person who is in the chat, `standing` how the ticket stands, `files` what
    both sides sent.
    """
    return to_json(
        {
            "conversation_id": conversation.id,
            "state": conversation.state,
            "agent": agent,
            "language": conversation.language,
            "ticket_reference": conversation.ticket,
            "ticket_status": standing.status if standing else "",
            "next_step": standing.next_step if standing else "",
            "contact_known": bool(conversation.contact),
            "survey": survey,
            "messages": [_message(message, conversation.id) for message in conversation.messages],
            "files": files,
        }
    )


def reply_body(message: Message, conversation_id: str) -> dict[str, Any] | None:
    """The whole reply of a message of the bot; None for any other."""
    if message.reply is None:
        return None
    return _reply(message.reply, conversation_id, message.id) | {"ticket": None, "redacted": ()}


def _message(message: Message, conversation_id: str) -> dict[str, Any]:
    return {
        "id": message.id,
        "role": message.role,
        "author": message.author,
        "text": message.text,
        "at": message.at.isoformat(),
        "client_id": message.client_id,
        "reply": reply_body(message, conversation_id),
    }


def _reply(reply: Reply, conversation_id: str, message_id: str) -> dict[str, Any]:
    return {
        "kind": reply.kind,
        "text": reply.text,
        "citations": [_citation(citation) for citation in reply.citations],
        "confidence": reply.confidence,
        "reason": reply.reason,
        "rule": reply.rule,
        "language": reply.language,
        "choices": (*reply.choices, reply.none_of_these) if reply.none_of_these else reply.choices,
        "none": reply.none_of_these,
        "written": reply.written,
        "conversation_id": conversation_id,
        "message_id": message_id,
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "article_id": citation.article_id,
        "locale": citation.locale,
        "title": citation.title,
        "heading_path": citation.heading_path,
        "url": citation.url,
        "quote": citation.quote,
        "text": citation.text,
        "start": citation.start,
        "end": citation.end,
        "revision": citation.revision,
    }
