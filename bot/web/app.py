"""Services in, the web application out: routers, limits and error handling put together in one place."""

import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import anyio
from anyio import to_thread
from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.telemetry import TelemetryConfig

from bot.web import chat, health
from bot.web.assets import Assets
from bot.web.counting import Metered
from bot.web.desk.access import sign_in_path
from bot.web.envelope import Envelope
from bot.web.head import Head
from bot.web.later import Later, Rest
from bot.web.limits import (
    FILE_COSTS,
    LOOK_UPS,
    MAILS_AT_ONCE,
    MAILS_PER_MINUTE,
    BodyLimit,
    Buckets,
    RateLimit,
)
from bot.web.live.hub import Hub
from bot.web.origins import Origins
from bot.web.pages import Pages
from bot.web.problems import Failures, install
from bot.web.services import Services

DESCRIPTION = (
    "Answers customers with verbatim quotes of the help centre, each with its source, "
    "and hands everything else to a person. Errors are problem details (RFC 9457)."
)

#: What a first message and a supervisor need; all routers are in `bot.web.routers`.
FIRST = (chat.router, health.router)


class Application(FastAPI):
    """Knows all that it answers whenever it is asked for that."""

    def openapi(self) -> dict[str, Any]:
        """The description of every route."""
        rest: Rest = self.state.rest
        rest.add()
        return super().openapi()


def create_app(
    services_factory: Callable[[], Services], settled: Callable[[], None] = lambda: None
) -> FastAPI:
    """The application. Services open when it starts and close when it stops, in this process alone.

    `settled` is called once when all of it is in memory, some time after it began to serve.
    """

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        services = await to_thread.run_sync(services_factory)
        app.state.services = services
        app.state.live = hub = Hub(services)
        rate, burst = services.settings.rate_per_minute, services.settings.rate_burst
        app.state.mail_buckets = Buckets(MAILS_PER_MINUTE, MAILS_AT_ONCE)
        app.state.buckets = Buckets(rate, burst)
        app.state.uploads = Buckets(rate / FILE_COSTS, burst)
        app.state.look_ups = Buckets(LOOK_UPS * rate, LOOK_UPS * burst)
        try:
            # What still works in a thread is waited for before anything is closed.
            async with anyio.create_task_group() as group:
                group.start_soon(hub.run)
                group.start_soon(app.state.rest.add_soon)
                yield
                group.cancel_scope.cancel()
        finally:
            await to_thread.run_sync(services.close)

    app = Application(
        title="tierzero",
        summary="Tier 0 of a support team",
        description=DESCRIPTION,
        version="0.1.0",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        # Spans and logs would carry customers' words elsewhere; nothing leaves this machine unasked.
        telemetry=TelemetryConfig(
            tracing=False, metrics=False, logs=False, operation_spans=False, auto_configure=False
        ),
        middleware=[
            Middleware(Envelope),
            Middleware(Metered),
            Middleware(Head),
            Middleware(Origins),
            Middleware(RateLimit),
            Middleware(BodyLimit),
            Middleware(Failures),
            Middleware(Later),
        ],
    )
    app.state.pages = Pages(Assets())
    install(app, app.state.pages, sign_in_path)
    app.state.rest = Rest(app, FIRST, settled)
    return app
