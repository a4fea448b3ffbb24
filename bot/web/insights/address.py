"""The address of an insights page in, which conversations it is about out; and back, so that links keep it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request

from bot.errors import BadRequest
from bot.ledger.filters import Filter
from bot.ledger.periods import Period, Span, ending
from bot.web.schemas import clean_text

#: Nothing was counted before; a slip of the keys such as 0202 is one.
_FIRST_YEAR, _LAST_YEAR = 2000, 2999
_LONGEST = 200
FIELDS = ("language", "channel", "product", "tag")


@dataclass(frozen=True, slots=True)
class Address:
    """What an insights page is about."""

    period: Period
    wanted: Filter
    kept: Mapping[str, str]
    """What was chosen, as it stands in the address; empty choices are left out."""

    def link(self, path: str, **more: object) -> str:
        """Another page about the same conversations."""
        values = dict(self.kept) | {
            name: str(value) for name, value in more.items() if value not in ("", None)
        }
        return f"{path}?{urlencode(values)}" if values else path


def address_of(request: Request, newest: dt.date) -> Address:
    """Reads the period and the filters; `newest` is the default end. Raises `BadRequest` naming what is wrong."""
    given = {name: text_of(request, name) for name in ("period", "until", *FIELDS)}
    try:
        span = Span(given["period"] or Span.MONTH)
    except ValueError as exc:
        raise BadRequest(f"“{given['period'][:40]}” is no period: use week, month or quarter.") from exc
    until = day_of(given["until"]) or newest
    wanted = Filter(**{name: given[name] for name in FIELDS})
    return Address(ending(span, until), wanted, {name: value for name, value in given.items() if value})


def text_of(request: Request, name: str) -> str:
    """A parameter of the address, cut to what any name may be long."""
    return clean_text(request.query_params.get(name, "")).strip()[:_LONGEST]


def day_of(text: str) -> dt.date | None:
    """A date such as 2026-03-01, None for nothing. Raises `BadRequest`."""
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as exc:
        raise BadRequest(f"“{text[:40]}” is no date such as 2026-03-01.") from exc
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise BadRequest(f"{day} is not between {_FIRST_YEAR} and {_LAST_YEAR}.")
    return day
