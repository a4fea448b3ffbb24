"""Pages of whoever keeps the service: accounts, keys of programs, the audit log."""

import datetime as dt
from collections.abc import Callable
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.responses import RedirectResponse

from bot.errors import BadRequest, BotError
from bot.people.accounts import Principal
from bot.people.roles import MAY, Permission, Role
from bot.web.desk.access import Requires
from bot.web.desk.forms import check_token, fields_of
from bot.web.desk.page import page
from bot.web.services import services_of

router = APIRouter(prefix="/desk", include_in_schema=False)

Accounts = Annotated[Principal, Depends(Requires(Permission.ACCOUNTS_MANAGE))]
Keys = Annotated[Principal, Depends(Requires(Permission.KEYS_MANAGE))]
Audit = Annotated[Principal, Depends(Requires(Permission.AUDIT_READ))]

_PER_PAGE = 100


@router.get("/team")
def team(request: Request, who: Accounts) -> Response:
    """All accounts, and the form for another."""
    return _team_page(request, who)


@router.post("/team")
async def add(request: Request, who: Accounts) -> Response:
    """Invites somebody; the link is shown to hand over."""
    fields = await _checked(request, who)
    return await _shown(
        request,
        who,
        lambda: services_of(request).team.add(
            fields.get("email", ""), fields.get("name", ""), _role(fields), by=who.name
        ),
    )


@router.post("/team/{account_id}/invite")
async def invite(request: Request, account_id: str, who: Accounts) -> Response:
    """Another link that sets a password."""
    await _checked(request, who)
    return await _shown(request, who, lambda: services_of(request).team.invite_again(account_id, by=who.name))


@router.post("/team/{account_id}/role")
async def set_role(request: Request, account_id: str, who: Accounts) -> Response:
    """Gives another role."""
    fields = await _checked(request, who)
    return await _shown(
        request,
        who,
        lambda: services_of(request).team.set_role(account_id, _role(fields), by=who.name),
    )


@router.post("/team/{account_id}/active")
async def set_active(request: Request, account_id: str, who: Accounts) -> Response:
    """Switches an account on or off."""
    fields = await _checked(request, who)
    active = fields.get("active") == "yes"
    return await _shown(
        request, who, lambda: services_of(request).team.set_active(account_id, active, by=who.name)
    )


@router.post("/team/{account_id}/second-factor")
async def drop_second_factor(request: Request, account_id: str, who: Accounts) -> Response:
    """For a lost phone."""
    await _checked(request, who)
    return await _shown(
        request, who, lambda: services_of(request).team.drop_second_factor(account_id, by=who.name)
    )


@router.get("/keys")
def keys(request: Request, who: Keys) -> Response:
    """All keys, and the form for another."""
    return _keys_page(request, who)


@router.post("/keys")
async def add_key(request: Request, who: Keys) -> Response:
    """Makes a key and shows it, this once."""
    fields = await _checked(request, who)
    scopes = [name for name in Permission if fields.get(f"scope-{name.value}")]
    days = fields.get("days", "")
    services = services_of(request)
    try:
        if days and not (days.isascii() and days.isdigit() and len(days) <= 5 and 0 < int(days) < 10_000):
            raise BadRequest("Please give a number of days, or none.")
        holds = dt.timedelta(days=int(days)) if days else None
        key, shown = await to_thread.run_sync(
            lambda: services.machine_keys.add(fields.get("name", ""), scopes, by=who.name, holds=holds)
        )
    except BadRequest as error:
        problem = str(error)
        return await to_thread.run_sync(lambda: _keys_page(request, who, problem=problem))
    return await to_thread.run_sync(lambda: _keys_page(request, who, made=(key.name, shown)))


@router.post("/keys/{key_id}/revoke")
async def revoke_key(request: Request, key_id: str, who: Keys) -> Response:
    """Ends a key at once."""
    await _checked(request, who)
    await to_thread.run_sync(lambda: services_of(request).machine_keys.revoke(key_id, by=who.name))
    return RedirectResponse("/desk/keys", 303)


@router.get("/audit")
def audit(
    request: Request, who: Audit, before: Annotated[int | None, Query(ge=1, lt=10**15)] = None
) -> Response:
    """What staff did, newest first."""
    entries = services_of(request).audit.newest(_PER_PAGE, before)
    names = {f"account:{one.id}": one.name for one in services_of(request).team.accounts()}
    older = entries[-1].number if entries and entries[-1].number > 1 else None
    return page(request, who, "audit", entries=entries, names=names, older=older)


async def _checked(request: Request, who: Principal) -> dict[str, str]:
    fields = await fields_of(request)
    if who.session is not None:
        check_token(request, who.session, fields)
    return fields


async def _shown(request: Request, who: Principal, change: Callable[[], object]) -> Response:
    """Makes a change, then shows the accounts: with the link of an invitation, or what stood against it."""
    try:
        outcome = await to_thread.run_sync(change)
    except BotError as error:
        if error.status not in (400, 409):
            raise
        problem, status = str(error), error.status
        return await to_thread.run_sync(lambda: _team_page(request, who, status=status, problem=problem))
    return await to_thread.run_sync(lambda: _team_page(request, who, outcome=outcome))


def _team_page(request: Request, who: Principal, **values: object) -> Response:
    services = services_of(request)
    outcome = values.pop("outcome", None)
    token = getattr(outcome, "token", "")
    link = f"{_base(request)}/desk/invitation?token={token}" if token else ""
    given: dict[str, object] = {"problem": "", "link": link, "invited": getattr(outcome, "account", None)}
    status = values.pop("status", 200)
    return page(
        request,
        who,
        "team",
        status=status if isinstance(status, int) else 200,
        accounts=services.team.accounts(),
        roles=[role for role in Role if role is not Role.CUSTOMER],
        **{**given, **values},
    )


def _keys_page(
    request: Request, who: Principal, *, problem: str = "", made: tuple[str, str] | None = None
) -> Response:
    machine_keys = services_of(request).machine_keys
    return page(
        request,
        who,
        "keys",
        status=400 if problem else 200,
        problem=problem,
        made=made,
        keys=machine_keys.all(),
        scopes=sorted(frozenset().union(*MAY.values()) - machine_keys.for_people),
    )


def _role(fields: dict[str, str]) -> Role:
    try:
        return Role(fields.get("role", ""))
    except ValueError as exc:
        raise BadRequest("Please choose a role.") from exc


def _base(request: Request) -> str:
    return services_of(request).settings.public_url or str(request.base_url).rstrip("/")
