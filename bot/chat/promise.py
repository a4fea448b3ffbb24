"""A ticket and a moment in, by when the customer is told to have an answer out: what the ticket's clock says."""

import datetime as dt
from typing import Final

from bot.desk.calendars import Calendar, is_open
from bot.desk.clocks import answer_due
from bot.desk.ticket import Ticket
from bot.dialogue.wording import Wording

#: From here on a weekday alone could be the wrong one.
_WEEK: Final = dt.timedelta(days=6)
_HOUR: Final = dt.timedelta(hours=1)
_DAY: Final = dt.timedelta(days=1)
#: Up to here hours are told, and from there on days.
_HOURS_TOLD: Final = 48


def promised(ticket: Ticket, at: dt.datetime) -> dt.datetime | None:
    """By when a person answers, to the minute; None where the clock stands still or has run out."""
    due = answer_due(ticket)
    if due is None:
        return None
    told = due.replace(second=0, microsecond=0)
    return told if told > at else None


def by_when(ticket: Ticket, at: dt.datetime, hours: Calendar, wording: Wording, language: str) -> str:
    """The time as the customer reads it, in the team's zone; a round one as a span, where somebody is there."""
    by = promised(ticket, at)
    if by is None:
        return wording.say("as_soon_as_possible", language)
    left = by - at.replace(second=0, microsecond=0)
    if is_open(hours, at) and (not left % _DAY or (not left % _HOUR and left <= _HOURS_TOLD * _HOUR)):
        return wording.within(left, language)
    local = by.astimezone(hours.zone)
    time, zone = f"{local:%H:%M}", _zone(local)
    if left >= _WEEK:
        return wording.say("by_date", language, date=f"{local:%Y-%m-%d}", time=time, zone=zone)
    day = wording.say("weekdays", language).split()[local.weekday()]
    return wording.say("by_weekday", language, day=day, time=time, zone=zone)


def _zone(local: dt.datetime) -> str:
    """What the zone is called at that time; zones without letters are numbers, such as `-03`."""
    name = f"{local:%Z}"
    return f"UTC{name}" if name[:1] in ("+", "-") else name
