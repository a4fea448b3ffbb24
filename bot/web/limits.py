"""How much one client may send: a token bucket for each address, and a bound on every body."""

import ipaddress
import re
from collections import Counter, OrderedDict
from collections.abc import Callable
from time import monotonic

import anyio
from starlette.datastructures import Headers, State
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors import BadRequest, TooLarge, TooManyRequests
from bot.web.pages import Pages
from bot.web.ports import WebSettings
from bot.web.problems import from_bot_error, wants_page
from bot.web.services import Services

#: Addresses remembered at most (about 3 MB); the one unseen for longest is forgotten first.
MAX_ADDRESSES = 20_000


#: What strangers may send.
_COUNTED = ("/chat", "/surveys", "/help")
#: What they may look up, each time at the price of a search.
_LOOKED_UP = frozenset({"/help/search", "/help/search.json", "/chat/topic", "/help/contact/fitting"})
#: Look-ups for each message that an address may send: who types looks up several times a second.
LOOK_UPS = 10
#: Where files are sent to; their bodies may be as big as a file.
_FILES = re.compile(r"/(?:chat|api/tickets|desk/tickets)/[^/]+/files")
#: A file counts for as many messages.
FILE_COSTS = 3
#: Beside the file itself: the frame of a form.
_FRAME_BYTES = 65_536
#: Files that one form may bring.
_FILES_OF_A_FORM = 5
#: Files that are read at a time, from one address and in all: each is in memory while it comes.
MOST_OF_ADDRESS, MOST_IN_ALL = 4, 8
#: Mails of one conversation: three at once, then one every twenty minutes. A mail goes to whoever was named.
MAILS_PER_MINUTE, MAILS_AT_ONCE = 1 / 20, 3
#: Whoever takes longer to send one makes room for others, in seconds.
SLOWEST = 120.0


class Buckets:
    """Token buckets (Turner 1986): `burst` tokens each, refilled at `per_minute`; one request takes one."""

    def __init__(self, per_minute: float, burst: int, clock: Callable[[], float] = monotonic) -> None:
        self._rate = per_minute / 60.0
        self._burst = float(burst)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, key: str) -> float:
        """Seconds to wait until the next token; 0 when one was taken."""
        now = self._clock()
        tokens, seen = self._buckets.get(key, (self._burst, now))
        tokens = min(self._burst, tokens + (now - seen) * self._rate)
        wait = 0.0 if tokens >= 1.0 else (1.0 - tokens) / self._rate
        self._buckets[key] = (tokens - 1.0 if wait == 0.0 else tokens, now)
        self._buckets.move_to_end(key)
        if len(self._buckets) > MAX_ADDRESSES:
            self._buckets.popitem(last=False)
        return wait


def bucket_key(client: tuple[str, int] | None) -> str:
    """The address, of IPv6 the /64: one customer's network owns all of it."""
    host = client[0] if client else ""
    if ":" not in host:
        return host
    try:
        network = ipaddress.ip_network((host.partition("%")[0], 64), strict=False)
    except ValueError:
        return host
    return str(network.network_address)


class RateLimit:
    """Counts what customers send and look up, and refuses what is over the limit, before reading it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what is within the limit; else answers 429 with `Retry-After`."""
        buckets = _buckets(scope) if scope["type"] == "http" else None
        if buckets is not None:
            wait = buckets.take(bucket_key(scope["client"]))
            if wait > 0:
                error = TooManyRequests("That was a lot at once. Please wait a moment, then try again.", wait)
                refused = from_bot_error(scope, error)
                if wants_page(scope) and scope["path"].startswith("/help/"):
                    pages: Pages = scope["app"].state.pages
                    page = pages.error(Request(scope), error.status, error.title, str(error))
                    page.headers["retry-after"] = refused.headers["retry-after"]
                    refused = page
                await refused(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _buckets(scope: Scope) -> Buckets | None:
    """What counts this request; None for one that is free."""
    state: State = scope["app"].state
    found: Buckets | None = None
    if scope["path"] in _LOOKED_UP:
        found = state.look_ups
    elif scope["method"] == "POST" and scope["path"].startswith(_COUNTED):
        found = state.uploads if _FILES.fullmatch(scope["path"]) else state.buckets
    return found


class BodyLimit:
    """Reads a body, declared or streamed, up to the limit and hands it on whole; a bigger one stays out."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._coming: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what is within the limit; else answers 413, or for too many files at a time 429."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
            return
        try:
            if _FILES.fullmatch(scope["path"]):
                body = await self._file(scope, receive)
            else:
                settings: WebSettings = scope["app"].state.services.settings
                body = await _body(scope, receive, settings.max_body_bytes)
        except BadRequest as error:
            await from_bot_error(scope, error)(scope, receive, send)
            return
        replayed = False

        async def replay() -> Message:
            nonlocal replayed
            if replayed:
                return await receive()
            replayed = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, replay, send)

    async def _file(self, scope: Scope, receive: Receive) -> bytes:
        """A body with a file. Raises `TooLarge` and `TooManyRequests`."""
        services: Services = scope["app"].state.services
        files = _FILES_OF_A_FORM if scope["path"].startswith("/desk") else 1
        limit = services.attachments.rules.largest * files + _FRAME_BYTES
        key = bucket_key(scope["client"])
        if self._coming[key] >= MOST_OF_ADDRESS or self._coming.total() >= MOST_IN_ALL:
            raise TooManyRequests("Other files are being sent just now. Please try again in a moment.", 5)
        self._coming[key] += 1
        try:
            with anyio.fail_after(SLOWEST):
                return await _body(scope, receive, limit)
        except TimeoutError:
            raise TooManyRequests("The file took too long to arrive. Please try again.", 5) from None
        finally:
            self._coming[key] -= 1
            if not self._coming[key]:
                del self._coming[key]


async def _body(scope: Scope, receive: Receive, limit: int) -> bytes:
    declared = Headers(scope=scope).get("content-length", "0")
    # Twelve digits at most: Python refuses to parse a number of thousands of them.
    fits = declared.isdecimal() and len(declared) <= 12 and int(declared) <= limit
    body = await read(receive, limit) if fits else None
    if body is None:
        raise TooLarge(f"A request may have at most {limit} bytes. Please send less at once.")
    return body


async def read(receive: Receive, limit: int) -> bytes | None:
    """The body, or None when it is over `limit` bytes; a client that left gives what came until then."""
    pieces, size, more = [], 0, True
    while more:
        message = await receive()
        piece = message.get("body", b"")
        size += len(piece)
        if size > limit:
            return None
        pieces.append(piece)
        more = message.get("more_body", False)
    return b"".join(pieces)
