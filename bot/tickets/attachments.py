"""A file that somebody sends in, kept with its conversation and told to its ticket; out for those who may have it."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from bot.anew import anew
from bot.changes import Attaching, Change, Detached, TicketMoved
from bot.desk.attachments import Attachment, AttachmentRules, recognised
from bot.desk.steps import CUSTOMER
from bot.dialogue.conversation import Conversation
from bot.errors import BadRequest, BotError, NotAllowed, NotFound
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.randomness import Chance
from bot.tickets.files import FileStore
from bot.tickets.hearing import Hearing
from bot.tickets.tickets import Tickets

GONE: Final = "There is no such file."
#: Why a file went by itself.
TIME_OVER: Final = "kept long enough"
#: Longest reason given for taking a file away, in characters.
_WHY_CHARS: Final = 200
#: Files taken away in one go.
_MOST_AT_ONCE: Final = 500
#: A content that nothing names may be on its way into the database for so long, in seconds.
_ON_ITS_WAY: Final = 3600.0


class AttachmentStore(Protocol):
    """What is known of files."""

    def add(self, attaching: Attaching) -> None:
        """Adds a file to a conversation that has no ticket. Raises `RefusedFile`."""

    def get(self, attachment_id: str) -> Attachment | None:
        """A file by its id."""

    def of(self, conversation_ids: Sequence[str]) -> Sequence[Attachment]:
        """Files of conversations, oldest first, with those that are gone."""

    def is_wanted(self, digest: str) -> bool:
        """Whether a file with this content is there still."""

    def digests(self) -> frozenset[str]:
        """Contents that are to be there."""

    def overdue(self, before: dt.datetime, most: int) -> Sequence[Attachment]:
        """Files that were kept long enough."""

    def expire(self, ids: Sequence[str], at: dt.datetime, why: str) -> None:
        """Marks files as gone."""


class Applying(Protocol):
    """Where changes of tickets are stored."""

    def apply(self, change: Change) -> None:
        """Stores a change, all of it or nothing. Raises `TicketMoved`."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it was sent."""

    name: str
    content: bytes


