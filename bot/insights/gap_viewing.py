"""Gaps as a member of the team may see them, and what they may do about one: masked, checked, noted."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from bot.dialogue.conversation import Conversation, conversation_mark
from bot.errors import BadRequest, Conflict, NotAllowed, NotFound
from bot.gaps.gap import BY_HAND, Asked, Event, Gap, State
from bot.gaps.ports import GapStore
from bot.gaps.unanswered import Place
from bot.people.accounts import Account, Principal
from bot.people.roles import Permission, may
from bot.people.seeing import Openings, Seeing
from bot.ports import Conversations

#: A question's text where its conversation was erased.
ERASED: Final = "(this conversation was erased)"
#: Characters of a question that names a gap.
NAME_CHARS: Final = 160


class Members(Protocol):
    """The team."""

    def accounts(self) -> Sequence[Account]:
        """All of them."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its words, as far as the viewer may see them."""

    asked: Asked
    text: str
    mark: str
    """Stands for the conversation in addresses."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A gap with all that stands beside it."""

    gap: Gap
    name: str
    examples: tuple[Example, ...]
    events: tuple[Event, ...]
    masked: bool


class GapViewing:
    """What the team sees of gaps."""

    def __init__(
        self,
        store: GapStore,
        conversations: Conversations,
        team: Members,
        openings: Openings,
        *,
        mask: Callable[[str, str], str],
        now: Callable[[], dt.datetime],
    ) -> None:
        self._store = store
        self._conversations = conversations
        self._team = team
        self._seeing = Seeing(openings, mask=mask, now=now)
        self._mask = mask
        self._now = now

    def listing(self) -> Sequence[Gap]:
        """The costliest first."""
        return self._store.gaps()

    def name(self, gap: Gap) -> str:
        """Its most typical question, masked for everybody: a list is read over shoulders, and printed."""
        for one in gap.questions:
            text = self._text(one.place)
            if text:
                line = " ".join(self._mask(text, gap.language).split())
                return line if len(line) <= NAME_CHARS else f"{line[: NAME_CHARS - 1].rstrip()}…"
        return ERASED

    def opened(self, who: Principal, gap_id: str) -> Opened:
        """A gap with its questions. Raises `NotFound`."""
        gap = self._gap(gap_id)
        masked = self._seeing.masked(who)
        examples = []
        for one in gap.questions:
            text = self._text(one.place)
            shown = self._mask(text, gap.language) if masked else text
            examples.append(
                Example(one, shown if text else ERASED, conversation_mark(one.place.conversation_id))
            )
        if not masked:
            self._seeing.note(who, "gap.opened", f"gap:{gap_id}")
        return Opened(gap, self.name(gap), tuple(examples), tuple(self._store.events(gap_id)), masked)

    def conversation(self, who: Principal, gap_id: str, mark: str) -> tuple[Conversation, bool]:
        """A conversation behind a gap, and whether it is masked. Raises `NotFound`."""
        return self.evidence(who, (one.place.conversation_id for one in self._gap(gap_id).questions), mark)

    def evidence(self, who: Principal, among: Iterable[str], mark: str) -> tuple[Conversation, bool]:
        """That of some conversations which a mark stands for, and whether it is masked. Raises `NotFound`."""
        conversation_id = next((one for one in among if conversation_mark(one) == mark), "")
        found = self._conversations.get(conversation_id) if conversation_id else None
        if found is None:
            raise NotFound("There is no such conversation, or it was erased.")
        if self._seeing.masked(who):
            return self._seeing.conversation(found), True
        self._seeing.note(who, "conversation.opened", f"conversation:{mark}")
        return found, False

    def writers(self) -> Sequence[Account]:
        """Who may be given a gap."""
        return [
            account
            for account in self._team.accounts()
            if account.active and may(account.role, Permission.KNOWLEDGE_DRAFT)
        ]

    def people(self) -> dict[str, str]:
        """Names of accounts by their id."""
        return {account.id: account.name or account.email for account in self._team.accounts()}

    def assign(self, who: Principal, gap_id: str, account_id: str, before: State) -> None:
        """Gives a gap to somebody who writes. Raises `NotFound`, `BadRequest` and `Conflict`."""
        if account_id not in {account.id for account in self.writers()}:
            raise BadRequest("Choose somebody who writes articles.")
        self._change(who, gap_id, before, State.ASSIGNED, account_id, account_id)

    def mark(self, who: Principal, gap_id: str, after: State, before: State) -> None:
        """Says that an article was written, or opens a gap again. Raises `NotFound`, `BadRequest` and `Conflict`."""
        gap = self._gap(gap_id)
        self._change(who, gap_id, before, after, "" if after is State.OPEN else gap.assignee, "")

    def _change(
        self, who: Principal, gap_id: str, before: State, after: State, assignee: str, detail: str
    ) -> None:
        if not (who.may(Permission.KNOWLEDGE_DRAFT) or who.may(Permission.KNOWLEDGE_APPROVE)):
            raise NotAllowed("Your role does not include writing. Ask whoever keeps the accounts.")
        self._gap(gap_id)
        if after not in BY_HAND[before]:
            raise BadRequest(f"A gap that is {before.value} cannot be set to {after.value} by hand.")
        event = Event(self._now(), who.name, after.value, detail)
        if not self._store.change(gap_id, before, after, assignee, event):
            raise Conflict("Somebody else has changed this gap meanwhile. Open it again, then repeat.")

    def _gap(self, gap_id: str) -> Gap:
        gap = self._store.gap(gap_id)
        if gap is None:
            raise NotFound("There is no such gap.")
        return gap

    def _text(self, place: Place) -> str:
        found = self._conversations.get(place.conversation_id)
        return found.messages[place.seq].text if found and place.seq < len(found.messages) else ""
