"""The help centre's search: a page that needs no script, and the same as JSON for results while somebody types."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import JSONResponse

from bot.dialogue.reply import Citation
from bot.help_centre.search import FoundArticle, Searched
from bot.web import languages
from bot.web.addresses import article_url
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
    request: Request,
    q: Words = "",
    locale: Name = "",
    tag: Name = "",
    product: Name = "",
    exact: bool = False,
) -> Response:
    """The answer on top where there is one, then articles; what it is narrowed by stays in the address.

    `exact` takes no word for a typo.
    """
    services = services_of(request)
    text, tag, product = (clean_text(value).strip() for value in (q, tag, product))
    locale, pages = languages.known(request, locale), pages_of(request)
    narrowed = {"tag": tag, "product": product}
    found = services.help_search.search(text, locale, **narrowed, as_written=exact) if text else None
    return pages.render(
        request,
        "help_search.html",
        locale,
        q=text,
        tag=tag,
        product=product,
        found=found,
        exactly=f"/help/search?{urlencode({'q': text, 'locale': locale, **narrowed, 'exact': 1})}",
        results=[shown(one, locale) for one in found.articles] if found else [],
        narrowing=services.help_search.narrowing(locale),
        other_locales=languages.switch(
            request, pages, locale, lambda other: f"/help/search?{urlencode({'q': text, 'locale': other})}"
        ),
    )


@router.get("/search.json")
def suggest(request: Request, q: Words = "", locale: Name = "") -> Response:
    """A few articles, and the answer, for the words typed so far."""
    services = services_of(request)
    text = clean_text(q).strip()
    locale = languages.known(request, locale)
    found = services.help_search.search(text, locale) if text else Searched((), None, "")
    return JSONResponse(found_json(found, MOST_SUGGESTED, locale), headers={"cache-control": "no-store"})


def found_json(found: Searched, most: int, locale: str) -> dict[str, Any]:
    """The answer and a few articles, for scripts of our pages in a language."""
    return {
        "answer": _answer(found.answer),
        "articles": [
            {
                "title": one.title,
                "heading": one.heading,
                "url": shown(one, locale)["url"],
                "locale": one.key.locale,
            }
            for one in found.articles[:most]
        ],
        "read": found.read,
    }


def shown(one: FoundArticle, locale: str) -> dict[str, Any]:
    """One result as templates show it; it opens in the reader's language, whatever that of its text is."""
    address = article_url(locale, one.key.id)
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
