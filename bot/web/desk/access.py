"""A request in, who is behind it out; the guard that each staff route names its permission with."""

import re
from typing import Final
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response

from bot.errors import NotAllowed, NotSignedIn
from bot.people.accounts import Principal, Session, Stage
from bot.people.roles import Permission
from bot.web.origins import is_encrypted, is_own
from bot.web.problems import ForeignOrigin
from bot.web.services import services_of

#: The prefix makes browsers refuse a cookie that another host or a page without encryption tries to set.
_SECURE_COOKIE: Final = "__Host-tierzero"
_PLAIN_COOKIE: Final = "tierzero"
_PATH = re.compile(r"/(?:desk|insights)(?:[/?][^\\\x00-\x20]*)?")

SIGN_IN = "/desk/sign-in"
SECOND_STEP = "/desk/second-step"
SET_UP = "/desk/set-up"


class Requires:
    """A dependency that lets a route run for those alone who hold its permission."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    def __call__(self, request: Request) -> Principal:
        """Who asks. Raises `NotSignedIn` or `NotAllowed`, and for a form of another site `ForeignOrigin`."""
        # A page that looks again by itself is no use of the session, and nobody's presence.
        principal = principal_of(request, touch=request.headers.get("x-purpose") != "poll")
        if principal is None:
            raise NotSignedIn("Sign in at /desk/sign-in, or send a key as `Authorization: Bearer …`.")
        if not principal.may(self.permission):
            if principal.session is not None and principal.session.stage is not Stage.FULL:
                raise NotSignedIn("The sign-in is not complete: the one-time code is still to come.")
            raise NotAllowed("Your role does not include this. Ask whoever keeps the accounts.")
        if principal.session is not None:
            refuse_foreign(request)
        return principal


def principal_of(request: HTTPConnection, *, touch: bool = True) -> Principal | None:
    """Who is behind a request or a socket, by the key it brings or by its cookie.

    Without `touch` it is no use of the session: an open page alone does not keep somebody signed in.
    """
    kind, _, bearer = request.headers.get("authorization", "").partition(" ")
    services = services_of(request)
    if kind.lower() == "bearer":
        return services.machine_keys.principal(bearer.strip())
    token = request.cookies.get(_cookie(request), "")
    return services.signing_in.principal(token, touch=touch) if token else None


def session_of(request: Request, *stages: Stage) -> Session:
    """The session at one of these stages of its sign-in. Raises `NotSignedIn`."""
    principal = principal_of(request)
    if principal is None or principal.session is None or principal.session.stage not in stages:
        raise NotSignedIn("Please sign in.")
    refuse_foreign(request)
    return principal.session


def refuse_foreign(request: Request) -> None:
    """Raises `ForeignOrigin` where a page of another site sends something in a member's name."""
    if request.method in ("GET", "HEAD"):
        return
    headers: Headers = request.headers
    origin = headers.get("origin")
    if origin is not None and not is_own(origin, headers, services_of(request).settings.public_url):
        raise ForeignOrigin("This was sent by a page of another site. Nothing was changed.")


def sign_in_path(request: Request) -> str:
    """Where somebody goes who may not see a page yet: the step of the sign-in that comes next."""
    principal = principal_of(request)
    if principal is None or principal.session is None or principal.session.stage is Stage.FULL:
        return f"{SIGN_IN}?next={quote(request.url.path, safe='/')}"
    return SECOND_STEP if principal.session.stage is Stage.PASSWORD else SET_UP


def own_path(path: str) -> str:
    """A path of the staff's pages to go on to; anything else becomes its front page."""
    return path if _PATH.fullmatch(path) and "//" not in path else "/desk"


def with_cookie(request: Request, response: Response, token: str) -> Response:
    """Gives the browser its session; it lasts until the browser closes, or the session ends before."""
    secure = is_encrypted(request)
    response.set_cookie(_cookie(request), token, path="/", httponly=True, secure=secure, samesite="strict")
    return response


def without_cookie(request: Request, path: str) -> Response:
    """Leads on, signed out."""
    response = RedirectResponse(path, 303)
    response.delete_cookie(
        _cookie(request), path="/", httponly=True, secure=is_encrypted(request), samesite="strict"
    )
    return response


def _cookie(request: HTTPConnection) -> str:
    return _SECURE_COOKIE if is_encrypted(request) else _PLAIN_COOKIE
