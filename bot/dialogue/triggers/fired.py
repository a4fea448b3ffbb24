"""What the rules made of a message: the one that brings in a person, and each that was considered."""

from dataclasses import dataclass

from bot.dialogue.reply import Reason


@dataclass(frozen=True, slots=True)
class Fired:
    """Why a person is brought in."""

    reason: Reason
    rule: str
    """`person/ask-for-human`."""
    words: str
    """The customer's words that fired it, as typed."""
    explanation: str
    priority: str
    queue: str
    sentence: str
    """Key of what the customer is told, in `bot.dialogue.wording`."""
    language: str
    """Language of the rule file."""
    sure: bool = True
    """False where the meaning must agree: a phrase that as often only mentions it, or a message that raises doubts."""


@dataclass(frozen=True, slots=True)
class Considered:
    """What one rule made of a message."""

    rule: str
    language: str
    fired: bool
    words: str
    """The words its phrase stands on, as typed; empty where no phrase does."""
    why: str
