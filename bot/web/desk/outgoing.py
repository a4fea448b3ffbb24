"""What leaves the desk: what waits, what was given up and why, and another try."""

from typing import Annotated, Final

from anyio import to_thread
from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from bot.errors import BadRequest
from bot.outgoing.effects import Standing
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.web.desk.access import Requires
from bot.web.desk.forms import check_token, fields_of
from bot.web.desk.page import page
from bot.web.services import services_of

router = APIRouter(prefix="/desk", include_in_schema=False)

Keeper = Annotated[Principal, Depends(Requires(Permission.OUTBOX_MANAGE))]

_MOST: Final = 100


@router.get("/outgoing")
def outgoing(request: Request, who: Keeper) -> Response:
    """What was given up first, then what waits, then the newest that is done."""
    outbox = services_of(request).outbox
    shown = [
        ("Given up", outbox.list((Standing.DEAD,), _MOST)),
        ("Waiting", outbox.list((Standing.WAITING,), _MOST)),
        ("Done", outbox.list((Standing.DONE, Standing.VOID), 20)),
    ]
    return page(request, who, "outgoing", shown=shown, counts=outbox.counts(), mail=_has_mail(request))


@router.post("/outgoing/retry")
async def retry(request: Request, who: Keeper) -> Response:
    """Has one effect that was given up, or all of them, tried again."""
    fields = await fields_of(request)
    if who.session is not None:
        check_token(request, who.session, fields)
    chosen = fields.get("id", "")
    if chosen and not (chosen.isascii() and chosen.isdigit() and len(chosen) < 16):
        raise BadRequest("There is no such effect.")
    await to_thread.run_sync(services_of(request).try_again, int(chosen) if chosen else None)
    return RedirectResponse("/desk/outgoing", 303)


def _has_mail(request: Request) -> bool:
    return bool(services_of(request).settings.smtp_host)
