"""A customer's conversation as text: to keep as a file, or by mail to the address that its ticket has."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from bot.desk.aftercare import Stage
from bot.desk.attachments import Attachment
from bot.desk.ticket import Ticket
from bot.desk.transcript import transcript
from bot.dialogue.conversation import Conversation, conversation_mark
from bot.dialogue.wording import Wording
from bot.errors import Conflict
from bot.outgoing.effects import Channel, Effect
from bot.outgoing.stages import MailOrder


class Outbox(Protocol):
    """Where mails are put."""

    def put(self, effects: Iterable[Effect], at: dt.datetime) -> None:
        """Stores effects; one that is there already stays as it is."""


class NoAddress(Conflict):
    """A mail was asked for, and there is no address to send it to."""

    title = "There is no address to write to"


class Transcripts:
    """What a customer may keep."""

    def __init__(
        self,
        ticket: Callable[[str], Ticket | None],
        outbox: Callable[[], Outbox],
        wording: Wording,
        files: Callable[[str], Sequence[Attachment]],
        *,
        site_name: str,
        sends_mail: bool,
        now: Callable[[], dt.datetime],
    ) -> None:
        """`files` gives those of a conversation that its customer may have."""
        self._ticket = ticket
        self._outbox = outbox
        self._wording = wording
        self._files = files
        self._site_name = site_name
        self._sends_mail = sends_mail
        self._now = now

    def text(self, conversation: Conversation) -> str:
        """The conversation as plain text."""
        you = self._wording.say("transcript_you", conversation.language)
        return transcript(conversation, self._site_name, you, self._files(conversation.id))

    def mail(self, conversation: Conversation) -> str:
        """Has it sent to the address of its ticket, and to no other; returns that address half hidden.

        Asked for again before something new was said, it leaves once. Raises `NoAddress`.
        """
        ticket = self._ticket(conversation.ticket) if conversation.ticket else None
        if ticket is None or "@" not in ticket.contact:
            raise NoAddress("Leave your e-mail address first; then this conversation can be sent to it.")
        if not self._sends_mail:
            raise NoAddress("No mails are sent from here. The conversation can be downloaded.")
        now, files = self._now(), self._files(conversation.id)
        newest = ":".join([conversation.messages[-1].id, *(one.id for one in files[-1:])])
        order = MailOrder(Stage.TRANSCRIPT, ticket.reference)
        effect = Effect(
            key=f"mail:transcript:{conversation_mark(conversation.id)}:{newest}",
            channel=Channel.MAIL,
            target=order.stage.value,
            lane=f"mail:{ticket.reference}",
            reference=ticket.reference,
            payload=order.json(),
            due_at=now,
        )
        self._outbox().put([effect], now)
        return half_hidden(ticket.contact)


def half_hidden(address: str) -> str:
    """`ada@shop.example` as `a…@shop.example`: enough to know one's own address by."""
    box, _, domain = address.rpartition("@")
    return f"{box[:1]}…@{domain}"
