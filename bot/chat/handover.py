"""A turn that people get in, what the customer is told and what the people find out; stores nothing."""

import datetime as dt
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.answering.answered import Answered
from bot.answering.answering import Answering
from bot.chat.promise import by_when
from bot.desk.calendars import is_open
from bot.desk.opening import open_ticket
from bot.desk.packet import Packet, pack
from bot.desk.policy import Policy
from bot.desk.routing import Guess, told_by, with_its_clocks
from bot.desk.ticket import Priority, Ticket
from bot.dialogue.conversation import Conversation, Message, Role
from bot.dialogue.decide import CONTACT_GIVEN
from bot.dialogue.reply import Reason, Reply, ReplyKind
from bot.dialogue.triggers import Handlings
from bot.dialogue.whereabouts import NOWHERE, Whereabouts
from bot.dialogue.wording import Wording
from bot.randomness import Chance

_log = logging.getLogger(__name__)


class Handover:
    """Words and tickets of hand-offs."""

    def __init__(
        self,
        answering: Answering,
        wording: Wording,
        handlings: Handlings,
        policy: Policy,
        chance: Chance,
        somebody_online: Callable[[], bool] = lambda: True,
        minutes_to_wait: Callable[[], int | None] = lambda: None,
        learned: Callable[[Ticket, Sequence[Message]], Guess | None] = lambda ticket, messages: None,
    ) -> None:
        """`somebody_online` says whether a person is at the desk right now, where the desk knows.

        `learned` tells a category by what the team's own solved tickets taught; None where it cannot.
        `minutes_to_wait` says how long a customer waits for one in the chat, where somebody there can promise that.
        """
        self._answering = answering
        self._wording = wording
        self._handlings = handlings
        self._policy = policy
        self._chance = chance
        self._somebody_online = somebody_online
        self._minutes_to_wait = minutes_to_wait
        self._learned = learned

    def of_failure(self, conversation: Conversation, locale: str) -> Answered:
        """What a message ends in that could not be looked at: it reaches people all the same."""
        language = self._answering.language_of(conversation, locale)
        if conversation.is_with_people:
            reply = Reply(ReplyKind.HANDOFF, "", (), 0.0, Reason.WITH_PEOPLE, "", language)
            return Answered(reply, (), "", "", "with_people")
        handling = self._handlings[Reason.FAILURE]
        reply = Reply(ReplyKind.HANDOFF, "", (), 0.0, Reason.FAILURE, "", language)
        return Answered(reply, (), handling.priority, handling.queue, handling.sentence)

    def with_contact(self, answered: Answered, contact: str) -> Answered:
        """The same turn where the channel gave an address beside the message."""
        if not contact or answered.reply.reason is not Reason.WITH_PEOPLE:
            return answered
        reply = replace(answered.reply, rule=CONTACT_GIVEN, choices=())
        return replace(answered, reply=reply, sentence="contact_saved", contact=contact)

    def ticket(
        self,
        conversation: Conversation,
        said: Message,
        answered: Answered,
        contact: str,
        helpful: Callable[[], Mapping[str, bool]],
        where: Whereabouts = NOWHERE,
        channel: str = "chat",
    ) -> Ticket:
        """A new ticket; `helpful` reads what the customer said of the answers before."""
        messages = (*conversation.messages, said)
        packet = replace(self._packet(messages, answered.reply.language, helpful), where=where)
        return self._opened(conversation.id, messages, answered, contact, packet, said.at, channel)

    def taken_over(
        self, conversation: Conversation, helpful: Callable[[], Mapping[str, bool]], at: dt.datetime
    ) -> Ticket:
        """A new ticket for a conversation that a person took from the bot."""
        handling = self._handlings[Reason.TAKEN_OVER]
        language = self._answering.language_of(conversation, "")
        reply = Reply(ReplyKind.HANDOFF, "", (), 0.0, Reason.TAKEN_OVER, "", language)
        answered = Answered(reply, (), handling.priority, handling.queue, handling.sentence)
        packet = self._packet(conversation.messages, language, helpful)
        return self._opened(
            conversation.id, conversation.messages, answered, conversation.contact, packet, at
        )

    def _opened(
        self,
        conversation_id: str,
        messages: Sequence[Message],
        answered: Answered,
        contact: str,
        packet: Packet,
        at: dt.datetime,
        channel: str = "chat",
    ) -> Ticket:
        reply = answered.reply
        customers = [message.text for message in messages if message.role is Role.CUSTOMER]
        ticket = open_ticket(
            conversation_id=conversation_id,
            messages=customers,
            reason=reply.reason,
            rule=reply.rule,
            priority=Priority(answered.priority),
            queue=answered.queue,
            language=reply.language,
            contact=contact,
            considered=answered.considered,
            packet=packet,
            policy=self._policy,
            now=at,
            chance=self._chance.random,
            channel=channel,
        )
        # Outside the chat the bot says nothing; in it, its reply is of the conversation that is sorted by.
        given = (Message("", Role.BOT, "", at, reply),) if channel == "chat" else ()
        guess = self._guess(ticket, (*messages, *given))
        return with_its_clocks(ticket, told_by(ticket, customers), guess, self._policy, at)

    def _guess(self, ticket: Ticket, messages: Sequence[Message]) -> Guess | None:
        try:
            return self._learned(ticket, messages)
        except Exception:
            # Words of the policy tell it too, and a hand-off must not fail for it.
            _log.exception("the category of a new ticket could not be told")
            return None

    def _packet(
        self, messages: Sequence[Message], language: str, helpful: Callable[[], Mapping[str, bool]]
    ) -> Packet:
        said = [message.text for message in messages if message.role is Role.CUSTOMER]
        try:
            return pack(messages, language, self._answering.mood(said, language), helpful())
        except Exception:
            # A ticket without a summary is worth more than none.
            _log.exception("the hand-off packet could not be made")
            return Packet()

    def text(self, answered: Answered, ticket: Ticket, at: dt.datetime) -> str:
        """What the customer is told at a hand-off and after it."""
        language, say = answered.reply.language, self._wording.say
        told = say(
            answered.sentence,
            language,
            by=self.by(ticket, language, at),
            reference=ticket.reference,
            contact=ticket.contact,
            meant=next(iter(answered.reply.choices), ""),
        )
        if answered.reply.reason is Reason.WITH_PEOPLE:
            return told
        parts = [told]
        if not self._is_there(at):
            parts.append(say("handoff_away", language))
        elif (minutes := self._minutes_to_wait()) is not None:
            parts.append(say("live_wait", language, minutes=str(minutes)))
        if not ticket.contact:
            parts.append(say("contact_ask", language))
        return " ".join(parts)

    def by(self, ticket: Ticket, language: str, at: dt.datetime) -> str:
        """When a person answers at the latest, as a customer reads it at this moment: what the ticket's clock says."""
        return by_when(ticket, at, self._policy.hours, self._wording, language)

    def next_step(self, ticket: Ticket, language: str) -> str:
        """What happens with a ticket next, and by when."""
        return self._wording.say("next_step", language, by=self.by(ticket, language, self._chance.now()))

    def preview(self, answered: Answered, text: str) -> Reply:
        """The reply with its words, where nothing is stored."""
        reply = answered.reply
        if reply.kind is not ReplyKind.HANDOFF:
            return reply
        now = self._chance.now()
        # The ticket that it would be, since its clock is what customers are told.
        asked = Message("", Role.CUSTOMER, text, now)
        packet = self._packet((asked,), reply.language, dict)
        by = self.by(self._opened("", (asked,), answered, "", packet, now), reply.language, now)
        return replace(reply, text=self._wording.say(answered.sentence, reply.language, by=by, reference=""))

    def _is_there(self, at: dt.datetime) -> bool:
        return is_open(self._policy.hours, at) and self._somebody_online()
