"""The name of a period and a day in, the days it has out, with those of the one before."""

import calendar
import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Span(StrEnum):
    """How long a report looks back."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` up to and without `until`, UTC."""

    span: Span
    first: dt.date
    until: dt.date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.first).days

    @property
    def before(self) -> "Period":
        """The one of the same name that ends where this one begins."""
        return ending(self.span, self.first)


def ending(span: Span, until: dt.date) -> Period:
    """The period that ends just before a day: seven days, or as many calendar months as its name says.

    Raises `ValueError` for a day so early that there is no such period.
    """
    try:
        first = until - dt.timedelta(days=7) if span is Span.WEEK else _months_before(until, _MONTHS[span])
    except OverflowError as exc:
        raise ValueError(f"there is no {span.value} before {until}") from exc
    return Period(span, first, until)


_MONTHS = {Span.MONTH: 1, Span.QUARTER: 3}


def _months_before(day: dt.date, months: int) -> dt.date:
    """The same day some months earlier, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))
