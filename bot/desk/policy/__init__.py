"""The team's rules as values, read from one file that a support lead can edit."""

from bot.desk.policy.reading import SHIPPED, load_policy
from bot.desk.policy.times import duration, hours, live_rules, periods
from bot.desk.policy.values import (
    Category,
    Count,
    Escalation,
    EscalationLevel,
    Policy,
    Prefer,
    Promise,
    Routing,
    ServiceLevel,
    Special,
    When,
)

__all__ = [
    "SHIPPED",
    "Category",
    "Count",
    "Escalation",
    "EscalationLevel",
    "Policy",
    "Prefer",
    "Promise",
    "Routing",
    "ServiceLevel",
    "Special",
    "When",
    "duration",
    "hours",
    "live_rules",
    "load_policy",
    "periods",
]
