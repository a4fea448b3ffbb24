"""What a message is answered with, as values: the reply, and for a hand-off how urgent it is and to whom."""

from dataclasses import dataclass, replace

from bot.dialogue.decide import Decision
from bot.dialogue.reply import Citation, Reply


@dataclass(frozen=True, slots=True)
class Answered:
    """A reply with what a ticket needs if it is a hand-off."""

    reply: Reply
    considered: tuple[Citation, ...]
    priority: str
    """For a hand-off; empty otherwise."""
    queue: str
    sentence: str
    """Key of what the customer is told at a hand-off; empty otherwise."""
    contact: str = ""
    """An address or number that the message gave, for a conversation that people have."""
    unconfirmed: str = ""
    """An address that it gave and that is probably mistyped."""


def reply_of(
    decision: Decision,
    text: str,
    language: str,
    *,
    confidence: float = 0.0,
    citations: tuple[Citation, ...] = (),
) -> Reply:
    """The reply that says `text` because of a decision; empty for a hand-off, whose text names its ticket."""
    return Reply(decision.kind, text, citations, confidence, decision.reason, decision.rule, language)


def with_choices(reply: Reply, choices: tuple[str, ...], none_of_these: str = "") -> Reply:
    """The same, offering something to choose from, and words that refuse all of it."""
    return replace(reply, choices=choices, none_of_these=none_of_these)


def without_people(reply: Reply) -> Answered:
    """A reply that brings in nobody."""
    return Answered(reply, (), "", "", "")
