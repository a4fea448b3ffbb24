"""Views of the queue: filters that somebody keeps under a name, for themselves or for the team."""

from typing import Annotated
from urllib.parse import urlencode

from anyio import to_thread
from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from bot.errors import BadRequest
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.web.desk.access import Requires
from bot.web.desk.asked import FIELDS, filter_of
from bot.web.desk.forms import check_token, fields_of
from bot.web.desk.tickets import queue_page
from bot.web.schemas import clean_text
from bot.web.services import services_of

router = APIRouter(prefix="/desk/views", include_in_schema=False)

Reader = Annotated[Principal, Depends(Requires(Permission.TICKETS_READ))]


@router.post("")
async def save(request: Request, who: Reader) -> Response:
    """Keeps the filters that are shown under a name."""
    fields = await fields_of(request)
    if who.session is not None:
        check_token(request, who.session, fields)
    chosen = {name: clean_text(fields.get(name, "")) for name in FIELDS}

    def kept() -> Response:
        services = services_of(request)
        try:
            filter_of(chosen, who, services.chance.now())
            name, shared = clean_text(fields.get("name", "")), fields.get("shared") == "yes"
            view = services.views.save(who, name, urlencode(chosen), FIELDS, shared=shared)
        except BadRequest as refused:
            return queue_page(request, who, chosen, problem=str(refused))
        return RedirectResponse(f"/desk/tickets?{view.query}", 303)

    return await to_thread.run_sync(kept)


@router.post("/{view_id}/remove")
async def remove(request: Request, view_id: str, who: Reader) -> Response:
    """Removes a view; the tickets stay."""
    fields = await fields_of(request)
    if who.session is not None:
        check_token(request, who.session, fields)
    await to_thread.run_sync(services_of(request).views.remove, who, clean_text(view_id))
    return RedirectResponse("/desk/tickets", 303)
