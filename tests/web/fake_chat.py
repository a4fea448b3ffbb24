"""A stand-in for the chat: answers by keyword, keeps conversations in memory, answers each client id once."""

import datetime as dt
import itertools
from dataclasses import replace

from bot.chat.incoming import Handled, Incoming, Standing
from bot.desk.ticket import Priority, Status, Ticket
from bot.dialogue.conversation import Conversation, Message, Role, State
from bot.dialogue.reply import Reason, Reply, ReplyKind
from bot.errors import NotFound
from tests.web.canned import (
    ANSWERS,
    DELIVERY,
    HAND_OFF,
    NEXT_STEP,
    NOON,
)


class FakeChat:
    """Keeps conversations in memory; answers by the first keyword found, and each client id once."""

    def __init__(self) -> None:
        self.conversations: dict[str, Conversation] = {}
        self.tickets: dict[str, Ticket] = {}
        self.answered: dict[str, Handled] = {}
        self.incoming: list[Incoming] = []
        self.feedbacks: list[tuple[str, bool, str]] = []
        self.failures: list[Exception] = []
        self._ids = itertools.count(1)

    def reply(self, incoming: Incoming) -> Handled:
        self.incoming.append(incoming)
        if incoming.client_id in self.answered:
            return self.answered[incoming.client_id]
        if self.failures:
            raise self.failures.pop(0)
        if incoming.conversation_id and incoming.conversation_id not in self.conversations:
            raise NotFound("unknown conversation")
        conversation = self.conversations.get(incoming.conversation_id) or self._open(incoming.owner or "")
        if not conversation.is_open_to(incoming.owner or ""):
            raise NotFound("unknown conversation")
        contact = incoming.contact or conversation.contact
        reply = self._decide(incoming.text, conversation)
        ticket = self._ticket(conversation, reply, contact)
        said = Message(f"m_{next(self._ids)}", Role.CUSTOMER, incoming.text, NOON, None, incoming.client_id)
        told = Message(f"m_{next(self._ids)}", Role.BOT, reply.text, NOON, reply)
        self.conversations[conversation.id] = replace(
            conversation,
            state=State.WITH_PEOPLE
            if ticket
            else State.AWAITING_CHOICE
            if reply.choices
            else State.ANSWERING,
            language=reply.language,
            contact=contact,
            ticket=ticket.reference if ticket else "",
            messages=(*conversation.messages, said, told),
        )
        handled = Handled(conversation.id, told.id, reply, ticket, NEXT_STEP if ticket else "")
        if incoming.client_id:
            self.answered[incoming.client_id] = handled
        return handled

    def newest_of(self, owner: str) -> str:
        return next((one.id for one in reversed(self.conversations.values()) if one.owner == owner), "")

    def standing(self, conversation: Conversation) -> Standing | None:
        ticket = self.tickets.get(conversation.id)
        return Standing(ticket.status, NEXT_STEP) if ticket else None

    def feedback(self, message_id: str, helpful: bool, comment: str, owner: str | None = None) -> None:
        known = [m.id for c in self.conversations.values() for m in c.messages if m.role is Role.BOT]
        if message_id not in known:
            raise NotFound("No answer has this id.")
        self.feedbacks.append((message_id, helpful, comment))

    def conversation(self, conversation_id: str) -> Conversation:
        if conversation_id not in self.conversations:
            raise NotFound("unknown conversation")
        return self.conversations[conversation_id]

    def _open(self, owner: str) -> Conversation:
        conversation = Conversation(f"c_{next(self._ids)}", State.ANSWERING, "", "", "", NOON, (), owner)
        self.conversations[conversation.id] = conversation
        return conversation

    def _decide(self, text: str, conversation: Conversation) -> Reply:
        if conversation.state is State.WITH_PEOPLE:
            return replace(
                HAND_OFF, text="Your message is with my colleagues too.", reason=Reason.WITH_PEOPLE
            )
        lowered = text.lower()
        return next((reply for word, reply in ANSWERS.items() if word in lowered), HAND_OFF)

    def _ticket(self, conversation: Conversation, reply: Reply, contact: str) -> Ticket | None:
        if reply.kind is not ReplyKind.HANDOFF:
            return None
        ticket = Ticket(
            reference="TZ-4F7K-9Q2M",
            conversation_id=conversation.id,
            subject="a question",
            reason=reply.reason,
            rule=reply.rule,
            priority=Priority.MEDIUM,
            queue="general",
            status=Status.NEW,
            language="en",
            contact=contact,
            considered=(DELIVERY,),
            created_at=NOON,
            first_response_due=NOON + dt.timedelta(hours=4),
            resolution_due=NOON + dt.timedelta(days=2),
        )
        self.tickets[conversation.id] = ticket
        return ticket
