"""A text in, the same text without secrets and personal data out; what counts as either is in `policy.yaml`."""

from bot.redaction.kinds import Finding, Kind, Level, Redacted
from bot.redaction.policy import Policy
from bot.redaction.redactor import Redactor

__all__ = ["Finding", "Kind", "Level", "Policy", "Redacted", "Redactor"]
