"""The words of an address in, which tickets are asked for out."""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bot.desk.queue import Filter
from bot.desk.ticket import UNFINISHED, Priority, Status
from bot.dialogue.reply import Reason
from bot.errors import BadRequest
from bot.people.accounts import Principal

#: What a queue can be asked for, by the names that stand in the address.
FIELDS: Final = (
    "status",
    "priority",
    "reason",
    "language",
    "queue",
    "category",
    "assignee",
    "tag",
    "level",
    "due",
    "text",
)
#: Clocks that end within these times, by what stands in the address.
DUE: Final[Mapping[str, dt.timedelta]] = MappingProxyType(
    {
        "overdue": dt.timedelta(0),
        "1h": dt.timedelta(hours=1),
        "4h": dt.timedelta(hours=4),
        "1d": dt.timedelta(days=1),
    }
)
ALL: Final = "all"
ME: Final = "me"
NOBODY: Final = "nobody"


def filter_of(chosen: Mapping[str, str], who: Principal, now: dt.datetime) -> Filter:
    """What is asked for; raises `BadRequest` naming what is not known."""
    try:
        status, level = chosen["status"], chosen["level"]
        statuses = tuple(Status) if status == ALL else (Status(status),) if status else UNFINISHED
        return Filter(
            statuses=statuses,
            priority=Priority(chosen["priority"]) if chosen["priority"] else None,
            reason=Reason(chosen["reason"]) if chosen["reason"] else None,
            language=chosen["language"],
            queue=chosen["queue"],
            category=chosen["category"],
            tag=chosen["tag"].lower(),
            level=int(level) if level else 0,
            assignee=_assignee(chosen["assignee"], who),
            due_before=now + DUE[chosen["due"]] if chosen["due"] else None,
            text=chosen["text"],
        )
    except (ValueError, KeyError) as exc:
        raise BadRequest(f"Tickets cannot be filtered by this: {exc}.") from exc


def _assignee(asked: str, who: Principal) -> str | None:
    if not asked:
        return None
    return {ME: who.name, NOBODY: ""}.get(asked, asked)
