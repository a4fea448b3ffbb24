"""The chat flow: a message in, a reply decided, stored and returned. All effects of a turn happen here."""

import base64
import datetime as dt
import hashlib
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
from bot.errors import BadRequest, ConversationMoved, NotFound, StorageUnavailable
from bot.ports import Conversations, Exchange, Feedback
from bot.redaction import Kind, Redactor

#: How often a turn is decided anew when somebody else wrote to the conversation meanwhile.
TRIES = 4

#: A client id this long is taken for random, as a UUID is; a shorter one only tells repeats in one conversation.
LONG_CLIENT_ID = 20

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
    redacted: tuple[Kind, ...] = ()
    """What the chat took out of the text before anything else saw it; a channel leaves it empty."""


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
    redacted: tuple[Kind, ...] = ()
    """What was taken out of the message before it was stored."""


@dataclass(frozen=True, slots=True)
class Chance:
    """Where the chat takes time and chance from; tests give their own."""

    now: Callable[[], dt.datetime]
    """Aware, UTC."""
    new_id: Callable[[], str]
    """Unguessable."""
    random: random.Random


def opening_id(client_id: str) -> str:
    """The id of the conversation that a first message with this client id opens; empty for a short client id.

    A digest: whoever sends the same first message again reaches the same conversation, and nobody else does,
    since a client id of this length is random.
    """
    if len(client_id) < LONG_CLIENT_ID:
        return ""
    digest = hashlib.sha256(f"conversation:{client_id}".encode("utf-8", "surrogatepass")).digest()
    return base64.urlsafe_b64encode(digest[:18]).decode("ascii")


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
        redactor: Redactor,
        learn: Callable[[str, bool], object] = lambda message_id, helpful: None,
    ) -> None:
        self._conversations = conversations
        self._answering = answering
        self._wording = wording
        self._handlings = handlings
        self._policy = policy
        self._chance = chance
        self._redactor = redactor
        self._learn = learn

    def reply(self, incoming: Incoming) -> Handled:
        """Answers a message and stores both.

        Raises `NotFound` for an unknown conversation and `StorageUnavailable` when nothing can be stored;
        whatever else fails inside ends in a stored hand-off. What must not be kept is taken out first, so that
        neither storage, logs, the ticket nor the search ever see it.
        """
        clean = self._redactor.redact(incoming.text, locale=incoming.locale)
        incoming = replace(incoming, text=clean.text, redacted=clean.kinds)
        for attempt in range(TRIES):
            conversation = self._open(incoming)
            repeated = self._repeated(conversation, incoming)
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
        answered = self._answering.answer(self._redactor.redact(text, locale=locale).text, locale=locale)
        reply = answered.reply
        if reply.kind is not ReplyKind.HANDOFF:
            return reply
        return replace(reply, text=self._sentence(answered, Priority(answered.priority), ""))

    def feedback(self, message_id: str, helpful: bool, comment: str) -> None:
        """Keeps what a customer says of an answer; raises `NotFound` when no answer has that id."""
        given = Feedback(message_id, helpful, self._redactor.redact(comment).text, self._chance.now())
        if not self._conversations.add_feedback(given):
            raise NotFound("No answer has this id.")
        self._learn(message_id, helpful)

    def conversation(self, conversation_id: str) -> Conversation:
        """Everything said so far; raises `NotFound`."""
        found = self._conversations.get(conversation_id)
        if found is None:
            raise NotFound("There is no such conversation. Leave conversation_id out to start a new one.")
        return found

    def _open(self, incoming: Incoming) -> Conversation:
        if incoming.conversation_id:
            return self.conversation(incoming.conversation_id)
        conversation_id = opening_id(incoming.client_id) or self._chance.new_id()
        known = self._conversations.get(conversation_id) if incoming.client_id else None
        # A first message that is sent again, because its answer was lost on the way, finds what it opened.
        if known is not None and any(one.client_id == incoming.client_id for one in known.messages):
            return known
        return Conversation(
            id=conversation_id,
            state=State.ANSWERING,
            language="",
            contact="",
            ticket="",
            started_at=self._chance.now(),
            messages=(),
        )

    def _repeated(self, conversation: Conversation, incoming: Incoming) -> Handled | None:
        """What was answered when the same message came before; raises `BadRequest` for another text under its id."""
        if not incoming.client_id:
            return None
        for place, message in enumerate(conversation.messages[:-1]):
            answer = conversation.messages[place + 1]
            if message.client_id == incoming.client_id and answer.reply is not None:
                if message.text != incoming.text:
                    raise BadRequest("This client_id was used for another message; use a new one for each.")
                handled = self._handled(conversation.id, answer, answer.reply, self._ticket(conversation))
                return replace(handled, redacted=incoming.redacted)
        return None

    def _turn(self, conversation: Conversation, incoming: Incoming) -> Handled:
        now = self._chance.now()
        answered = self._answered(conversation, incoming)
        contact = incoming.contact or conversation.contact
        ticket = self._ticket_for(conversation, incoming, answered, contact, now)
        reply = answered.reply
        if reply.kind is ReplyKind.HANDOFF and ticket is not None:
            reply = replace(reply, text=self._sentence(answered, ticket.priority, ticket.reference))
        reply = self._with_notice(reply, incoming.redacted)
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
        return replace(self._handled(conversation.id, given, reply, ticket), redacted=incoming.redacted)

    def _with_notice(self, reply: Reply, redacted: tuple[Kind, ...]) -> Reply:
        """The reply, after a line that says what was taken out of the customer's message."""
        if not redacted:
            return reply
        what = ", ".join(self._wording.say(f"redacted_{kind.value}", reply.language) for kind in redacted)
        notice = self._wording.say("redacted_notice", reply.language, what=what)
        return replace(reply, text=f"{notice}\n\n{reply.text}")

    def _answered(self, conversation: Conversation, incoming: Incoming) -> Answered:
        try:
            return self._answering.answer(incoming.text, locale=incoming.locale, conversation=conversation)
        except StorageUnavailable:
            raise
        except Exception:
            # Whatever breaks inside must still reach a person: the customer has asked something.
            _log.exception("answering failed; the conversation goes to people")
            language = self._answering.language_of(conversation, incoming.locale)
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
            ticket = self._ticket(conversation)
            return replace(ticket, contact=contact) if ticket else None
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
            by = self._by(ticket.priority, reply.language)
            next_step = self._wording.say("next_step", reply.language, by=by)
        return Handled(conversation_id, given.id, reply, ticket, next_step)

    def _by(self, priority: Priority, language: str) -> str:
        """When a person answers at the latest; what the service level says, no more."""
        return self._wording.within(self._policy.service_levels[priority].first_response, language)

    def _sentence(self, answered: Answered, priority: Priority, reference: str) -> str:
        language = answered.reply.language
        return self._wording.say(
            answered.sentence, language, by=self._by(priority, language), reference=reference
        )
