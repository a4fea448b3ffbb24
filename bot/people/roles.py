"""A role and what it asks for in, yes or no out: the one table of who may do what."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Role(StrEnum):
    """What an account is for, from the least to the most it may do."""

    CUSTOMER = "customer"
    AGENT = "agent"
    SENIOR = "senior"
    QUALITY = "quality"
    SPECIALIST = "specialist"
    LEAD = "lead"
    MANAGER = "manager"
    ADMIN = "admin"


class Permission(StrEnum):
    """One thing that may be done; also the scopes of machine keys."""

    OWN_ACCOUNT = "account:own"
    """Sign in, change one's own password, second factor and sessions."""
    TICKETS_READ = "tickets:read"
    TICKETS_WORK = "tickets:work"
    """Reply, note, take, solve, escalate; take over live chats."""
    TICKETS_ASSIGN = "tickets:assign"
    """Give tickets to others, change priorities and queues."""
    PERSONAL_READ = "personal:read"
    """See customers' personal data unmasked."""
    SUGGESTIONS_READ = "suggestions:read"
    KNOWLEDGE_READ = "knowledge:read"
    """Read articles that are for agents only."""
    KNOWLEDGE_DRAFT = "knowledge:draft"
    KNOWLEDGE_APPROVE = "knowledge:approve"
    QUALITY_REVIEW = "quality:review"
    MACROS_MANAGE = "macros:manage"
    """Change text blocks that agents answer with."""
    OUTBOX_MANAGE = "outbox:manage"
    """See what leaves the desk and what was given up, and have it tried again."""
    BOARD_READ = "board:read"
    """See who is on, load, and what breaches next."""
    INSIGHTS_READ = "insights:read"
    SIMULATE = "confidence:simulate"
    """Replay history at other error budgets."""
    BUDGET_SET = "confidence:set"
    TRIGGERS_TRY = "triggers:try"
    """Try messages on the rules that bring in a person."""
    EXPERIMENTS = "experiments:manage"
    ACCOUNTS_MANAGE = "accounts:manage"
    KEYS_MANAGE = "keys:manage"
    AUDIT_READ = "audit:read"
    METRICS_READ = "metrics:read"
    """Read what the service counts for monitoring; for keys of programs."""


_P = Permission
_STAFF = frozenset({_P.OWN_ACCOUNT})
_AGENT = _STAFF | {
    _P.TICKETS_READ,
    _P.TICKETS_WORK,
    _P.PERSONAL_READ,
    _P.SUGGESTIONS_READ,
    _P.KNOWLEDGE_READ,
    _P.KNOWLEDGE_DRAFT,
}
_SENIOR = _AGENT | {_P.TICKETS_ASSIGN, _P.MACROS_MANAGE}
_LEAD = _SENIOR | {_P.BOARD_READ, _P.QUALITY_REVIEW, _P.INSIGHTS_READ, _P.TRIGGERS_TRY}

#: Who may do what. A customer's own conversations and tickets are reached by signed links, not by a role.
MAY: Final[Mapping[Role, frozenset[Permission]]] = MappingProxyType(
    {
        Role.CUSTOMER: frozenset(),
        Role.AGENT: _AGENT,
        Role.SENIOR: _SENIOR,
        # Reviews conversations as the agent saw them, and answers nobody.
        Role.QUALITY: _STAFF
        | {_P.TICKETS_READ, _P.PERSONAL_READ, _P.QUALITY_REVIEW, _P.KNOWLEDGE_READ, _P.INSIGHTS_READ},
        # Sees what customers asked, masked, and decides what is written.
        Role.SPECIALIST: _STAFF
        | {
            _P.TICKETS_READ,
            _P.SUGGESTIONS_READ,
            _P.KNOWLEDGE_READ,
            _P.KNOWLEDGE_DRAFT,
            _P.KNOWLEDGE_APPROVE,
            _P.MACROS_MANAGE,
            _P.INSIGHTS_READ,
            _P.SIMULATE,
            _P.TRIGGERS_TRY,
            _P.EXPERIMENTS,
        },
        Role.LEAD: _LEAD,
        Role.MANAGER: _LEAD
        | {_P.OUTBOX_MANAGE, _P.SIMULATE, _P.BUDGET_SET, _P.EXPERIMENTS, _P.KNOWLEDGE_APPROVE, _P.AUDIT_READ},
        # Keeps the service; reading customers' conversations is not part of that.
        Role.ADMIN: _STAFF
        | {_P.OUTBOX_MANAGE, _P.ACCOUNTS_MANAGE, _P.KEYS_MANAGE, _P.AUDIT_READ, _P.METRICS_READ},
    }
)


def may(role: Role, permission: Permission) -> bool:
    """Whether a role holds a permission."""
    return permission in MAY[role]
