"""What a page's `data-tierzero-topic` names: title, address and steps of an article, in the reader's language."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import JSONResponse

from bot.dialogue.language_names import primary
from bot.errors import NotFound
from bot.web import languages
from bot.web.addresses import article_url
from bot.web.help import NO_ARTICLE
from bot.web.services import services_of

router = APIRouter(include_in_schema=False)


@router.get("/chat/topic")
def topic(
    request: Request,
    article: Annotated[str, Query(max_length=300)],
    locale: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """The public article of this id, in the default language where the reader's has none; 404 for anything else."""
    settings, articles = services_of(request).settings, services_of(request).articles
    wanted = [one for one in languages.readable(settings) if primary(one) == primary(locale)]
    for tried in dict.fromkeys([*wanted, settings.default_locale]):
        try:
            page = articles.page(article, tried)
        except NotFound:
            continue
        steps = [{"text": one.text, "at": one.at} for one in articles.steps(article, tried)]
        # Where the reader's language lacks it, the help centre shows it to them in the default one.
        shown = article_url((wanted or [page.locale])[0], article)
        body = {"title": page.title, "url": shown, "steps": steps}
        return JSONResponse(body, headers={"cache-control": "no-store"})
    raise NotFound(NO_ARTICLE)
