"""Errors in, RFC 9457 problem details out: the one place where an exception becomes an HTTP response."""

import http
import re
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.changes import WORDED, TicketMoved
from bot.desk.ticket import Event
from bot.errors import BadRequest, BotError, NotFound, NotSignedIn, TooManyRequests
from bot.web import languages
from bot.web.pages import Pages

MEDIA_TYPE = "application/problem+json"

#: What a customer reads when something broke that we did not foresee; the cause is in the log alone.
UNEXPECTED = "We have noted the error. Please try again in a moment."
#: The same, where there is another way to reach somebody.
WRITE_TO = "Your message was not saved; you can write to {contact}, where a person will read it."

log = structlog.get_logger(__name__)


class ForeignOrigin(BotError):
    """A page of another site asked, and the settings do not name that site."""

    status = 403
    title = "This site may not use the chat"


class NotReadyParts(BotError):
    """Some parts are not usable; `parts` says which."""

    status = 503
    title = "The service is not ready"

    def __init__(self, parts: Mapping[str, str]) -> None:
        failing = ", ".join(f"{name}: {state}" for name, state in parts.items() if state != "ok")
        super().__init__(failing)
        self.parts = parts


def slug(name: str) -> str:
    """`TooManyRequests` -> `too-many-requests`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def problem(
    scope: Scope,
    status: int,
    title: str,
    detail: str,
    *,
    kind: str = "",
    headers: Mapping[str, str] | None = None,
    **extra: Any,
) -> Response:
    """One problem as JSON; `kind` names its entry on the page `/docs`."""
    content = {
        "type": f"/docs#{kind}" if kind else "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": f"urn:uuid:{scope.get('request_id', '')}",
        **extra,
    }
    answer_headers = {"cache-control": "no-store", **(headers or {})}
    return Response(to_json(content), status, answer_headers, MEDIA_TYPE)


def from_bot_error(scope: Scope, error: BotError) -> Response:
    """The problem a `BotError` stands for; what went wrong inside us is not told."""
    headers: dict[str, str] = {}
    extra: dict[str, Any] = {}
    if isinstance(error, TooManyRequests):
        headers["retry-after"] = str(max(1, round(error.retry_after)))
    if isinstance(error, NotSignedIn):
        headers["www-authenticate"] = "Bearer"
    if isinstance(error, TicketMoved):
        extra |= {"version": error.ticket.version, "changes": [_told(event) for event in error.changes]}
    if isinstance(error, NotReadyParts):
        extra["parts"] = dict(error.parts)
    detail = str(error)
    if error.status >= 500 and not isinstance(error, NotReadyParts):
        log.error("request failed", path=scope["path"], error=type(error).__name__, detail=detail)
    if error.status == 500:
        detail = UNEXPECTED
    if error.status >= 500:
        detail, contact = with_another_way(scope, detail)
        extra |= {"contact": contact} if contact else {}
    kind = slug(type(error).__name__.removesuffix("Parts"))
    return problem(scope, error.status, error.title, detail, kind=kind, headers=headers, **extra)


def _told(event: Event) -> dict[str, Any]:
    """What was done to a ticket meanwhile, without what people wrote."""
    worded = event.what in WORDED
    return {
        "at": event.at.isoformat(),
        "who": event.who,
        "what": event.what,
        "from": "" if worded else event.before,
        "to": "" if worded else event.after,
    }


def with_another_way(scope: Scope, detail: str) -> tuple[str, str]:
    """What a customer is told whose message could not be taken, with another way to reach a person if one is set."""
    services = getattr(scope["app"].state, "services", None) if "app" in scope else None
    if services is None or scope["method"] != "POST" or not scope["path"].startswith("/chat"):
        return detail, ""
    contact = services.settings.contact_email
    return (f"{detail} {WRITE_TO.format(contact=contact)}" if contact else detail), contact


def from_validation_error(scope: Scope, error: RequestValidationError) -> Response:
    """400 for what is no JSON, 422 for JSON of the wrong shape; both name each field."""
    found = error.errors()
    if any(item["type"] == "json_invalid" for item in found):
        return problem(
            scope, 400, "The request cannot be understood", "The body is not valid JSON.", kind="bad-request"
        )
    fields = [
        {
            "field": ".".join(str(part) for part in item["loc"][1:]) or item["loc"][0],
            "detail": item["msg"].removeprefix("Value error, "),
        }
        for item in found
    ]
    if fields and fields[0]["field"] == "body":
        detail = "Send a JSON object, with the header Content-Type: application/json."
    else:
        detail = "; ".join(f"{item['field']}: {item['detail']}" for item in fields)
    return problem(scope, 422, "Some values cannot be used", detail, kind="invalid-values", errors=fields)


def wants_page(scope: Scope) -> bool:
    """Whether a person with a browser asked, rather than a program."""
    accept = next((value for name, value in scope["headers"] if name == b"accept"), b"")
    # A form of the help centre is sent by a person too; the chat's and the surveys' messages are a program's.
    by_hand = scope["method"] in ("GET", "HEAD") or scope["path"].startswith("/help/")
    return by_hand and b"text/html" in accept


def install(app: FastAPI, pages: Pages, sign_in: Callable[[Request], str]) -> None:
    """Registers the handlers. Who has a browser gets the same facts as a page, or is led to `sign_in`."""

    def answer(request: Request, response: Response, title: str, detail: str) -> Response:
        if not wants_page(request.scope) or request.url.path.startswith("/chat"):
            return response
        if request.url.path.startswith("/help"):
            return pages.reader_error(request, response.status_code, languages.of_address(request))
        return pages.error(request, response.status_code, title, detail)

    async def bot_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, BotError)  # noqa: S101 - registered for this type alone
        if isinstance(error, NotSignedIn) and wants_page(request.scope):
            return RedirectResponse(sign_in(request), 303, {"cache-control": "no-store"})
        detail = str(error) if error.status < 500 else UNEXPECTED
        return answer(request, from_bot_error(request.scope, error), error.title, detail)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this type alone
        response = from_validation_error(request.scope, error)
        return answer(request, response, "The address cannot be understood", "Please check the link.")

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type alone
        title = http.HTTPStatus(error.status_code).phrase
        detail, kind = error.detail, ""
        if error.status_code == 400:
            title, kind, detail = BadRequest.title, "bad-request", "The body cannot be read as JSON."
        elif error.status_code == 404:
            title, kind, detail = NotFound.title, "not-found", f"Nothing is at {request.url.path[:200]}."
        elif error.status_code == 405:
            detail = f"{request.method} does not work here."
        response = problem(
            request.scope, error.status_code, title, detail, kind=kind, headers=error.headers or {}
        )
        return answer(request, response, title, detail)

    app.add_exception_handler(BotError, bot_error)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http_error)


class Failures:
    """The last net: an unexpected exception is logged in full and told as a 500 without internals."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on; answers only where nothing has been sent yet."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception:
            log.exception("unexpected error", method=scope["method"], path=scope["path"])
            if started:
                raise
            detail, contact = with_another_way(scope, UNEXPECTED)
            extra: dict[str, Any] = {"contact": contact} if contact else {}
            failed = problem(scope, 500, BotError.title, detail, kind="bot-error", headers=None, **extra)
            await failed(scope, receive, send)
