"""The front page: the sample shop with the chat in its corner, or the way to the help centre."""

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from bot.web.pages import pages_of
from bot.web.services import services_of

router = APIRouter(include_in_schema=False)


@router.get("/")
def front(request: Request) -> Response:
    """A small shop as a customer would meet it; a real installation has its own and turns this one off."""
    settings = services_of(request).settings
    if not settings.demo:
        return RedirectResponse("/help", 307)
    return pages_of(request).render(request, "shop.html", "en")


@router.get("/widget.js")
async def widget(request: Request) -> Response:
    """The chat for any page: `<script src=".../widget.js" data-tierzero async></script>`."""
    return pages_of(request).assets.response("widget.js", request, shared=True)


@router.get("/widget/extras.js")
async def extras(request: Request) -> Response:
    """What the chat loads once something of it is used: files, offers of help, walkthroughs."""
    return pages_of(request).assets.response("extras.js", request, shared=True)


@router.get("/widget/{language}.json")
async def words(request: Request, language: str) -> Response:
    """The chat's interface texts in one language; it asks for the one that it needs."""
    return pages_of(request).assets.response(f"languages/{language}.json", request, shared=True)


@router.get("/static/{name:path}")
async def static(request: Request, name: str) -> Response:
    """The pages' own styles, scripts and drawings."""
    return pages_of(request).assets.response(name, request)


@router.get("/favicon.ico")
async def icon(request: Request) -> Response:
    """Browsers ask for it unasked."""
    return pages_of(request).assets.response("icon.svg", request)
