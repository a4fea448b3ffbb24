"""Which pages of other sites may use the chat: CORS for the allowed origins, a refusal for all others."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.ports import WebSettings
from bot.web.problems import ForeignOrigin, from_bot_error
from bot.web.services import services_of

#: How long a browser may remember the answer to a preflight, in seconds; Chromium caps it at two hours.
PREFLIGHT_SECONDS = 7200


#: Carries a customer's session.
SESSION_HEADER = "Tierzero-Session"

#: What pages of other sites may use where they are allowed to: the widget talks to these.
GUARDED = ("/chat", "/surveys")


def is_own(origin: str, headers: Headers, public_url: str) -> bool:
    """Whether a page of this very service asked.

    `Sec-Fetch-Site` is set by the browser and cannot be forged by a page; it also holds behind a proxy that
    rewrites `Host`. Older browsers lack it, so the host and the public address are compared too.
    """
    if headers.get("sec-fetch-site") == "same-origin":
        return True
    parts = urlsplit(origin)
    if parts.netloc and parts.netloc == headers.get("host"):
        return True
    own = urlsplit(public_url)
    return bool(own.netloc) and (parts.scheme, parts.netloc) == (own.scheme, own.netloc)


def is_encrypted(connection: HTTPConnection) -> bool:
    """Whether browsers come here with encryption, so that cookies need it.

    What the connection itself says is not enough: a proxy may end the encryption before this service.
    """
    public_url = services_of(connection).settings.public_url
    return public_url.startswith("https://") or connection.url.scheme in ("https", "wss")


class Origins:
    """Guards what the widget uses. Programs send no `Origin` and pass: it protects customers' browsers, not the API."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers preflights, refuses foreign origins, marks the answers that an allowed page may read."""
        if scope["type"] not in ("http", "websocket") or not scope["path"].startswith(GUARDED):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        settings: WebSettings = scope["app"].state.services.settings
        if origin is None or is_own(origin, headers, settings.public_url):
            await self.app(scope, receive, send)
            return
        if origin not in settings.allowed_origins and "*" not in settings.allowed_origins:
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 4403, "reason": ""})
                return
            error = ForeignOrigin(
                "To let this site use the chat, add its address to TIERZERO_ALLOWED_ORIGINS."
            )
            await from_bot_error(scope, error)(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await self.app(scope, receive, send)
            return
        granted = {"access-control-allow-origin": origin, "vary": "Origin"}
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            preflight = granted | {
                "access-control-allow-methods": "GET, POST",
                "access-control-allow-headers": f"Content-Type, {SESSION_HEADER}",
                "access-control-max-age": str(PREFLIGHT_SECONDS),
            }
            await Response(status_code=204, headers=preflight)(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                extra = [(name.encode(), value.encode("latin-1")) for name, value in granted.items()]
                exposed = (b"access-control-expose-headers", b"Retry-After, X-Request-ID")
                message["headers"] = [*message["headers"], *extra, exposed]
            await send(message)

        await self.app(scope, receive, marked)
