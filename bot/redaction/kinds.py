"""The values of redaction: what kind of thing was found, where it stood, and the text without it."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What was found. Where two overlap, the one that stands first here wins."""

    KEY = "key"
    """A private key, an API key, a token."""
    PASSWORD = "password"  # noqa: S105
    CARD = "card"
    """The number of a payment card."""
    CARD_CODE = "card_code"
    """The three or four digits that prove that somebody holds the card (CVV, CVC)."""
    CODE = "code"
    """A one-time code or PIN."""
    BANK_ACCOUNT = "bank_account"
    NATIONAL_ID = "national_id"
    OWN = "own"
    """A shape that the team has written into the policy."""
    EMAIL = "email"
    PHONE = "phone"
    IP_ADDRESS = "ip_address"
    BIRTH_DATE = "birth_date"
    ADDRESS = "address"
    NAME = "name"


class Level(StrEnum):
    """How much is taken out; the policy says which kinds each level has."""

    STORAGE = "before_storage"
    """What must never be kept."""
    MASKING = "masking"
    """All that tells who somebody is: for exports, test cases, and people who may not see personal data."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was taken out; it does not hold what that was."""

    kind: Kind
    start: int
    """First character in the text as it came."""
    end: int
    """One past the last."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text that may be kept."""

    text: str
    found: tuple[Finding, ...]
    """In the order of the text, never overlapping."""

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What was found, each kind once, in the order of the text."""
        return tuple(dict.fromkeys(one.kind for one in self.found))
