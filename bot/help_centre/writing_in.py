"""A customer's word to people, outside the chat, in; a conversation with a ticket, or one more message of it, out.

The bot says nothing here: what is written is redacted, weighed by the triggers and handed to people, as a hand-off is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.anew import anew
from bot.answering.answered import Answered
from bot.answering.answering import Answering
from bot.chat.handover import Handover
from bot.chat.relay import told
from bot.desk.ticket import Ticket
from bot.dialogue.conversation import Conversation, Message, Role, State
from bot.dialogue.reply import Reason
from bot.dialogue.states import Event, after
from bot.dialogue.wording import Wording
from bot.errors import ConversationMoved, NotFound
from bot.ledger.customers import marks_of
from bot.ledger.facts import Fact, FactKind, fact_of_act
from bot.ports import Conversations, Exchange
from bot.randomness import Chance
from bot.redaction import Kind, Redactor
from bot.tickets.hearing import Hearing

#: Who has the conversation where nobody of the team does.
_BOT_HAS_IT = (State.ANSWERING, State.AWAITING_CHOICE)


@dataclass(frozen=True, slots=True)
class Written:
    """What became of it."""

    ticket: Ticket
    next_step: str
    """What happens next and by when, in the customer's language."""
    removed: str
    """What was taken out of the text before it was stored, in a sentence; empty for nothing."""


class WritingIn:
    """Takes what customers write to people."""

    def __init__(
        self,
        conversations: Conversations,
        answering: Answering,
        handover: Handover,
        hearing: Hearing,
        wording: Wording,
        chance: Chance,
        redactor: Redactor,
    ) -> None:
        self._conversations = conversations
        self._answering = answering
        self._handover = handover
        self._hearing = hearing
        self._wording = wording
        self._chance = chance
        self._redactor = redactor

    def begin(
        self,
        conversation_id: str,
        text: str,
        *,
        locale: str,
        contact: str,
        channel: str,
        facts: Sequence[Fact] = (),
    ) -> Written:
        """Opens a conversation that people have, with its ticket and the facts of it.

        Sent again under the same id it is stored once; another text is a further message of it.
        """

        def once() -> Written:
            known = self._conversations.get(conversation_id)
            if known is not None:
                return self._again(known, text)
            return self._begun(conversation_id, text, locale, contact, channel, facts)

        return anew(self._chance, once, ConversationMoved)

    def go_on(self, conversation_id: str, text: str, client_id: str = "") -> Written:
        """One more message of a conversation that has a ticket, which hears of it: it is open again, or still.

        Raises `NotFound`. A message with a `client_id` is stored once.
        """

        def once() -> Written:
            conversation = self._conversations.get(conversation_id)
            if conversation is None or not conversation.ticket:
                raise NotFound("There is no such request.")
            return self._gone_on(conversation, text, client_id)

        return anew(self._chance, once, ConversationMoved)

    def _begun(
        self,
        conversation_id: str,
        text: str,
        locale: str,
        contact: str,
        channel: str,
        facts: Sequence[Fact],
    ) -> Written:
        now = self._chance.now()
        clean = self._redactor.redact(text, locale=locale)
        answered = self._answering.for_people(clean.text, locale=locale)
        language = answered.reply.language
        said = Message(self._chance.new_id(), Role.CUSTOMER, clean.text, now)
        opening = Conversation(conversation_id, State.ANSWERING, language, contact, "", now, ())
        ticket = self._handover.ticket(opening, said, answered, contact, dict, channel=channel)
        removed = self._removed(clean.kinds, language)
        opened = fact_of_act(
            *(conversation_id, now, FactKind.OPENED),
            channel=channel,
            language=language,
            marks=marks_of(contact, clean.text),
        )
        exchange = Exchange(
            conversation_id=conversation_id,
            incoming=said,
            outgoing=told(self._chance.new_id(), removed, said) if removed else None,
            state=after(opening.state, Event.HANDED_OFF_REACHABLE),
            language=language,
            contact=contact,
            ticket=ticket,
            facts=(opened, *facts),
        )
        self._conversations.record(exchange, seen=0)
        return Written(ticket, self._next_step(answered, ticket), removed)

    def _next_step(self, answered: Answered, ticket: Ticket) -> str:
        """For what is urgent, such as danger, the words that are said of it in the chat too."""
        if answered.reply.reason is Reason.PERSON:
            return self._handover.next_step(ticket, ticket.language)
        return self._handover.text(answered, ticket, ticket.created_at)

    def _again(self, known: Conversation, text: str) -> Written:
        first = known.messages[0].text
        if self._redactor.redact(text, locale=known.language).text != first:
            return self.go_on(known.id, text)
        return self._written(known, "")

    def _gone_on(self, conversation: Conversation, text: str, client_id: str) -> Written:
        if client_id and any(one.client_id == client_id for one in conversation.messages):
            return self._written(conversation, "")
        clean = self._redactor.redact(text, locale=conversation.language)
        said = Message(
            *(self._chance.new_id(), Role.CUSTOMER, clean.text, self._chance.now()),
            reply=None,
            client_id=client_id,
        )
        removed = self._removed(clean.kinds, conversation.language)
        event = Event.HANDED_OFF_REACHABLE if conversation.state in _BOT_HAS_IT else Event.PASSED_ON
        exchange = Exchange(
            conversation_id=conversation.id,
            incoming=said,
            outgoing=told(self._chance.new_id(), removed, said) if removed else None,
            state=after(conversation.state, event),
            language=conversation.language,
            contact=conversation.contact,
            ticket=None,
            change=self._hearing.heard(conversation.ticket, said.id, said.at),
        )
        self._conversations.record(exchange, seen=len(conversation.messages))
        return self._written(conversation, removed)

    def _written(self, conversation: Conversation, removed: str) -> Written:
        ticket = self._conversations.ticket(conversation.ticket)
        if ticket is None:
            raise NotFound("There is no such request.")
        return Written(ticket, self._handover.next_step(ticket, conversation.language), removed)

    def _removed(self, kinds: tuple[Kind, ...], language: str) -> str:
        if not kinds:
            return ""
        what = ", ".join(self._wording.say(f"redacted_{kind.value}", language) for kind in kinds)
        return self._wording.say("redacted_notice", language, what=what)
