"""What customers and agents of a day know themselves: what they sent, and what they were told of it."""

import threading
from dataclasses import dataclass, field
from typing import Any

from evaluations.day.visits import Visit


@dataclass(slots=True)
class Sent:
    """A message that was sent and acknowledged."""

    client_id: str
    text: str
    reply: dict[str, Any]
    """What was answered."""


@dataclass(slots=True)
class Talk:
    """A customer's own notes of their visit."""

    visit: Visit
    conversation: str = ""
    sent: list[Sent] = field(default_factory=list)
    tickets: list[str] = field(default_factory=list)
    """References, in the order in which they were told."""
    judged: list[tuple[str, bool]] = field(default_factory=list)
    """Messages that they said helped or not."""
    heard: dict[int, str] = field(default_factory=dict)
    """Message ids by place, as they came over the socket."""
    twice: int = 0
    """Messages that came over the socket although they had been had; must stay 0."""
    survey: str = ""
    """Reference of the ticket whose survey they answered."""


@dataclass(slots=True)
class Said:
    """A reply of an agent that was acknowledged."""

    conversation: str
    reference: str
    """Empty for one that was written in the live chat."""
    client_id: str
    text: str


@dataclass(slots=True)
class Notes:
    """Everybody's notes; lists are only ever added to, which threads may do at once."""

    talks: list[Talk] = field(default_factory=list)
    replies: list[Said] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    """Reference and text of notes among colleagues."""
    solved: list[str] = field(default_factory=list)
    """References of tickets, once for each solution."""
    escalated: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    """Conversations that an agent left without a word."""
    asked_again: int = 0
    """Requests that were sent again since the server was away or in trouble."""
    problems: list[str] = field(default_factory=list)
    """What nobody expected; must stay empty."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def talk_of(self) -> dict[str, Talk]:
        """Talks by their conversation."""
        return {talk.conversation: talk for talk in self.talks}