class Attachments:
    """Files of conversations."""

    def __init__(
        self,
        store: AttachmentStore,
        files: FileStore,
        desk: Tickets,
        hearing: Hearing,
        applying: Applying,
        rules: AttachmentRules,
        chance: Chance,
        *,
        conversations_of: Callable[[str], Sequence[str]],
    ) -> None:
        """`conversations_of` gives the conversations of a ticket, by its reference, and of those merged into it."""
        self._store = store
        self._files = files
        self._desk = desk
        self._hearing = hearing
        self._applying = applying
        self.rules = rules
        self._chance = chance
        self._conversations_of = conversations_of

    def by_customer(self, conversation: Conversation, sent: Sent) -> Attachment:
        """Keeps a customer's file; its ticket, where there is one, hears of it. Raises `RefusedFile`."""
        attaching = self._attaching(conversation.id, sent, CUSTOMER, shared=True)
        return self._kept(attaching, sent, lambda: self._told(conversation.ticket, attaching))

    def _told(self, reference: str, attaching: Attaching) -> None:
        def once() -> None:
            change = self._hearing.attached(reference, attaching) if reference else None
            if change is None:
                self._store.add(attaching)
            else:
                self._applying.apply(change)

        anew(self._chance, once, TicketMoved)

    def by_member(self, who: Principal, reference: str, sent: Sent, *, shared: bool = False) -> Attachment:
        """Keeps a file of the team's; `shared` lets the customer have it. Raises `RefusedFile`."""
        _may_work(who)
        conversation_id = next(iter(self._conversations_of(reference)))
        attaching = self._attaching(conversation_id, sent, who.name, shared=shared)
        return self._kept(attaching, sent, lambda: self._desk.joining.attach(who, reference, attaching))

    def remove(self, who: Principal, reference: str, attachment_id: str, why: str) -> None:
        """Takes a file away for good, its name too; who did it and why stays in the history."""
        _may_work(who)
        one = self._of_ticket(reference, attachment_id)
        reason = " ".join(why.split())[:_WHY_CHARS]
        if not reason:
            raise BadRequest("Say in a few words why the file is removed.")
        if one.is_there:
            self._desk.joining.detach(who, reference, Detached(attachment_id, reason))
            self._forget(one.digest)

    def of_conversation(self, conversation_id: str) -> Sequence[Attachment]:
        """What the customer may have."""
        return [one for one in self._store.of([conversation_id]) if one.is_there and one.shared]

    def in_chat(self, conversation_id: str) -> Sequence[Attachment]:
        """What is there of a conversation, for the team."""
        return [one for one in self._store.of([conversation_id]) if one.is_there]

    def of_ticket(self, reference: str) -> Sequence[Attachment]:
        """Files of a ticket and of those merged into it, oldest first, with those that are gone."""
        return self._store.of(self._conversations_of(reference))

    def for_customer(self, conversation_id: str, attachment_id: str) -> tuple[Attachment, bytes]:
        """A file that the customer may have. Raises `NotFound`."""
        one = self._store.get(attachment_id)
        if one is None or one.conversation_id != conversation_id or not one.shared:
            raise NotFound(GONE)
        return self._content(one)

    def for_member(self, who: Principal, reference: str, attachment_id: str) -> tuple[Attachment, bytes]:
        """A file of a ticket. Raises `NotFound`; personal data is not shown to those who may not see it."""
        if not who.may(Permission.PERSONAL_READ) or not who.may(Permission.TICKETS_READ):
            raise NotAllowed("Files of customers: this needs tickets:read and personal:read.")
        return self._content(self._of_ticket(reference, attachment_id))

    def tidy(self) -> int:
        """Takes away what was kept long enough, and contents that nothing names; gives how many files went."""
        now = self._chance.now()
        over = self._store.overdue(now - self.rules.keep, _MOST_AT_ONCE)
        if over:
            self._store.expire([one.id for one in over], now, TIME_OVER)
            for digest in {one.digest for one in over}:
                self._forget(digest)
        self._files.sweep()
        return len(over) + sum(map(self._forget, tuple(self.orphans(older_than=_ON_ITS_WAY))))

    def unwanted(self, digests: Iterable[str]) -> int:
        """Takes contents away that nothing names any more; gives how many went."""
        return sum(map(self._forget, digests))

    def orphans(self, *, older_than: float = 0.0) -> Iterator[str]:
        """Contents that are there and that nothing names."""
        wanted = self._store.digests()
        return (digest for digest in self._files.digests(older_than=older_than) if digest not in wanted)

    def missing(self) -> Iterable[str]:
        """Contents that are named and not there, or damaged."""
        return (digest for digest in sorted(self._store.digests()) if self._files.get(digest) is None)

    def _attaching(self, conversation_id: str, sent: Sent, by: str, *, shared: bool) -> Attaching:
        what = recognised(sent.name, sent.content, self.rules)
        one = Attachment(
            id=self._chance.new_id(),
            conversation_id=conversation_id,
            digest=self._files.put(sent.content),
            name=what.name,
            media_type=what.media_type,
            size=len(sent.content),
            at=self._chance.now(),
            by=by,
            shared=shared,
        )
        return Attaching(one, self.rules)

    def _kept(self, attaching: Attaching, sent: Sent, store: Callable[[], object]) -> Attachment:
        try:
            store()
        except BotError:
            # What is refused must not fill the disk.
            self._forget(attaching.attachment.digest)
            raise
        # Whoever removed the same content just now did not see this one yet; see `FileStore.remove`.
        self._files.put(sent.content)
        return attaching.attachment

    def _of_ticket(self, reference: str, attachment_id: str) -> Attachment:
        one = self._store.get(attachment_id)
        if one is None or one.conversation_id not in self._conversations_of(reference):
            raise NotFound(GONE)
        return one

    def _content(self, one: Attachment) -> tuple[Attachment, bytes]:
        content = self._files.get(one.digest) if one.is_there else None
        if content is None:
            raise NotFound("This file is not there any more.")
        return one, content

    def _forget(self, digest: str) -> bool:
        return not self._store.is_wanted(digest) and self._files.remove(
            digest, lambda: self._store.is_wanted(digest)
        )


def hidden(one: Attachment) -> Attachment:
    """A file as those see it who may not see personal data: its kind, and no name."""
    return replace(one, name=one.media_type.partition(";")[0]) if one.name else one


def _may_work(who: Principal) -> None:
    if not who.may(Permission.TICKETS_WORK):
        raise NotAllowed("Files of tickets: this needs tickets:work, which your role does not include.")
