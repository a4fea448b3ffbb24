"""“My requests”: an address in, a link by mail out; who opens it sees the tickets of that address and answers.

Nobody learns from it whether an address is known: the same is done and said for each, and only the mail, which leaves
later, is sent or not.
"""

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from bot.anew import anew
from bot.changes import Change, TicketMoved
from bot.desk.steps import CUSTOMER
from bot.desk.ticket import Ticket
from bot.dialogue.conversation import Conversation
from bot.errors import BadRequest, NotFound, NotSignedIn
from bot.help_centre.writing_in import WritingIn, Written
from bot.outgoing.effects import Channel, Effect
from bot.outgoing.link_mail import TARGET
from bot.people import tokens
from bot.randomness import Chance
from bot.tickets.hearing import Hearing

PURPOSE: Final = "own-requests"
#: How long a link may wait in a mailbox; opened once, it opens nothing again.
LINK_HOLDS: Final = dt.timedelta(minutes=30)
#: How long who opened it may look, without asking for another link.
SESSION_HOLDS: Final = dt.timedelta(hours=2)
#: Links to one address within an hour: a mailbox must not be filled by a stranger.
MOST_LINKS: Final = 3
_GONE: Final = "This link does not work (any more). Ask for a new one."
_NO_REQUEST: Final = "There is no such request among yours."


@dataclass(frozen=True, slots=True)
class Link:
    """One link that was asked for, and who looks by it."""

    id: str
    contact: str
    """The address, in small letters; of who has opened the link it is proven that they read its mail."""
    locale: str
    asked_at: dt.datetime
    expires_at: dt.datetime
    """Until when it may be opened; of an opened one, until when its session holds."""
    session: str = ""
    """Digest of what stands in the browser's cookie; empty until it is opened."""


class RequestStore(Protocol):
    """Where links and the tickets of an address are read and kept."""

    def ask(self, link: Link, effect: Effect, since: dt.datetime, most: int) -> bool:
        """Stores a link with the mail that brings it; False, and nothing, where an address had that many since."""

    def open(self, link_id: str, session: str, now: dt.datetime, until: dt.datetime) -> Link | None:
        """Opens a link that nobody has opened or ended; None where there is none."""

    def session(self, session: str, now: dt.datetime) -> Link | None:
        """The opened link of a session that holds."""

    def end(self, contact: str, now: dt.datetime) -> int:
        """Ends all links and sessions of an address; returns how many there were."""

    def tickets(self, contact: str) -> Sequence[Ticket]:
        """Tickets of an address, newest first."""

    def apply(self, change: Change) -> None:
        """Stores a step. Raises `TicketMoved`."""


class Conversations(Protocol):
    """Where conversations are read."""

    def get(self, conversation_id: str) -> Conversation | None:
        """A conversation by its id."""


class Signing(Protocol):
    """Signs links and forms."""

    def signed(self, purpose: str, token: str) -> tuple[str, dt.datetime] | None:
        """What a token was signed for, and until when."""

    def derived(self, purpose: str) -> bytes:
        """A key for one purpose."""


class OwnRequests:
    """What customers see and do of their own tickets."""

    def __init__(
        self,
        store: RequestStore,
        conversations: Conversations,
        hearing: Hearing,
        writing_in: WritingIn,
        keyring: Callable[[], Signing],
        chance: Chance,
    ) -> None:
        """`keyring` is asked for when it is needed first."""
        self._store = store
        self._conversations = conversations
        self._hearing = hearing
        self._writing_in = writing_in
        self._keyring = keyring
        self._chance = chance

    def ask(self, address: str, locale: str) -> None:
        """Has a link sent to an address, if it has any tickets; that is found out where the mail leaves."""
        now = self._chance.now()
        link = Link(self._chance.new_id(), folded(address), locale, now, now + LINK_HOLDS)
        effect = Effect(
            key=f"mail:{TARGET}:{link.id}",
            channel=Channel.MAIL,
            target=TARGET,
            lane=f"mail:{TARGET}:{link.id}",
            reference="",
            payload=json.dumps({"link": link.id}),
            due_at=now,
        )
        self._store.ask(link, effect, now - dt.timedelta(hours=1), MOST_LINKS)

    def check(self, token: str) -> None:
        """Raises `NotFound` for a link that was never signed here, or whose time has passed. Opens nothing."""
        self._link_id(token)

    def open(self, token: str) -> str:
        """Opens a link, once; gives what the browser shows from now on. Raises `NotFound`."""
        session, now = tokens.new_token(), self._chance.now()
        opened = self._store.open(self._link_id(token), tokens.digest(session), now, now + SESSION_HOLDS)
        if opened is None:
            raise NotFound(_GONE)
        return session

    def who(self, session: str) -> Link:
        """Who looks. Raises `NotSignedIn`."""
        found = self._store.session(tokens.digest(session), self._chance.now()) if session else None
        if found is None:
            raise NotSignedIn("Please ask for a link to your requests.")
        return found

    def form_token(self, who: Link) -> str:
        """What the forms of a session carry."""
        return tokens.form_token(who.session, self._keyring().derived(PURPOSE))

    def is_form(self, who: Link, given: str) -> bool:
        """Whether a form is of this session."""
        return tokens.same(given, self.form_token(who))

    def tickets(self, who: Link) -> Sequence[Ticket]:
        """Their tickets, newest first."""
        return self._store.tickets(who.contact)

    def ticket(self, who: Link, reference: str) -> tuple[Ticket, Conversation]:
        """One of their tickets with its conversation. Raises `NotFound`, for another customer's too."""
        ticket = next((one for one in self.tickets(who) if one.reference == reference), None)
        conversation = self._conversations.get(ticket.conversation_id) if ticket else None
        if ticket is None or conversation is None:
            raise NotFound(_NO_REQUEST)
        return ticket, conversation

    def answer(self, who: Link, reference: str, text: str, client_id: str) -> Written:
        """Writes to the people who have it; one that was solved is open again by that."""
        if not any(map(str.isalnum, text)):
            raise BadRequest("Write a word at least.")
        ticket, _ = self.ticket(who, reference)
        return self._writing_in.go_on(ticket.conversation_id, text, client_id)

    def solve(self, who: Link, reference: str) -> None:
        """Says that it is solved. Raises `ImpossibleStep` for one that is."""

        def once() -> None:
            ticket, _ = self.ticket(who, reference)
            change = self._hearing.solved_by(CUSTOMER, ticket.reference)
            if change is None:
                raise NotFound(_NO_REQUEST)
            self._store.apply(change)

        anew(self._chance, once, TicketMoved)

    def leave(self, who: Link) -> None:
        """Ends this session and every other link of the address, opened or not."""
        self._store.end(who.contact, self._chance.now())

    def _link_id(self, token: str) -> str:
        read = self._keyring().signed(PURPOSE, token)
        if read is None or self._chance.now() >= read[1]:
            raise NotFound(_GONE)
        return read[0]


def folded(address: str) -> str:
    """An address in small letters; only those of ASCII, so that no two addresses that differ otherwise become one."""
    return "".join(char.lower() if char.isascii() else char for char in address.strip())
