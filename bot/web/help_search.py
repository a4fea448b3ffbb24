"""The help centre's search: a page that needs no script, and the same as JSON for results while somebody types."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import JSONResponse

from bot.dialogue.reply import Citation
from bot.help_search import FoundArticle, Searched
from bot.web.help import article_url
from bot.web.pages import pages_of
from bot.web.schemas import clean_text
from bot.web.services import services_of

router = APIRouter(prefix="/help", include_in_schema=False)

#: Articles shown below the field while somebody types.
MOST_SUGGESTED = 6

Words = Annotated[str, Query(max_length=300)]
Name = Annotated[str, Query(max_length=100)]


@router.get("/search")
def search(
    request: Request, q: Words = "", locale: Name = "", tag: Name = "", product: Name = ""
) -> Response:
    """The answer on top where there is one, then articles; what it is narrowed by stays in the address."""
    services = services_of(request)
    text, tag, product = (clean_text(value).strip() for value in (q, tag, product))
    locale = locale if locale in services.settings.locales else services.settings.default_locale
    found = services.help_search.search(text, locale, tag=tag, product=product) if text else None
    return pages_of(request).render(
        request,
        "help_search.html",
        locale,
        q=text,
        tag=tag,
        product=product,
        found=found,
        results=[shown(one) for one in found.articles] if found else [],
        narrowing=services.help_search.narrowing(locale),
    )


@router.get("/search.json")
def suggest(request: Request, q: Words = "", locale: Name = "") -> Response:
    """A few articles, and the answer, for the words typed so far."""
    services = services_of(request)
    text = clean_text(q).strip()
    locale = locale if locale in services.settings.locales else services.settings.default_locale
    found = services.help_search.search(text, locale) if text else Searched((), None, "")
    return JSONResponse(found_json(found, MOST_SUGGESTED), headers={"cache-control": "no-store"})


def found_json(found: Searched, most: int) -> dict[str, Any]:
    """The answer and a few articles, for scripts of our pages."""
    return {
        "answer": _answer(found.answer),
        "articles": [
            {"title": one.title, "heading": one.heading, "url": shown(one)["url"]}
            for one in found.articles[:most]
        ],
        "read": found.read,
    }


def shown(one: FoundArticle) -> dict[str, Any]:
    """One result as templates show it."""
    address = article_url(one.key.locale, one.key.id)
    return {
        "title": one.title,
        "heading": one.heading,
        "snippet": one.snippet,
        "url": f"{address}#{one.anchor}" if one.anchor else address,
        "locale": one.key.locale,
    }


def _answer(citation: Citation | None) -> dict[str, str] | None:
    if citation is None:
        return None
    return {"text": citation.text, "title": citation.title, "url": citation.url}
