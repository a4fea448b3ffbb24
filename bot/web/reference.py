"""The API reference at `/docs`: our own page over `/openapi.json`, without a third party's script."""

from fastapi import APIRouter, Request, Response

from bot.errors import BotError
from bot.web.pages import pages_of
from bot.web.problems import slug

router = APIRouter(include_in_schema=False)


@router.get("/docs")
def docs(request: Request) -> Response:
    """Every operation with examples, and every problem that `type` may point at."""
    problems = [
        (slug(error.__name__.removesuffix("Parts")), error.status, error.title, error.__doc__ or "")
        for error in sorted(_family(BotError), key=lambda error: (error.status, error.__name__))
    ]
    return pages_of(request).render(request, "docs.html", "en", problems=problems)


def _family(error: type[BotError]) -> set[type[BotError]]:
    return {error}.union(*(_family(child) for child in error.__subclasses__()))
