"""The pages of signing in: password, one-time code, setting up a second factor, invitations."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response
from starlette.responses import RedirectResponse

from bot.errors import BotError, NotSignedIn
from bot.people.accounts import Account, Session, Stage
from bot.web.desk.access import (
    SECOND_STEP,
    SET_UP,
    own_path,
    principal_of,
    refuse_foreign,
    session_of,
    with_cookie,
    without_cookie,
)
from bot.web.desk.forms import check_token, fields_of
from bot.web.limits import bucket_key
from bot.web.pages import pages_of
from bot.web.services import services_of

router = APIRouter(prefix="/desk", include_in_schema=False)


@router.get("/sign-in")
def ask_password(request: Request, to: Annotated[str, Query(alias="next", max_length=500)] = "") -> Response:
    """The form; who is signed in already goes on."""
    principal = principal_of(request)
    if principal is not None and principal.session is not None and principal.session.stage is Stage.FULL:
        return RedirectResponse(own_path(to), 303)
    return _form(request, "sign_in", to=own_path(to))


@router.post("/sign-in")
async def take_password(request: Request) -> Response:
    """Opens a session, complete or not, and leads on to its next step."""
    refuse_foreign(request)
    fields = await fields_of(request)
    services = services_of(request)
    to = own_path(fields.get("next", ""))
    try:
        signed_in = await to_thread.run_sync(
            lambda: services.signing_in.sign_in(
                fields.get("email", ""),
                fields.get("password", ""),
                address=bucket_key(request.scope.get("client")),
                browser=request.headers.get("user-agent", ""),
            )
        )
    except BotError as error:
        if error.status >= 500:
            raise
        return _form(request, "sign_in", status=error.status, problem=str(error), to=to)
    path = {Stage.FULL: to, Stage.PASSWORD: SECOND_STEP, Stage.ENROL: SET_UP}[signed_in.session.stage]
    return with_cookie(request, RedirectResponse(path, 303), signed_in.token)


@router.get("/second-step")
def ask_code(request: Request) -> Response:
    """The form for a one-time code."""
    session = session_of(request, Stage.PASSWORD)
    return _form(request, "second_step", session)


@router.post("/second-step")
async def take_code(request: Request) -> Response:
    """Completes the sign-in."""
    session = await to_thread.run_sync(session_of, request, Stage.PASSWORD)
    fields = await fields_of(request)
    check_token(request, session, fields)
    services = services_of(request)
    try:
        signed_in = await to_thread.run_sync(
            services.signing_in.second_step, session, fields.get("code", "")[:40]
        )
    except BotError as error:
        if error.status >= 500:
            raise
        return _form(request, "second_step", session, status=error.status, problem=str(error))
    return with_cookie(request, RedirectResponse("/desk", 303), signed_in.token)


@router.get("/set-up")
def ask_set_up(request: Request) -> Response:
    """A QR code and the form that proves the app has it."""
    session, account = _to_set_up(request)
    enrolment = services_of(request).signing_in.enrol(account)
    return _form(request, "set_up", session, enrolment=enrolment, again=session.stage is Stage.FULL)


@router.post("/set-up")
async def take_set_up(request: Request) -> Response:
    """Stores the second factor and shows the recovery codes, this once."""
    session, account = await to_thread.run_sync(_to_set_up, request)
    fields = await fields_of(request)
    check_token(request, session, fields)
    signing_in = services_of(request).signing_in
    sealed, again = fields.get("sealed", "")[:1000], session.stage is Stage.FULL
    try:
        # Whoever finds an open session must not be able to keep it: another phone needs the password.
        if again and not await to_thread.run_sync(signing_in.knows, account, fields.get("password", "")):
            raise NotSignedIn("The password is not right.")
        signed_in, codes = await to_thread.run_sync(
            signing_in.confirm, session, sealed, fields.get("code", "")[:20]
        )
    except NotSignedIn as error:
        shown = await to_thread.run_sync(signing_in.shown_again, account, sealed)
        status, problem = error.status, str(error)
        return _form(request, "set_up", session, status=status, problem=problem, enrolment=shown, again=again)
    return with_cookie(request, _form(request, "recovery_codes", codes=codes), signed_in.token)


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """Ends the session."""
    session = await to_thread.run_sync(session_of, request, *Stage)
    check_token(request, session, await fields_of(request))
    services = services_of(request)
    account = await to_thread.run_sync(services.team.account, session.account_id)
    await to_thread.run_sync(services.signing_in.end, account, session.id)
    return without_cookie(request, "/desk/sign-in")


@router.get("/invitation")
def ask_new_password(request: Request, token: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The form that sets a first or a new password."""
    account = services_of(request).team.invited(token)
    return _form(request, "invitation", account=account, token=token)


@router.post("/invitation")
async def take_new_password(request: Request) -> Response:
    """Sets the password; signing in is the next step."""
    refuse_foreign(request)
    fields = await fields_of(request)
    team, token = services_of(request).team, fields.get("token", "")[:200]
    account = await to_thread.run_sync(team.invited, token)
    problem = "The two are not the same." if fields.get("password") != fields.get("again") else ""
    if not problem:
        try:
            await to_thread.run_sync(team.accept, token, fields.get("password", ""))
            return RedirectResponse("/desk/sign-in", 303)
        except BotError as error:
            if error.status != 400:
                raise
            problem = str(error)
    return _form(request, "invitation", status=400, problem=problem, account=account, token=token)


def _to_set_up(request: Request) -> tuple[Session, Account]:
    """A session that may set up a second factor: one that has to, or a complete one that wants another."""
    session = session_of(request, Stage.ENROL, Stage.FULL)
    return session, services_of(request).team.account(session.account_id)


def _form(
    request: Request,
    name: str,
    session: Session | None = None,
    *,
    status: int = 200,
    problem: str = "",
    **values: object,
) -> Response:
    token = services_of(request).signing_in.form_token(session) if session else ""
    response = pages_of(request).render(
        request, f"desk/{name}.html", "en", status=status, csrf=token, problem=problem, **values
    )
    # Secrets of a moment: nothing of it is kept, and no address is told to whoever is linked to.
    response.headers["cache-control"] = "no-store"
    response.headers["referrer-policy"] = "no-referrer"
    return response
