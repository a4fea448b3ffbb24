"""What an agent made of a suggested article, as values."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from kb.article import ArticleKey


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
