"""Text blocks: kept by who may, and filled for a ticket as plain text that an agent reads before it is sent."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.responses import PlainTextResponse, RedirectResponse

from bot.desk.macros import VARIABLES, Macro
from bot.errors import BadRequest, Conflict, NotFound
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.web.desk.access import Requires
from bot.web.desk.forms import check_token, fields_of
from bot.web.desk.page import page
from bot.web.schemas import clean_text
from bot.web.services import services_of

router = APIRouter(prefix="/desk", include_in_schema=False)

Agent = Annotated[Principal, Depends(Requires(Permission.TICKETS_WORK))]
Keeper = Annotated[Principal, Depends(Requires(Permission.MACROS_MANAGE))]


@router.get("/macros")
def macros(request: Request, who: Agent) -> Response:
    """All text blocks; those who may change them find a form beside each."""
    return _macros_page(request, who)


@router.post("/macros")
async def save(request: Request, who: Keeper) -> Response:
    """Keeps a block, new or changed, or switches it off."""
    fields = await fields_of(request)
    if who.session is not None:
        check_token(request, who.session, fields)
    version = fields.get("version", "0")
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise BadRequest("The form is incomplete; open the page again.")
    wanted = Macro(
        name=clean_text(fields.get("name", "")),
        language=clean_text(fields.get("language", "")),
        title=clean_text(fields.get("title", "")),
        body=clean_text(fields.get("body", "")),
        version=int(version),
        active=fields.get("then") != "off",
    )
    try:
        await to_thread.run_sync(services_of(request).macros.save, who, wanted)
    except (BadRequest, Conflict) as error:
        problem, status = str(error), error.status
        return await to_thread.run_sync(
            lambda: _macros_page(request, who, wanted=wanted, problem=problem, status=status)
        )
    return RedirectResponse("/desk/macros", 303)


@router.get("/tickets/{reference}/macro")
def insert(
    request: Request,
    reference: str,
    who: Agent,
    name: Annotated[str, Query(max_length=60)],
    language: Annotated[str, Query(max_length=20)],
) -> Response:
    """A block filled for a ticket, as plain text: nothing in it can be markup wherever it is put."""
    reference = clean_text(reference)
    if not reference:
        raise NotFound("There is no such ticket.")
    text = services_of(request).macros.filled(who, reference, clean_text(name), clean_text(language))
    return PlainTextResponse(text, headers={"cache-control": "no-store"})


def _macros_page(
    request: Request, who: Principal, *, wanted: Macro | None = None, problem: str = "", status: int = 200
) -> Response:
    flow = services_of(request).macros
    return page(
        request,
        who,
        "macros",
        status=status,
        problem=problem,
        wanted=wanted,
        macros=flow.all(inactive=who.may(Permission.MACROS_MANAGE)),
        locales=flow.locales,
        variables=VARIABLES,
        may_change=who.may(Permission.MACROS_MANAGE),
    )
