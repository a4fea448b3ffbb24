"""What an agent is suggested, and what they made of it, as values."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.reply import Citation
from kb.article import ArticleKey


@dataclass(frozen=True, slots=True)
class SuggestedArticle:
    """An article that fits, with the quote of it that fits best."""

    article_id: str
    locale: str
    title: str
    agent_only: bool
    """Never to be passed on to a customer."""
    citation: Citation
    """Checked. Its address is empty for an article that is for agents only, which no page shows."""
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply for the customer to be read, changed and sent by a person."""

    text: str
    citations: tuple[Citation, ...]
    """Of public articles alone."""
    confidence: float
    """Probability that its first quote answers the question, 0..1."""
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SimilarTicket:
    """A solved ticket that asked for nearly the same, and what solved it."""

    reference: str
    question: str
    """What its customer wanted, in their words."""
    language: str
    solved_by: str
    """What was written to them last; empty where nothing was."""
    articles: tuple[tuple[str, str], ...]
    """Articles that helped: id and locale of each."""
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggested:
    """What may help with one question."""

    question: str
    """What was looked for, personal data masked."""
    language: str
    articles: tuple[SuggestedArticle, ...]
    """Best first."""
    similar_tickets: tuple[SimilarTicket, ...]
    """Solved ones, most alike first; empty for who may not read tickets."""
    draft: Draft | None
    """None where no public article fits well enough."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What suggestions are for."""

    text: str
    language: str
    """An answered language."""
    reference: str = ""
    """The ticket it is of, or empty."""


class Verdict(StrEnum):
    """What became of a suggestion."""

    ACCEPTED = "accepted"
    """It was the answer."""
    EDITED = "edited"
    """It helped, and was changed before it was sent."""
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One verdict on one suggestion; a later one does not replace it."""

    at: dt.datetime
    who: str
    """As the audit log names them: `account:ID` or `key:ID`."""
    verdict: Verdict
    article: ArticleKey
    question: str
    """What was to be answered, personal data masked."""
    reply: str
    """What was sent, personal data masked; empty where that was not told."""
    ticket: str
    """Reference, or empty."""


@dataclass(frozen=True, slots=True)
class TicketOutcome:
    """One verdict on a solved ticket that was suggested."""

    at: dt.datetime
    who: str
    verdict: Verdict
    similar: str
    """Reference of the solved ticket."""
    question: str
    """What was to be answered, personal data masked."""
    reply: str
    ticket: str


@dataclass(frozen=True, slots=True)
class TicketVerdict:
    """What somebody said last of a solved ticket, as one of those like another."""

    similar: str
    ticket: str
    """For which ticket; empty where it was asked for in free text."""
    verdict: Verdict
