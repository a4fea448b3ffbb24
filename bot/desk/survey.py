"""One survey: what a customer is asked about one solution, and what they said; as values."""

import datetime as dt
from dataclasses import dataclass

#: Scales, lowest and highest.
SATISFACTION = (1, 5)
RECOMMENDATION = (0, 10)
#: Longest comment, in characters.
COMMENT_CHARS = 2_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What a customer says; None where they leave a question out."""

    solved: bool | None = None
    satisfaction: int | None = None
    """From 1, very unhappy, to 5."""
    recommendation: int | None = None
    """From 0, not at all likely, to 10."""
    comment: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said."""
        return self == Answer()


@dataclass(frozen=True, slots=True)
class Survey:
    """The question about one solution of one ticket."""

    id: str
    reference: str
    conversation_id: str
    language: str
    opened_at: dt.datetime
    closes_at: dt.datetime
    """From here on nothing is changed any more; a ticket that is reopened ends it."""
    answer: Answer = Answer()
    answered_at: dt.datetime | None = None
    """When something was said last."""

    def is_open(self, at: dt.datetime) -> bool:
        """Whether an answer is taken."""
        return at < self.closes_at
