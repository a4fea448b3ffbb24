"""Carries mails to customers: what an order is made of is read when it leaves, so that it says what is true then."""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Final, Protocol

from bot.desk.aftercare import Stage
from bot.desk.survey import Survey
from bot.desk.ticket import Status, Ticket
from bot.dialogue.conversation import Conversation, Message, Role
from bot.outgoing.effects import Effect, NothingToDo, Undeliverable
from bot.outgoing.mail_texts import MailTexts
from bot.outgoing.stages import MailOrder

_FINISHED: Final = frozenset({Status.SOLVED, Status.CLOSED})
#: The status that a ticket must still have for a mail to be true; the others are true in any.
_HOLDS_IN: Final[Mapping[Stage, frozenset[Status]]] = {
    Stage.WAITING: frozenset({Status.WAITING}),
    Stage.ON_HOLD: frozenset({Status.ON_HOLD}),
    Stage.SOLVED: _FINISHED,
    Stage.FOLLOW_UP: _FINISHED,
    Stage.REOPENED: frozenset(Status) - _FINISHED,
    Stage.DELAYED: frozenset(Status) - _FINISHED,
}


class Tickets(Protocol):
    """Where tickets and their conversations are read."""

    def ticket(self, reference: str) -> Ticket | None:
        """A ticket by its reference."""

    def get(self, conversation_id: str) -> Conversation | None:
        """A conversation by its id."""


class Chats(Protocol):
    """Where it is read how far a customer has got in the chat."""

    def read_by_customer(self, conversation_id: str) -> int:
        """How many messages of a conversation were on a page that the customer looked at."""


class Surveys(Protocol):
    """Where surveys are read."""

    def get(self, survey_id: str) -> Survey | None:
        """A survey by its id."""


class Server(Protocol):
    """Takes finished messages."""

    def send(self, message: EmailMessage) -> None:
        """Raises `Undeliverable`."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who mails come from."""

    name: str
    address: str

    @classmethod
    def read(cls, written: str, site_name: str) -> "Sender":
        """`Name <mail@shop.example>`, or the address alone, which gets the site's name."""
        name, address = parseaddr(written)
        return cls(name or site_name, address)

    @property
    def domain(self) -> str:
        """Behind the at sign."""
        return self.address.rpartition("@")[2]


class Mailer:
    """Implements `bot.outgoing.delivery.Carrier` for mails."""

    def __init__(
        self,
        server: Server,
        texts: MailTexts,
        tickets: Tickets,
        chats: Chats,
        surveys: Surveys,
        sender: Sender,
        *,
        site_name: str,
        survey_link: Callable[[Survey], str],
        transcript: Callable[[Conversation], str],
        now: Callable[[], dt.datetime],
    ) -> None:
        """`transcript` gives a conversation as text.

        `survey_link` gives the address of a survey's page, or nothing where this service has no address.
        """
        self._server = server
        self._texts = texts
        self._tickets = tickets
        self._chats = chats
        self._surveys = surveys
        self._sender = sender
        self._site_name = site_name
        self._survey_link = survey_link
        self._transcript = transcript
        self._now = now

    def carry(self, effect: Effect) -> None:
        """Sends a mail. Raises `Undeliverable`, and `NothingToDo` where it would not be true or nobody could get it."""
        order = MailOrder.read(effect.payload)
        ticket = self._tickets.ticket(order.reference)
        if ticket is None:
            raise NothingToDo("The ticket is gone.")
        if "@" not in ticket.contact:
            raise NothingToDo("The customer has left no e-mail address.")
        if ticket.status not in _HOLDS_IN.get(order.stage, frozenset(Status)):
            raise NothingToDo(f"The ticket is {ticket.status} by now.")
        link = self._link(order)
        values = {
            "site_name": self._site_name,
            "reference": ticket.reference,
            "subject": ticket.subject,
            "message": self._message_of(ticket, order),
            "link": link,
        }
        written = self._texts.write(order.stage, ticket.language, values)
        message = self._message(effect, ticket, order.stage)
        try:
            message["Subject"] = written.subject
            message.set_content(written.text)
            message.add_alternative(written.html, subtype="html")
            message["Content-Language"] = written.language
        except ValueError as exc:
            raise Undeliverable("The mail cannot be put together.", for_good=True) from exc
        self._server.send(message)

    def _link(self, order: MailOrder) -> str:
        survey = self._surveys.get(order.survey_id) if order.survey_id else None
        if order.stage is not Stage.FOLLOW_UP:
            return self._survey_link(survey) if survey is not None else ""
        if survey is None or not survey.is_open(self._now()):
            raise NothingToDo("The survey has ended.")
        if survey.answered_at is not None:
            raise NothingToDo("The customer has answered already.")
        return self._survey_link(survey)

    def _message_of(self, ticket: Ticket, order: MailOrder) -> str:
        if order.stage is not Stage.TRANSCRIPT:
            return self._replies(ticket, order)
        conversation = self._tickets.get(ticket.conversation_id)
        if conversation is None:
            raise NothingToDo("The conversation is gone.")
        return self._transcript(conversation)

    def _replies(self, ticket: Ticket, order: MailOrder) -> str:
        """What a reply says. Several in a row leave as one; what the customer has answered has reached them."""
        if not order.message_id:
            return ""
        conversation = self._tickets.get(ticket.conversation_id)
        messages = conversation.messages if conversation else ()
        run = _run(messages, order.message_id)
        if order.stage is Stage.REPLIED:
            if not run:
                raise NothingToDo("The reply is gone.")
            if run[-1].id != order.message_id:
                raise NothingToDo("It leaves with a later reply.")
            place = next(place for place, one in enumerate(messages) if one.id == order.message_id)
            answered = any(one.role is Role.CUSTOMER for one in messages[place:])
            if answered or self._chats.read_by_customer(ticket.conversation_id) > place:
                raise NothingToDo("The customer has read it in the chat.")
        return "\n\n".join(one.text for one in run)

    def _message(self, effect: Effect, ticket: Ticket, stage: Stage) -> EmailMessage:
        """The headers. The same effect always has the same Message-ID; those of one ticket make one thread."""
        domain = self._sender.domain
        thread = f"<ticket.{ticket.reference}@{domain}>"
        digest = hashlib.sha256(effect.key.encode()).hexdigest()[:32]
        message = EmailMessage(policy=SMTP)
        try:
            message["From"] = Address(self._sender.name, addr_spec=self._sender.address)
            message["To"] = Address(addr_spec=ticket.contact)
        except ValueError as exc:
            raise Undeliverable("The customer's address cannot be written to.", for_good=True) from exc
        message["Date"] = format_datetime(self._now())
        message["Message-ID"] = thread if stage is Stage.RECEIVED else f"<{digest}@{domain}>"
        if stage is not Stage.RECEIVED:
            message["In-Reply-To"] = message["References"] = thread
        if stage is not Stage.REPLIED:
            # Answering machines leave it alone (RFC 3834).
            message["Auto-Submitted"] = "auto-generated"
        return message


def _run(messages: Sequence[Message], message_id: str) -> list[Message]:
    """The agents' messages in a row that hold this one."""
    run: list[Message] = []
    for one in messages:
        if one.role is Role.AGENT:
            run.append(one)
        elif any(kept.id == message_id for kept in run):
            break
        elif one.role is Role.CUSTOMER:
            run = []
    return run if any(kept.id == message_id for kept in run) else []
