"""Services in, the web application out: routers, limits and error handling put together in one place."""

import contextlib
from collections.abc import AsyncIterator, Callable

import anyio
from anyio import to_thread
from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.telemetry import TelemetryConfig

from bot.web import (
    agent,
    article_votes,
    chat,
    contact,
    demo,
    discovery,
    files,
    health,
    help_search,
    metrics,
    own_requests,
    reference,
    surveys,
    ticket_api,
    topics,
    transcript,
    visits,
)
from bot.web import help as help_centre
from bot.web.assets import Assets
from bot.web.desk import (
    account,
    board,
    confidence,
    drafts,
    live,
    macros,
    outgoing,
    people,
    quality,
    sign_in,
    team,
    tickets,
    triggers,
    views,
    work,
)
from bot.web.desk import files as desk_files
from bot.web.desk.access import sign_in_path
from bot.web.envelope import Envelope
from bot.web.head import Head
from bot.web.insights import articles, evidence, experiments, form, gaps, overview, volume
from bot.web.limits import FILE_COSTS, LOOK_UPS, BodyLimit, Buckets, RateLimit
from bot.web.live import customer as live_customer
from bot.web.live import staff as live_staff
from bot.web.live.hub import Hub
from bot.web.metrics import Metered
from bot.web.origins import Origins
from bot.web.pages import Pages
from bot.web.problems import Failures, install
from bot.web.services import Services

DESCRIPTION = (
    "Answers customers with verbatim quotes of the help centre, each with its source, "
    "and hands everything else to a person. Errors are problem details (RFC 9457)."
)


#: Everything that answers, for customers first, then for staff.
ROUTERS = (
    topics.router,
    chat.router,
    visits.router,
    transcript.router,
    agent.router,
    ticket_api.router,
    files.router,
    health.router,
    help_search.router,
    contact.router,
    own_requests.router,
    discovery.router,
    help_centre.router,
    article_votes.router,
    reference.router,
    demo.router,
    surveys.router,
    sign_in.router,
    account.router,
    confidence.router,
    team.router,
    tickets.router,
    views.router,
    board.router,
    people.router,
    desk_files.router,
    live.router,
    work.router,
    quality.router,
    metrics.router,
    evidence.router,
    volume.router,
    overview.router,
    gaps.router,
    experiments.router,
    triggers.router,
    articles.router,
    form.router,
    drafts.router,
    macros.router,
    outgoing.router,
)

#: Everything that stays open: who may open one is decided in it, since browsers guard sockets by no rule of theirs.
SOCKETS = (live_customer.router, live_staff.router)


def create_app(services_factory: Callable[[], Services]) -> FastAPI:
    """The application. Services open when it starts and close when it stops, in this process alone."""

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        services = await to_thread.run_sync(services_factory)
        app.state.services = services
        app.state.live = hub = Hub(services)
        rate, burst = services.settings.rate_per_minute, services.settings.rate_burst
        app.state.mail_buckets = transcript.mail_buckets()
        app.state.buckets = Buckets(rate, burst)
        app.state.uploads = Buckets(rate / FILE_COSTS, burst)
        app.state.look_ups = Buckets(LOOK_UPS * rate, LOOK_UPS * burst)
        try:
            # What still works in a thread is waited for before anything is closed.
            async with anyio.create_task_group() as group:
                group.start_soon(hub.run)
                yield
                group.cancel_scope.cancel()
        finally:
            await to_thread.run_sync(services.close)

    app = FastAPI(
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
        ],
    )
    app.state.pages = Pages(Assets())
    install(app, app.state.pages, sign_in_path)
    for router in (*ROUTERS, *SOCKETS):
        app.include_router(router)
    return app
