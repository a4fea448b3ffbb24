"""A message to the bot in, the turn that is to be stored out: reply, ticket, arm, facts. Stores nothing."""

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.answering.answered import Answered
from bot.answering.answering import Answering
from bot.answering.phrasing import Tell
from bot.changes import Change
from bot.chat.handover import Handover
from bot.chat.incoming import Incoming
from bot.chat.notices import Notices
from bot.desk.ticket import Ticket
from bot.dialogue.conversation import Conversation, Message, Role
from bot.dialogue.decide import Decision, event
from bot.dialogue.reply import Reply, ReplyKind
from bot.dialogue.states import after
from bot.experimenting.arms import Served
from bot.ledger.facts import Fact
from bot.ports import Conversations, Exchange
from bot.randomness import Chance

#: Which arm of an experiment serves a conversation, given what the channel knows of who writes; None outside of any.
Serves = Callable[[Conversation, str], Served | None]
#: What a customer's message, by its id, changes about the ticket that has their conversation.
Hears = Callable[[str, str, dt.datetime], Change | None]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Decided:
    """One turn, before it is stored."""

    exchange: Exchange
    given: Message
    reply: Reply
    ticket: Ticket | None
    """The ticket that has the conversation after the turn, new or older."""


class Deciding:
    """Decides turns with the bot. Reads the database, writes nothing."""

    def __init__(
        self,
        conversations: Conversations,
        answering: Answering,
        handover: Handover,
        notices: Notices,
        chance: Chance,
        heard: Hears,
        served: Serves,
    ) -> None:
        self._conversations = conversations
        self._answering = answering
        self._handover = handover
        self._notices = notices
        self._chance = chance
        self._heard = heard
        self._served = served

    def turn(self, conversation: Conversation, incoming: Incoming, tell: Tell | None) -> Decided:
        """The turn that a message leads to; whatever breaks inside leads to people."""
        said = Message(
            self._chance.new_id(), Role.CUSTOMER, incoming.text, self._chance.now(), None, incoming.client_id
        )
        served = self._served(conversation, incoming.contact)
        answering = self._answering if served is None else served.answering or self._answering
        answered = self._answered(answering, conversation, incoming, tell)
        decided = answered.reply
        answered = self._handover.with_contact(answered, incoming.contact)
        contact = incoming.contact or answered.contact or conversation.contact
        change = self._heard(conversation.ticket, said.id, said.at) if conversation.ticket else None
        ticket = self._ticket_for(conversation, said, answered, contact, incoming, change)
        reply = self._worded(answered, ticket, said, incoming)
        reply = replace(reply, arm=served.arm) if served else reply
        given = Message(self._chance.new_id(), Role.BOT, reply.text, self._chance.now(), reply)
        exchange = Exchange(
            conversation_id=conversation.id,
            incoming=said,
            outgoing=given,
            state=after(conversation.state, event(_decision(reply), bool(contact))),
            language=reply.language,
            contact=contact,
            ticket=ticket if not conversation.ticket else None,
            threshold=answering.threshold,
            unconfirmed=answered.unconfirmed if not contact else "",
            change=change,
            drawn=served.drawn(conversation, incoming.contact, said.at) if served else None,
            facts=self._differed(served, conversation, incoming, decided, said.at),
            owner=conversation.owner,
        )
        return Decided(exchange, given, reply, ticket)

    def _worded(self, answered: Answered, ticket: Ticket | None, said: Message, incoming: Incoming) -> Reply:
        """The reply as the customer reads it."""
        reply = answered.reply
        if reply.kind is ReplyKind.HANDOFF and ticket is not None:
            reply = replace(reply, text=self._handover.text(answered, ticket, said.at))
        return self._notices.before(reply, incoming.redacted)

    def _answered(
        self, answering: Answering, conversation: Conversation, incoming: Incoming, tell: Tell | None
    ) -> Answered:
        try:
            return answering.answer(
                incoming.text,
                locale=incoming.locale,
                conversation=conversation,
                tell=tell,
                where=incoming.where,
            )
        except Exception:
            # Whatever breaks inside must still reach a person: the customer has asked something. Where the database
            # is what broke, storing the hand-off says so.
            _log.exception("answering failed; the conversation goes to people")
            return self._handover.of_failure(conversation, incoming.locale)

    def _differed(
        self,
        served: Served | None,
        conversation: Conversation,
        incoming: Incoming,
        reply: Reply,
        at: dt.datetime,
    ) -> tuple[Fact, ...]:
        """Whether the other arm of an experiment would have said something else, where that is counted."""
        if served is None or served.other is None:
            return ()

        def say(answering: Answering) -> Reply:
            text, locale, where = incoming.text, incoming.locale, incoming.where
            return answering.answer(text, locale=locale, conversation=conversation, where=where).reply

        return served.differed(conversation, at, reply, say)

    def _ticket_for(
        self,
        conversation: Conversation,
        said: Message,
        answered: Answered,
        contact: str,
        incoming: Incoming,
        change: Change | None,
    ) -> Ticket | None:
        """The ticket that has the conversation after this turn, and what the message changed of it."""
        if conversation.ticket:
            ticket = self._conversations.ticket(conversation.ticket)
            if ticket and change and change.ticket.reference == ticket.reference:
                ticket = change.ticket
            return replace(ticket, contact=contact) if ticket else None
        if answered.reply.kind is not ReplyKind.HANDOFF:
            return None

        def helpful() -> Mapping[str, bool]:
            # Nothing was answered before the first message, so nothing was said of it.
            return self._conversations.helpful(conversation.id) if conversation.messages else {}

        return self._handover.ticket(conversation, said, answered, contact, helpful, incoming.where)


def _decision(reply: Reply) -> Decision:
    """What was decided, as the reply tells."""
    return Decision(reply.kind, reply.reason, reply.rule)
