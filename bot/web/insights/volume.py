"""How many conversations come in, by day and channel, with two weeks ahead and how far such forecasts were off."""

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from bot.ledger.tally import DAY
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.web.desk.access import Requires
from bot.web.desk.page import page
from bot.web.insights.address import Address, address_of
from bot.web.insights.overview import about
from bot.web.insights.tables import Table, as_csv
from bot.web.services import services_of

router = APIRouter(prefix="/insights", include_in_schema=False)

Reader = Annotated[Principal, Depends(Requires(Permission.INSIGHTS_READ))]


@router.get("/volume")
def volume(request: Request, who: Reader) -> Response:
    """The page."""
    insights = services_of(request).insights
    address = address_of(request, insights.newest())
    found = insights.volume(address.wanted)
    return page(
        request,
        who,
        "insights/volume",
        **about(request, address),
        volume=found,
        behind={day: _behind(address, day) for day, count in found.days if count and day < insights.newest()},
    )


def _behind(address: Address, day: dt.date) -> str:
    """Where the conversations of a day are that count; those of the last week are in no figure yet."""
    of_day = {"period": "week", "until": day + DAY, "day": day}
    return address.link("/insights/conversations", **of_day)


@router.get("/volume.csv")
def export(request: Request, who: Reader) -> Response:
    """The same as a file: what was, then what is expected."""
    insights = services_of(request).insights
    found = insights.volume(address_of(request, insights.newest()).wanted)
    rows: list[tuple[object, ...]] = [(day, count, "", "", "") for day, count in found.days]
    rows += [(one.day, "", one.count, one.low, one.high) for one in (found.ahead.days if found.ahead else ())]
    return as_csv(Table(("day", "conversations", "expected", "low", "high"), tuple(rows)), "volume")
