"""Who takes tickets: away and back, skills and languages; each for themselves, a senior also for others."""

from collections.abc import Callable
from typing import Annotated, Final
from urllib.parse import parse_qsl

from anyio import to_thread
from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from bot.errors import BadRequest
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.web.desk.access import Requires
from bot.web.desk.forms import check_token, fields_of
from bot.web.desk.page import page
from bot.web.schemas import clean_text
from bot.web.services import services_of

router = APIRouter(prefix="/desk/people", include_in_schema=False)

Worker = Annotated[Principal, Depends(Requires(Permission.TICKETS_WORK))]

_DONE: Final = {"away": "Nothing new is given out there until they are back.", "kept": "Kept."}


@router.get("")
def people(request: Request, who: Worker, done: str = "") -> Response:
    """The team with who is there, what each has and takes; one's own first."""
    return _people(request, who, done=_DONE.get(done, ""))


@router.post("/away")
async def away(request: Request, who: Worker) -> Response:
    """Away, or back."""
    fields = await _checked(request, who)
    gone = fields.get("away") == "yes"
    name = clean_text(fields.get("name", "")) or who.name
    flow = services_of(request).staffing
    return await _kept(request, who, lambda: flow.set_away(who, name, gone), "away" if gone else "kept")


@router.post("/able")
async def able(request: Request, who: Worker) -> Response:
    """Which tickets somebody takes; nothing chosen means all."""
    fields = await _checked(request, who)
    pairs = parse_qsl((await request.body()).decode("utf-8"), max_num_fields=200)
    skills, languages = (
        [clean_text(value) for key, value in pairs if key == kind] for kind in ("skill", "language")
    )
    name = clean_text(fields.get("name", "")) or who.name
    flow = services_of(request).staffing
    return await _kept(request, who, lambda: flow.set_able(who, name, skills, languages), "kept")


async def _checked(request: Request, who: Principal) -> dict[str, str]:
    fields = await fields_of(request)
    if who.session is not None:
        check_token(request, who.session, fields)
    return fields


async def _kept(request: Request, who: Principal, keep: Callable[[], None], done: str) -> Response:
    def run() -> Response:
        try:
            keep()
        except BadRequest as refused:
            return _people(request, who, problem=str(refused))
        return RedirectResponse(f"/desk/people?done={done}", 303)

    return await to_thread.run_sync(run)


def _people(request: Request, who: Principal, *, done: str = "", problem: str = "") -> Response:
    flow = services_of(request).staffing
    team = sorted(flow.team(), key=lambda one: one.name != who.name)
    return page(
        request,
        who,
        "people",
        status=400 if problem else 200,
        problem=problem,
        done=done,
        team=team,
        skills=flow.skills,
        locales=flow.locales,
        for_others=who.may(Permission.TICKETS_ASSIGN),
    )
