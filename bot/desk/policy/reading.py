"""A policy file in, the rules of the desk out."""

import re
from functools import partial
from pathlib import Path

from bot.desk.attachments import attachments_of
from bot.desk.calendars import ALWAYS
from bot.desk.policy.entries import listed, placed
from bot.desk.policy.parts import category_of, escalation_of, level_of, promise_of, routing_of, special_of
from bot.desk.policy.times import hours, live_rules
from bot.desk.policy.values import Policy, Prefer
from bot.desk.policy_file import Misplaced, Section, read
from bot.desk.ticket import Priority
from bot.errors import SettingsInvalid

#: Beside this package, where whoever edits it looks for it.
SHIPPED = Path(__file__).parents[1] / "policy.yaml"

_NAME = re.compile(r"[a-z][a-z0-9_]*")

#: What a policy file may have; those that are not read here are read by the flow that they are for.
SECTIONS = (
    "service_levels",
    "services",
    "specials",
    "prefer",
    "hours",
    "live",
    "queues",
    "categories",
    "escalation",
    "warn_when_left",
    "routing",
    "status_updates",
    "after_solving",
    "quality",
    "attachments",
)


def load_policy(path: Path = SHIPPED) -> Policy:
    """Reads a policy file; raises `SettingsInvalid` naming the line and what cannot be used there."""
    try:
        return _policy(read(path))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise SettingsInvalid(f"The policy file {path} cannot be used: {exc}") from exc


def _policy(raw: Section) -> Policy:
    raw.only(*SECTIONS)
    named = raw.section("service_levels")
    levels = {placed(named, name, partial(Priority, name)): level_of(one) for name, one in named.sections()}
    if missing := [priority.value for priority in Priority if priority not in levels]:
        raise Misplaced(f"there is no service level for {', '.join(missing)}", raw.at("service_levels"))
    services = {name: promise_of(one) for name, one in raw.section("services").sections()}
    queues, about = raw.words("queues") or ("general",), raw.section("categories")
    return Policy(
        service_levels=levels,
        hours=placed(raw, "hours", lambda: hours(raw["hours"])) if raw.get("hours") else ALWAYS,
        live=placed(raw, "live", lambda: live_rules(raw.section("live"))),
        services=services,
        specials=tuple(special_of(one) for one in listed(raw, "specials")),
        prefer=placed(raw, "prefer", lambda: Prefer(raw.get("prefer", Prefer.TIGHTER.value))),
        queues=queues,
        escalation=escalation_of(raw.section("escalation"), queues),
        warn_share=_share(raw),
        routing=routing_of(raw.section("routing"), services),
        attachments=placed(raw, "attachments", lambda: attachments_of(raw.section("attachments"))),
        categories={
            placed(about, name, partial(_named, name)): category_of(one, services, queues)
            for name, one in about.sections()
        },
    )


def _share(raw: Section) -> float:
    found = raw.get("warn_when_left", 25)
    text = str(found).removesuffix("%")
    if not text.isdigit() or not 0 < int(text) < 100:
        raise Misplaced(f"warn_when_left is a share such as 25%, not {found!r}", raw.at("warn_when_left"))
    return int(text) / 100


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of lower case letters, digits and _")
    return name
