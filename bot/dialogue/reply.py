"""The values a conversation turn ends in: `Reply` with its `Citation`s, or a hand-off with its reason."""

from dataclasses import dataclass
from enum import StrEnum


class ReplyKind(StrEnum):
    """What the customer gets. Greetings and thanks are a `clarify` whose reason says so and which counts as nothing."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    HANDOFF = "handoff"


class Reason(StrEnum):
    """Why a reply is what it is; one list for answers, questions back and hand-offs."""

    ANSWERED = "answered"
    # clarify
    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    UNDERSPECIFIED = "underspecified"
    CHOICE = "choice"
    # hand-off: what the customer said
    PERSON = "person"
    SECURITY = "security"
    LEGAL = "legal"
    PRIVACY = "privacy"
    ABUSE = "abuse"
    DANGER = "danger"
    UPSET = "upset"
    PAYMENT_DISPUTE = "payment_dispute"
    GOING_IN_CIRCLES = "going_in_circles"
    # hand-off: what we know of ourselves
    LOW_CONFIDENCE = "low_confidence"
    UNSUPPORTED_LANGUAGE = "unsupported_language"
    WITH_PEOPLE = "with_people"
    TAKEN_OVER = "taken_over"
    """A person of the team stepped in."""
    FAILURE = "failure"


#: Reasons that count as nothing in any rate: the customer has not asked for anything yet.
SMALL_TALK = frozenset({Reason.GREETING, Reason.THANKS, Reason.GOODBYE})


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a quote stands. Code has checked `source[start:end] == quote` for the named revision."""

    article_id: str
    locale: str
    title: str
    heading_path: tuple[str, ...]
    url: str
    """Address of the article with the section's anchor."""
    quote: str
    """Verbatim characters of the article's source."""
    text: str
    """The quote as a person reads it, without markup."""
    start: int
    end: int
    revision: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What one turn of a conversation ends in."""

    kind: ReplyKind
    text: str
    citations: tuple[Citation, ...]
    confidence: float
    """Calibrated probability in 0..1 that the quoted answer is right; 0 where nothing was quoted."""
    reason: Reason
    rule: str
    """The rule that fired (`person/ask-for-human`), or empty."""
    language: str
    """BCP 47 language of the reply."""
    choices: tuple[str, ...] = ()
    """For a `clarify`: messages the customer may send with one click."""
    none_of_these: str = ""
    """Where there are choices of articles: the message, to be sent with one click too, that refuses them all."""
    written: bool = False
    """For an answer: its text was written by a language model and checked against the citations, not quoted."""
    arm: str = ""
    """The arm of an experiment that the turn was served by, such as `k3f9/b`; empty where none runs."""
