"""“Was this helpful?” over HTTP: the form below an article, sent to the article's own address; works without script."""

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from bot.errors import BadRequest, NotFound
from bot.help_centre.votes import REMEMBERED, Visitor, Why
from bot.web.addresses import article_url
from bot.web.ballot import COOKIE, SAID, is_token
from bot.web.desk.access import refuse_foreign
from bot.web.desk.forms import fields_of
from bot.web.help import NO_ARTICLE, article_of
from bot.web.limits import bucket_key
from bot.web.origins import is_encrypted
from bot.web.schemas import clean_text
from bot.web.services import services_of
from kb.article import ArticleKey

router = APIRouter(prefix="/help", include_in_schema=False)


@router.post("/{locale}/{article_id:path}")
async def vote(request: Request, locale: str, article_id: str) -> Response:
    """Keeps a vote and leads back to the article. The first cookie is set here, for this article alone."""
    refuse_foreign(request)
    fields = await fields_of(request)
    helpful, token = SAID.get(fields.get("helpful", "")), fields.get("token", "")
    key = ArticleKey(article_id.strip("/"), locale)
    if helpful is None:
        raise BadRequest("Say yes or no.")
    if not is_token(token):
        raise NotFound(NO_ARTICLE)
    why = fields.get("why", "")
    visitor = Visitor(
        bucket_key(request.client and (request.client.host, request.client.port)),
        request.headers.get("user-agent", "")[:300],
        request.cookies.get(COOKIE, "")[:4000],
    )

    def keep() -> str:
        # What was read may be the text in the default language.
        read = ArticleKey(key.id, article_of(request, key).locale)
        voted = services_of(request).votes.vote(
            *(read, token, visitor),
            helpful=helpful,
            why=Why(why) if why in list(Why) else None,
            comment=clean_text(fields.get("comment", "")),
        )
        return voted.remember

    remember = await to_thread.run_sync(keep)
    address = article_url(key.locale, key.id)
    shown = "yes" if helpful else "told" if "told" in fields else "no"
    response = RedirectResponse(f"{address}?voted={shown}#helpful", 303, {"cache-control": "no-store"})
    response.set_cookie(
        COOKIE,
        remember,
        max_age=int(REMEMBERED.total_seconds()),
        path=response.headers["location"].partition("?")[0],
        httponly=True,
        samesite="lax",
        secure=is_encrypted(request),
    )
    return response
