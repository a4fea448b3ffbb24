"""What the articles shown on the contact form did, as a pair of shares; `format=csv` gives the counts."""

import datetime as dt
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from bot.ledger.forms import form_figures
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.web.desk.access import Requires
from bot.web.desk.page import page
from bot.web.insights.gaps import around
from bot.web.insights.tables import Table, as_csv
from bot.web.services import services_of

router = APIRouter(prefix="/insights/form", include_in_schema=False)

Reader = Annotated[Principal, Depends(Requires(Permission.INSIGHTS_READ))]
#: Days that may be looked back.
_SPANS: Final = (7, 30, 90, 365)
_HEAD: Final = ("days", "shown", "sent_after", "helped", "left", "sent_unshown")


@router.get("")
def figures(request: Request, who: Reader, days: Annotated[int, Query(ge=1, le=365)] = 90) -> Response:
    """Forms of the last days."""
    services = services_of(request)
    now = services.chance.now()
    found = form_figures(services.forms.facts(now - dt.timedelta(days=days), now))
    if request.query_params.get("format") == "csv":
        row = (days, found.shown, found.sent_after, found.helped, found.left, found.sent_unshown)
        return as_csv(Table(_HEAD, (row,)), "contact-form")
    return page(request, who, "insights/form", **around(request), days=days, spans=_SPANS, forms=found)
