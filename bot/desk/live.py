"""Live chats as values, and their rules: when a chat goes back to its queue, how long a customer waits; pure."""

import datetime as dt
import math
from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.conversation import State

#: An open page says that it is there this often; a server that is killed says nothing any more.
BEAT = dt.timedelta(seconds=15)
#: Who said nothing for this long is taken for away: two beats may be late, three are not.
AWAY = 3 * BEAT


@dataclass(frozen=True, slots=True)
class LivePolicy:
    """The team's rules for live chats."""

    silent: dt.timedelta = dt.timedelta(minutes=5)
    """A customer who waits this long for a word of the person in the chat is put back into the queue."""
    gone: dt.timedelta = dt.timedelta(minutes=1)
    """So is one whose agent's connection has been away for this long."""
    first_response: dt.timedelta = dt.timedelta(minutes=2)
    """What customers are told to wait for each chat that is before theirs, while somebody is there."""
    longest_wait: dt.timedelta = dt.timedelta(minutes=15)
    """Who would wait longer is told the service level instead."""
    most_chats: int = 4
    """Live chats that one agent has at the same time."""


SHIPPED = LivePolicy()


class Side(StrEnum):
    """Who looks at a chat."""

    CUSTOMER = "customer"
    AGENT = "agent"


#: Number of messages, version, state, and what was done with files of a conversation, counted: whoever sees another
#: one has something to look at.
Mark = tuple[int, int, str, int]


class Lost(StrEnum):
    """Why a chat goes back to its queue by itself."""

    GONE = "gone"
    """The agent's connection is away."""
    SILENT = "silent"
    """The agent is there and says nothing."""


@dataclass(frozen=True, slots=True)
class Marks:
    """How far one side has got, in numbers of messages; and whether they write."""

    delivered: int = 0
    read: int = 0
    typing_until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class LiveChat:
    """A conversation as both sides of a live chat see it."""

    conversation_id: str
    state: State
    count: int
    """Messages so far."""
    ticket: str
    """Reference, or empty."""
    version: int = 0
    account_id: str = ""
    """Of the agent who is in it; empty for nobody."""
    name: str = ""
    """What customers call that agent."""
    joined_at: dt.datetime | None = None
    agent_active_at: dt.datetime | None = None
    """When they last wrote, or showed that they write."""
    agent_seen_at: dt.datetime | None = None
    """When one of their pages was open last."""
    customer_seen_at: dt.datetime | None = None
    customer_waits_since: dt.datetime | None = None
    """When the customer wrote what nobody has answered yet; None where the last word is not theirs."""
    agent: Marks = Marks()
    customer: Marks = Marks()

    def of(self, side: Side) -> Marks:
        """How far a side has got."""
        return self.agent if side is Side.AGENT else self.customer


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A conversation as the list of live chats shows it."""

    conversation_id: str
    state: State
    language: str
    ticket: str
    subject: str
    """The customer's own words."""
    priority: str
    queue: str
    reason: str
    account_id: str
    name: str
    count: int
    unread: int
    """Messages that the agent in it has not read."""
    since: dt.datetime
    """When the customer began to wait, or the talk with the bot began."""
    last_at: dt.datetime
    customer_seen_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Present:
    """An agent whose page is open."""

    account_id: str
    name: str
    available: bool
    chats: int
    """Live chats they have."""


def is_here(seen_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether somebody's page is open, as far as one can know."""
    return seen_at is not None and now - seen_at <= AWAY


def lost(chat: LiveChat, policy: LivePolicy, now: dt.datetime, watched_since: dt.datetime) -> Lost | None:
    """Why a chat must go back to its queue now, or None.

    `watched_since` is when whoever asks began to look: while no server ran, no agent could be seen.
    """
    if not chat.account_id:
        return None
    there = max(moment for moment in (chat.agent_seen_at, chat.joined_at, watched_since) if moment)
    if now - there > policy.gone:
        return Lost.GONE
    waits = waiting_since(chat)
    return Lost.SILENT if waits is not None and now - waits > policy.silent else None


def waiting_since(chat: LiveChat) -> dt.datetime | None:
    """Since when the customer waits for a word or a typing sign of the agent who is in the chat."""
    if chat.customer_waits_since is None:
        return None
    moments = (chat.customer_waits_since, chat.joined_at, chat.agent_active_at)
    return max(moment for moment in moments if moment)


def minutes_to_wait(before: int, present: tuple[Present, ...], policy: LivePolicy) -> int | None:
    """How long a customer waits at most, in whole minutes; None where nobody can promise that.

    `before` chats wait already. Those who are there and not full share them, each taking one after the other.
    """
    free = [one for one in present if one.available and one.chats < policy.most_chats]
    if not free:
        return None
    wait = math.ceil((before + 1) / len(free)) * policy.first_response
    return math.ceil(wait.total_seconds() / 60) if wait <= policy.longest_wait else None
