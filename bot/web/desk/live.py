"""The page of live chats; what happens on it comes and goes over a socket (`bot.web.live.staff`)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.web.desk.access import Requires
from bot.web.desk.page import page

router = APIRouter(prefix="/desk/live", include_in_schema=False)

Worker = Annotated[Principal, Depends(Requires(Permission.TICKETS_WORK))]


@router.get("")
def live(request: Request, who: Worker) -> Response:
    """The list of chats, and room for one."""
    return page(request, who, "live")
