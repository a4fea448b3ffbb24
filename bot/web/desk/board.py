"""The lead's board: who is on, load, what breaches next, who waits; the page looks again by itself."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.web.desk.access import Requires
from bot.web.desk.page import page
from bot.web.services import services_of

router = APIRouter(prefix="/desk/board", include_in_schema=False)

Lead = Annotated[Principal, Depends(Requires(Permission.BOARD_READ))]


@router.get("")
def board(request: Request, who: Lead) -> Response:
    """Everything at once, as it stands now."""
    services = services_of(request)
    seen = services.board.seen(who)
    return page(
        request,
        who,
        "board",
        seen=seen,
        most=services.desk.policy.routing.most_tickets,
        names=services.tickets.names([row for row, _ in seen.due]),
        may_open=who.may(Permission.TICKETS_READ),
    )
