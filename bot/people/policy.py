"""How the team signs in, as values, read from one file that can be edited."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.errors import SettingsInvalid
from bot.people.roles import Role

SHIPPED = Path(__file__).with_name("policy.yaml")


@dataclass(frozen=True, slots=True)
class SignInPolicy:
    """The rules of signing in."""

    second_factor: frozenset[Role]
    """Roles that must have one."""
    idle: dt.timedelta
    longest: dt.timedelta
    attempts: int
    """Wrong passwords and codes within `attempts_within` after which an account has to wait."""
    attempts_within: dt.timedelta
    invitation: dt.timedelta


def load_policy(path: Path = SHIPPED) -> SignInPolicy:
    """Reads a policy file; raises `SettingsInvalid` naming what cannot be used."""
    try:
        raw: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        policy = SignInPolicy(
            second_factor=frozenset(Role(name) for name in raw["second_factor"]),
            idle=dt.timedelta(minutes=_positive(raw, "session_idle_minutes")),
            longest=dt.timedelta(hours=_positive(raw, "session_longest_hours")),
            attempts=_positive(raw, "attempts"),
            attempts_within=dt.timedelta(minutes=_positive(raw, "attempts_minutes")),
            invitation=dt.timedelta(hours=_positive(raw, "invitation_hours")),
        )
    except (OSError, yaml.YAMLError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise SettingsInvalid(f"The sign-in policy {path} cannot be used: {exc}") from exc
    return policy


def _positive(raw: dict[str, Any], name: str) -> int:
    value = raw[name]
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{name} must be a whole number above 0, not {value!r}")
    return value
