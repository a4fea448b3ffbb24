"""The routers that no first message needs, added to an application that serves already.

To import all of them takes as long as all else of a start. They come a moment after it, or with the first request for
one of them, which waits; whatever asks the application for all of its routes gets all.
"""

import threading
from collections.abc import Callable, Sequence

import anyio
import structlog
from anyio import to_thread
from fastapi import APIRouter, FastAPI
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

#: Seconds between the start and the rest: the first messages do not share the processor with it.
SOON = 1.0

log = structlog.get_logger(__name__)


class Rest:
    """Adds to an application what it does not have yet, once."""

    def __init__(self, app: FastAPI, first: Sequence[APIRouter], settled: Callable[[], None]) -> None:
        """Adds `first` at once; `settled` is called when `add_soon` has added all the others."""
        self._app = app
        self._first = tuple(first)
        self._settled = settled
        there = len(app.router.routes)
        for router in first:
            app.include_router(router)
        self._served = tuple(app.router.routes[there:])
        self._lock = threading.Lock()
        self.complete = False

    def add(self) -> None:
        """Imports and adds the rest; may be called from any thread, and again."""
        with self._lock:
            if self.complete:
                return
            from bot.web.routers import ROUTERS, SOCKETS

            for router in (*ROUTERS, *SOCKETS):
                if not any(router is one for one in self._first):
                    self._app.include_router(router)
            self.complete = True

    async def add_soon(self) -> None:
        """Adds the rest a moment after the start. A failure is logged, and told to whoever asks for a part of it."""
        await anyio.sleep(SOON)
        try:
            await to_thread.run_sync(self._settle)
        except Exception:
            log.exception("not all could be prepared")

    def _settle(self) -> None:
        self.add()
        self._app.state.pages.prepare()
        self._settled()

    def lacks(self, scope: Scope) -> bool:
        """Whether a request is for something that may not be there yet."""
        if self.complete or scope["type"] == "lifespan":
            return False
        return not any(route.matches(scope)[0] is Match.FULL for route in self._served)


class Later:
    """Innermost middleware: a request for what is not there yet waits until it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on."""
        rest: Rest = scope["app"].state.rest
        if rest.lacks(scope):
            await to_thread.run_sync(rest.add)
        await self._app(scope, receive, send)
