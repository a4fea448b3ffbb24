"""One's own account: sessions, password, second factor."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from bot.errors import BadRequest, BotError
from bot.people.accounts import Account, Principal, Session
from bot.people.roles import Permission
from bot.web.desk.access import Requires
from bot.web.desk.forms import check_token, fields_of
from bot.web.desk.page import page
from bot.web.services import services_of

router = APIRouter(prefix="/desk", include_in_schema=False)

Own = Annotated[Principal, Depends(Requires(Permission.OWN_ACCOUNT))]


@router.get("")
def front(request: Request, who: Own) -> Response:
    """What the desk has for this role."""
    return page(request, who, "front")


@router.get("/account")
def account(request: Request, who: Own) -> Response:
    """Name, role, sessions, and what is changed here."""
    return _account_page(request, who)


@router.post("/account/password")
async def change_password(request: Request, who: Own) -> Response:
    """Sets a new password for who knows the old one; all sessions end."""
    own, session = _signed_in(who)
    fields = await fields_of(request)
    check_token(request, session, fields)
    services = services_of(request)
    try:
        if fields.get("password") != fields.get("again"):
            raise BadRequest("The two new passwords are not the same.")
        if not await to_thread.run_sync(services.signing_in.knows, own, fields.get("old", "")):
            raise BadRequest("The old password is not right.")
        await to_thread.run_sync(
            lambda: services.team.set_password(own.id, fields.get("password", ""), by=who.name)
        )
    except BotError as error:
        if error.status != 400:
            raise
        return await to_thread.run_sync(_account_page, request, who, str(error))
    return RedirectResponse("/desk/sign-in", 303)


@router.post("/account/sessions/{session_id}/end")
async def end_session(request: Request, session_id: str, who: Own) -> Response:
    """Ends one of one's own sessions, this one too."""
    own, session = _signed_in(who)
    check_token(request, session, await fields_of(request))
    await to_thread.run_sync(services_of(request).signing_in.end, own, session_id)
    return RedirectResponse("/desk/account", 303)


def _account_page(request: Request, who: Principal, problem: str = "") -> Response:
    own, session = _signed_in(who)
    services = services_of(request)
    return page(
        request,
        who,
        "account",
        status=400 if problem else 200,
        problem=problem,
        account=own,
        this_session=session.id,
        sessions=services.signing_in.sessions(own),
        recovery_left=services.signing_in.recovery_left(own),
    )


def _signed_in(who: Principal) -> tuple[Account, Session]:
    """A person's account and session; a program has neither and never gets here."""
    if who.account is None or who.session is None:
        raise BadRequest("This page is for people, not for programs.")
    return who.account, who.session
