"""What live chats need of a database, as small protocols; `bot.storage` implements them."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from bot.desk.live import BoardRow, LiveChat, Mark, Present, Side
from bot.dialogue.conversation import Message
from bot.live.step import LiveStep


class LiveStore(Protocol):
    """Live chats as stored."""

    def changes(self, ids: Collection[str]) -> Mapping[str, Mark]:
        """A mark of each conversation: another one says that there is something to see."""

    def chat(self, conversation_id: str) -> LiveChat | None:
        """A conversation as both sides see it, or None."""

    def held(self) -> Sequence[LiveChat]:
        """All chats that an agent is in."""

    def messages(self, conversation_id: str, after: int) -> Sequence[tuple[int, Message]]:
        """Messages from a place on, each with its place; not all of them at once where there are many."""

    def present(self, since: dt.datetime) -> Sequence[Present]:
        """Agents whose page was open at or after a time."""

    def is_available(self, account_id: str) -> bool:
        """Whether an agent takes chats, as they said last."""

    def set_available(self, account_id: str, available: bool, now: dt.datetime) -> None:
        """Keeps whether an agent takes chats."""

    def beat(self, account_ids: Collection[str], conversation_ids: Collection[str], now: dt.datetime) -> None:
        """Keeps that these agents and these customers have a page open."""

    def left(self, conversation_id: str) -> None:
        """Keeps that the customer has no page open any more."""

    def typing(self, conversation_id: str, side: Side, until: dt.datetime | None, now: dt.datetime) -> None:
        """Keeps that a side writes, until it is said again or this time comes."""

    def seen(self, conversation_id: str, side: Side, delivered: int, read: int) -> None:
        """Keeps how far a side has got; never takes back what it had seen."""


class BoardStore(Protocol):
    """The list of live chats as stored."""

    def rows(self, now: dt.datetime) -> Sequence[BoardRow]:
        """Conversations in which something goes on, longest waiting first."""

    def waiting(self, now: dt.datetime) -> int:
        """How many customers wait in an open chat for a person."""


class StepStore(Protocol):
    """Where steps are stored."""

    def record(self, step: LiveStep) -> None:
        """Makes a step. Raises `ConversationMoved`, and stores nothing, when another one came first."""
