"""The chat flow: a message in, a reply decided, stored and returned. All effects of a turn happen here."""

import datetime as dt
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.answering import Answered, Answering
from bot.desk.opening import open_ticket
from bot.desk.policy import Policy
from bot.desk.ticket import Priority, Ticket
from bot.dialogue.conversation import Conversation, Message, Role, State
from bot.dialogue.decide import Decision, state_after
from bot.dialogue.reply import Reason, Reply, ReplyKind
from bot.dialogue.triggers import Handlings
from bot.dialogue.wording import Wording
from bot.errors import ConversationMoved, NotFound, StorageUnavailable
from bot.ports import Conversations, Exchange, Feedback

#: How often a turn is decided anew when somebody else wrote to the conversation meanwhile.
TRIES = 4

_log = logging.getLogger(__name__)


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


@dataclass(frozen=True, slots=True)
class Chance:
    """Where the chat takes time and chance from; tests give their own."""

    now: Callable[[], dt.datetime]
    """Aware, UTC."""
    new_id: Callable[[], str]
    """Unguessable."""
    random: random.Random


class Chat:
    """Conversations of customers with the bot."""

    def __init__(
        self,
        conversations: Conversations,
        answering: Answering,
        wording: Wording,
        handlings: Handlings,
        policy: Policy,
        chance: Chance,
    ) -> None:
        self._conversations = conversations
        self._answering = answering
        self._wording = wording
        self._handlings = handlings
        self._policy = policy
        self._chance = chance

    def reply(self, incoming: Incoming) -> Handled:
        """Answers a message and stores both.

        Raises `NotFound` for an unknown conversation and `StorageUnavailable` when nothing can be stored;
        whatever else fails inside ends in a stored hand-off.
        """
        for attempt in range(TRIES):
            conversation = self._open(incoming)
            repeated = self._repeated(conversation, incoming.client_id)
            if repeated is not None:
                return repeated
            try:
                return self._turn(conversation, incoming)
            except ConversationMoved:
                if attempt == TRIES - 1:
                    raise
        raise ConversationMoved("Please send the message again.")

    def preview(self, text: str, locale: str = "") -> Reply:
        """What a customer would be answered to a first message; nothing is stored and no ticket opened."""
        answered = self._answering.answer(text, locale=locale)
        reply = answered.reply
        if reply.kind is not ReplyKind.HANDOFF:
            return reply
        return replace(reply, text=self._sentence(answered, Priority(answered.priority), ""))

    def feedback(self, message_id: str, helpful: bool, comment: str) -> None:
        """Keeps what a customer says of an answer; raises `NotFound` when no answer has that id."""
        given = Feedback(message_id, helpful, comment, self._chance.now())
        if not self._conversations.add_feedback(given):
            raise NotFound("No answer has this id.")

    def conversation(self, conversation_id: str) -> Conversation:
        """Everything said so far; raises `NotFound`."""
        found = self._conversations.get(conversation_id)
        if found is None:
            raise NotFound("There is no such conversation. Leave conversation_id out to start a new one.")
        return found

    def _open(self, incoming: Incoming) -> Conversation:
        if incoming.conversation_id:
            return self.conversation(incoming.conversation_id)
        return Conversation(
            id=self._chance.new_id(),
            state=State.ANSWERING,
            language="",
            contact="",
            ticket="",
            started_at=self._chance.now(),
            messages=(),
        )

    def _repeated(self, conversation: Conversation, client_id: str) -> Handled | None:
        """What was answered when the same message came before."""
        if not client_id:
            return None
        for place, message in enumerate(conversation.messages[:-1]):
            answer = conversation.messages[place + 1]
            if message.client_id == client_id and answer.reply is not None:
                return self._handled(conversation.id, answer, answer.reply, self._ticket(conversation))
        return None

    def _turn(self, conversation: Conversation, incoming: Incoming) -> Handled:
        now = self._chance.now()
        answered = self._answered(conversation, incoming)
        contact = incoming.contact or conversation.contact
        ticket = self._ticket_for(conversation, incoming, answered, contact, now)
        reply = answered.reply
        if reply.kind is ReplyKind.HANDOFF and ticket is not None:
            reply = replace(reply, text=self._sentence(answered, ticket.priority, ticket.reference))
        said = Message(self._chance.new_id(), Role.CUSTOMER, incoming.text, now, None, incoming.client_id)
        given = Message(self._chance.new_id(), Role.BOT, reply.text, self._chance.now(), reply)
        decision = Decision(reply.kind, reply.reason, reply.rule)
        exchange = Exchange(
            conversation_id=conversation.id,
            incoming=said,
            outgoing=given,
            state=state_after(decision, conversation.state),
            language=reply.language,
            contact=contact,
            ticket=ticket if not conversation.ticket else None,
        )
        self._conversations.record(exchange, seen=len(conversation.messages))
        return self._handled(conversation.id, given, reply, ticket)

    def _answered(self, conversation: Conversation, incoming: Incoming) -> Answered:
        try:
            return self._answering.answer(incoming.text, locale=incoming.locale, conversation=conversation)
        except StorageUnavailable:
            raise
        except Exception:
            # Whatever breaks inside must still reach a person: the customer has asked something.
            _log.exception("answering failed; the conversation goes to people")
            language = conversation.language or self._answering.known_locale(incoming.locale)
            handling = self._handlings[Reason.FAILURE]
            reply = Reply(ReplyKind.HANDOFF, "", (), 0.0, Reason.FAILURE, "", language)
            return Answered(reply, (), handling.priority, handling.queue, handling.sentence)

    def _ticket_for(
        self,
        conversation: Conversation,
        incoming: Incoming,
        answered: Answered,
        contact: str,
        now: dt.datetime,
    ) -> Ticket | None:
        """The ticket that has the conversation after this turn."""
        if conversation.ticket:
            return self._ticket(conversation)
        if answered.reply.kind is not ReplyKind.HANDOFF:
            return None
        said = [message.text for message in conversation.messages if message.role is Role.CUSTOMER]
        return open_ticket(
            conversation_id=conversation.id,
            messages=[*said, incoming.text],
            reason=answered.reply.reason,
            rule=answered.reply.rule,
            priority=Priority(answered.priority),
            queue=answered.queue,
            language=answered.reply.language,
            contact=contact,
            considered=answered.considered,
            policy=self._policy,
            now=now,
            chance=self._chance.random,
        )

    def _ticket(self, conversation: Conversation) -> Ticket | None:
        return self._conversations.ticket(conversation.ticket) if conversation.ticket else None

    def _handled(self, conversation_id: str, given: Message, reply: Reply, ticket: Ticket | None) -> Handled:
        next_step = ""
        if ticket is not None:
            say = self._wording.say
            next_step = say("handoff_reference", reply.language, reference=ticket.reference)
            if not ticket.contact:
                next_step = f"{next_step} {say('contact_ask', reply.language)}"
        return Handled(conversation_id, given.id, reply, ticket, next_step)

    def _sentence(self, answered: Answered, priority: Priority, reference: str) -> str:
        """What the customer is told at a hand-off; promises what the service level says, no more."""
        language = answered.reply.language
        by = self._wording.within(self._policy.service_levels[priority].first_response, language)
        return self._wording.say(answered.sentence, language, by=by, reference=reference)
