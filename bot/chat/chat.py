"""The chat flow: a message in, a reply decided, stored and returned. All effects of a turn happen here."""

import base64
import datetime as dt
import hashlib
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.anew import anew
from bot.answering.answered import Answered
from bot.answering.answering import Answering
from bot.answering.phrasing import Tell
from bot.changes import Change
from bot.chat.handover import Handover
from bot.chat.relay import is_relayed, relayed, silence, to_a_person, told
from bot.chat.turns import Turns
from bot.desk.ticket import FINISHED, Status, Ticket
from bot.dialogue.conversation import Conversation, Message, Role, State
from bot.dialogue.decide import Decision, event
from bot.dialogue.reply import Reply, ReplyKind
from bot.dialogue.states import after
from bot.dialogue.whereabouts import MOST_CHARS, NOWHERE, Whereabouts
from bot.dialogue.wording import Wording
from bot.errors import BadRequest, ConversationMoved, NotFound
from bot.experimenting.arms import Served
from bot.ledger.facts import Fact
from bot.logs import of_conversation
from bot.ports import Conversations, Exchange, Feedback
from bot.randomness import Chance
from bot.redaction import Kind, Redactor

#: A client id this long is taken for random, as a UUID is; a shorter one only tells repeats in one conversation.
LONG_CLIENT_ID = 20

#: An identified customer finds their last conversation on another device for this long.
FOLLOWS = dt.timedelta(days=7)

_UNKNOWN = "There is no such conversation. Leave conversation_id out to start a new one."

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
    where: Whereabouts = NOWHERE
    """Where the customer writes from, as their page says."""
    owner: str | None = None
    """Whose session asks, empty for none; None for a channel that knows by itself whose a conversation is."""


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
class Standing:
    """How a customer's ticket stands."""

    status: Status
    next_step: str
    """What happens next and by when, in the customer's language; empty where nothing does."""


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
        handover: Handover,
        wording: Wording,
        chance: Chance,
        redactor: Redactor,
        learn: Callable[[str, bool], object] = lambda message_id, helpful: None,
        heard: Callable[[str, str, dt.datetime], Change | None] = lambda reference, message_id, at: None,
        noticed: Callable[[Reply, float], object] = lambda reply, seconds: None,
        served: Callable[[Conversation, str], Served | None] = lambda conversation, contact: None,
    ) -> None:
        """`heard` says what a message changes about the ticket that has its conversation.

        `noticed` hears of each reply, and how many seconds it took. `served` says which arm of an experiment serves a
        conversation, given what the channel knows of who writes.
        """
        self._conversations = conversations
        self._answering = answering
        self._handover = handover
        self._wording = wording
        self._chance = chance
        self._redactor = redactor
        self._turns = Turns()
        self._learn = learn
        self._heard = heard
        self._noticed = noticed
        self._served = served

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
        answered = self._answering.answer(self._redactor.redact(text, locale=locale).text, locale=locale)
        return self._handover.preview(answered)

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
        notice = self._notice(incoming.redacted, conversation.language)
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
        said = Message(
            self._chance.new_id(), Role.CUSTOMER, incoming.text, self._chance.now(), None, incoming.client_id
        )
        served = self._served(conversation, incoming.contact)
        answering = self._answering if served is None else served.answering or self._answering
        answered = self._answered(answering, conversation, incoming, tell)
        decided = answered.reply
        answered = self._handover.with_contact(answered, incoming.contact)
        contact = incoming.contact or answered.contact or conversation.contact
        ticket = self._ticket_for(conversation, said, answered, contact, incoming.where)
        reply = answered.reply
        if reply.kind is ReplyKind.HANDOFF and ticket is not None:
            reply = replace(reply, text=self._handover.text(answered, ticket, said.at))
        reply = self._with_notice(reply, incoming.redacted)
        reply = replace(reply, arm=served.arm) if served else reply
        given = Message(self._chance.new_id(), Role.BOT, reply.text, self._chance.now(), reply)
        decision = Decision(reply.kind, reply.reason, reply.rule)
        exchange = Exchange(
            conversation_id=conversation.id,
            incoming=said,
            outgoing=given,
            state=after(conversation.state, event(decision, bool(contact))),
            language=reply.language,
            contact=contact,
            ticket=ticket if not conversation.ticket else None,
            threshold=answering.threshold,
            unconfirmed=answered.unconfirmed if not contact else "",
            change=self._heard(conversation.ticket, said.id, said.at) if conversation.ticket else None,
            drawn=served.drawn(conversation, incoming.contact, said.at) if served else None,
            facts=self._differed(served, conversation, incoming, decided, said.at),
            owner=conversation.owner,
        )
        self._conversations.record(exchange, seen=len(conversation.messages))
        return replace(self._handled(conversation.id, given, reply, ticket), redacted=incoming.redacted)

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

    def _with_notice(self, reply: Reply, redacted: tuple[Kind, ...]) -> Reply:
        """The reply, after a line that says what was taken out of the customer's message."""
        notice = self._notice(redacted, reply.language)
        return replace(reply, text=f"{notice}\n\n{reply.text}") if notice else reply

    def _notice(self, redacted: tuple[Kind, ...], language: str) -> str:
        if not redacted:
            return ""
        what = ", ".join(self._wording.say(f"redacted_{kind.value}", language) for kind in redacted)
        return self._wording.say("redacted_notice", language, what=what)

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

    def _ticket_for(
        self,
        conversation: Conversation,
        said: Message,
        answered: Answered,
        contact: str,
        where: Whereabouts,
    ) -> Ticket | None:
        """The ticket that has the conversation after this turn."""
        if conversation.ticket:
            ticket = self._ticket(conversation)
            return replace(ticket, contact=contact) if ticket else None
        if answered.reply.kind is not ReplyKind.HANDOFF:
            return None

        def helpful() -> Mapping[str, bool]:
            # Nothing was answered before the first message, so nothing was said of it.
            return self._conversations.helpful(conversation.id) if conversation.messages else {}

        return self._handover.ticket(conversation, said, answered, contact, helpful, where)

    def _ticket(self, conversation: Conversation) -> Ticket | None:
        return self._conversations.ticket(conversation.ticket) if conversation.ticket else None

    def _handled(self, conversation_id: str, given: Message, reply: Reply, ticket: Ticket | None) -> Handled:
        next_step = self._handover.next_step(ticket, reply.language) if ticket is not None else ""
        return Handled(conversation_id, given.id, reply, ticket, next_step)
