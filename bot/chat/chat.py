"""The chat flow: a message in, a reply decided, stored and returned. All effects of a turn happen here."""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import replace

from bot.anew import anew
from bot.answering.answering import Answering
from bot.answering.phrasing import Tell
from bot.chat.deciding import Deciding, Hears, Serves
from bot.chat.handover import Handover
from bot.chat.incoming import Handled, Incoming, Standing, opening_id
from bot.chat.notices import Notices
from bot.chat.relay import is_relayed, relayed, silence, to_a_person, told
from bot.chat.turns import Turns
from bot.desk.ticket import FINISHED, Ticket
from bot.dialogue.conversation import Conversation, Message, Role, State
from bot.dialogue.reply import Reply
from bot.dialogue.whereabouts import MOST_CHARS, Whereabouts
from bot.dialogue.wording import Wording
from bot.errors import BadRequest, ConversationMoved, NotFound
from bot.logs import of_conversation
from bot.ports import Conversations, Feedback
from bot.randomness import Chance
from bot.redaction import Redactor

#: An identified customer finds their last conversation on another device for this long.
FOLLOWS = dt.timedelta(days=7)

_UNKNOWN = "There is no such conversation. Leave conversation_id out to start a new one."


class Chat:
    """Conversations of customers with the bot."""

    def __init__(
        self,
        conversations: Conversations,
        answering: Answering,
        handover: Handover,
        wording: Wording,
        chance: Chance,
        redactor: Redactor,
        learn: Callable[[str, bool], object] = lambda message_id, helpful: None,
        heard: Hears = lambda reference, message_id, at: None,
        noticed: Callable[[Reply, float], object] = lambda reply, seconds: None,
        served: Serves = lambda conversation, contact: None,
    ) -> None:
        """`heard` says what a message changes about the ticket that has its conversation.

        `noticed` hears of each reply, and how many seconds it took. `served` says which arm of an experiment serves a
        conversation, given what the channel knows of who writes.
        """
        self._conversations = conversations
        self._answering = answering
        self._handover = handover
        self._notices = Notices(wording)
        self._deciding = Deciding(conversations, answering, handover, self._notices, chance, heard, served)
        self._chance = chance
        self._redactor = redactor
        self._turns = Turns()
        self._learn = learn
        self._heard = heard
        self._noticed = noticed

    def reply(self, incoming: Incoming, tell: Tell | None = None) -> Handled:
        """Answers a message and stores both. `tell` hears what a language model writes, before all of it is there.

        Raises `NotFound` for an unknown conversation and `StorageUnavailable` when nothing can be stored;
        whatever else fails inside ends in a stored hand-off. What must not be kept is taken out first, so that
        neither storage, logs, the ticket nor the search ever see it.
        """
        clean = self._redactor.redact(incoming.text, locale=incoming.locale)
        incoming = replace(
            incoming,
            text=clean.text,
            redacted=clean.kinds,
            where=self._clean(incoming.where, incoming.locale),
        )
        with self._turns.of(incoming.conversation_id or opening_id(incoming.client_id)):
            return anew(self._chance, lambda: self._tried(incoming, tell), ConversationMoved)

    def _clean(self, where: Whereabouts, locale: str) -> Whereabouts:
        """What a page says, without what must not be kept, on one line each and not too long."""
        said = {name: self._redactor.redact(value, locale=locale).text for name, value in where.told()}
        return Whereabouts(**{name: " ".join(value.split())[:MOST_CHARS] for name, value in said.items()})

    def preview(self, text: str, locale: str = "") -> Reply:
        """What a customer would be answered to a first message; nothing is stored and no ticket opened."""
        clean = self._redactor.redact(text, locale=locale).text
        return self._handover.preview(self._answering.answer(clean, locale=locale), clean)

    def feedback(self, message_id: str, helpful: bool, comment: str, owner: str | None = None) -> None:
        """Keeps what a customer says of an answer; raises `NotFound` when no answer has that id for this owner."""
        if owner is not None and self._conversations.owner_of_message(message_id) not in ("", owner):
            raise NotFound("No answer has this id.")
        given = Feedback(message_id, helpful, self._redactor.redact(comment).text, self._chance.now())
        if not self._conversations.add_feedback(given):
            raise NotFound("No answer has this id.")
        self._learn(message_id, helpful)

    def conversation(self, conversation_id: str) -> Conversation:
        """Everything said so far; raises `NotFound`."""
        found = self._conversations.get(conversation_id)
        if found is None:
            raise NotFound(_UNKNOWN)
        return found

    def newest_of(self, owner: str) -> str:
        """The conversation that a customer goes on with on another device; empty where there is none."""
        return self._conversations.newest_of(owner, self._chance.now() - FOLLOWS)

    def standing(self, conversation: Conversation) -> Standing | None:
        """How the ticket of a conversation stands; None where it has none."""
        ticket = self._ticket(conversation)
        if ticket is None:
            return None
        is_over = ticket.status in FINISHED
        return Standing(
            ticket.status, "" if is_over else self._handover.next_step(ticket, conversation.language)
        )

    def _tried(self, incoming: Incoming, tell: Tell | None) -> Handled:
        begun = time.perf_counter()
        conversation = self._open(incoming)
        with of_conversation(conversation.id):
            handled = self._handled_in(conversation, incoming, tell)
            self._noticed(handled.reply, time.perf_counter() - begun)
            return handled

    def _handled_in(self, conversation: Conversation, incoming: Incoming, tell: Tell | None) -> Handled:
        repeated = self._repeated(conversation, incoming)
        if repeated is not None:
            return repeated
        if to_a_person(conversation):
            return self._relay(conversation, incoming)
        return self._turn(conversation, incoming, tell)

    def _open(self, incoming: Incoming) -> Conversation:
        if incoming.conversation_id:
            return self._permitted(self.conversation(incoming.conversation_id), incoming)
        conversation_id = opening_id(incoming.client_id) or self._chance.new_id()
        known = self._conversations.get(conversation_id) if incoming.client_id else None
        # A first message that is sent again, because its answer was lost on the way, finds what it opened.
        if known is not None and any(one.client_id == incoming.client_id for one in known.messages):
            return self._permitted(known, incoming)
        return Conversation(
            id=conversation_id,
            state=State.ANSWERING,
            language="",
            contact="",
            ticket="",
            started_at=self._chance.now(),
            messages=(),
            owner=incoming.owner or "",
        )

    def _permitted(self, conversation: Conversation, incoming: Incoming) -> Conversation:
        """The same, where who asks may continue it; else it is as unknown as one that does not exist."""
        if incoming.owner is None or conversation.is_open_to(incoming.owner):
            return conversation
        raise NotFound(_UNKNOWN)

    def _repeated(self, conversation: Conversation, incoming: Incoming) -> Handled | None:
        """What was answered when the same message came before; raises `BadRequest` for another text under its id."""
        if not incoming.client_id:
            return None
        for place, message in enumerate(conversation.messages):
            if message.client_id != incoming.client_id or message.role is not Role.CUSTOMER:
                continue
            if message.text != incoming.text:
                raise BadRequest("This client_id was used for another message; use a new one for each.")
            if is_relayed(conversation, place):
                return self._relayed(conversation, message, incoming)
            answer = conversation.messages[place + 1]
            assert answer.reply is not None  # noqa: S101 - else it was relayed
            handled = self._handled(conversation.id, answer, answer.reply, self._ticket(conversation))
            return replace(handled, redacted=incoming.redacted)
        return None

    def _relay(self, conversation: Conversation, incoming: Incoming) -> Handled:
        """Stores a message to the person in the chat; there is no reply to it but theirs."""
        said = Message(
            self._chance.new_id(), Role.CUSTOMER, incoming.text, self._chance.now(), None, incoming.client_id
        )
        notice = self._notices.line(incoming.redacted, conversation.language)
        line = told(self._chance.new_id(), notice, said) if notice else None
        exchange = relayed(conversation, said, incoming.contact, line)
        if conversation.ticket:
            exchange = replace(exchange, change=self._heard(conversation.ticket, said.id, said.at))
        self._conversations.record(exchange, seen=len(conversation.messages))
        return self._relayed(conversation, said, incoming)

    def _relayed(self, conversation: Conversation, said: Message, incoming: Incoming) -> Handled:
        ticket = self._ticket(conversation)
        return Handled(conversation.id, said.id, silence(conversation), ticket, "", incoming.redacted)

    def _turn(self, conversation: Conversation, incoming: Incoming, tell: Tell | None) -> Handled:
        """Stores a turn with the bot."""
        decided = self._deciding.turn(conversation, incoming, tell)
        self._conversations.record(decided.exchange, seen=len(conversation.messages))
        handled = self._handled(conversation.id, decided.given, decided.reply, decided.ticket)
        return replace(handled, redacted=incoming.redacted)

    def _ticket(self, conversation: Conversation) -> Ticket | None:
        return self._conversations.ticket(conversation.ticket) if conversation.ticket else None

    def _handled(self, conversation_id: str, given: Message, reply: Reply, ticket: Ticket | None) -> Handled:
        next_step = self._handover.next_step(ticket, reply.language) if ticket is not None else ""
        return Handled(conversation_id, given.id, reply, ticket, next_step)
