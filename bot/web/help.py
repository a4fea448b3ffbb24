"""The help centre: the list of public articles, and each article with the cited passage marked."""

import contextlib
import re
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import RedirectResponse

from bot.errors import BotError, NotFound
from bot.web import category, languages
from bot.web.addresses import article_url, base_url
from bot.web.ballot import ballot
from bot.web.outline import outline
from bot.web.pages import pages_of
from bot.web.ports import ArticlePage
from bot.web.prose import dressed
from bot.web.services import services_of
from bot.web.structured import article_data, breadcrumb_data, plain
from index.errors import SearchError
from kb.article import ArticleKey

router = APIRouter(prefix="/help", include_in_schema=False)

_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_ARTICLE_ID = re.compile(r"[^\x00-\x1f\x7f\\]{1,300}")

#: Characters of a description that search engines show.
_DESCRIPTION = 160
_DIGEST = re.compile(r"[0-9a-f]{64}")

#: A drawing (SVG) that is opened by itself is a document: it may run nothing and load nothing.
IMAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

NO_ARTICLE = "There is no such article here. It may have been moved or withdrawn."
#: Signs of the longest address below /help that is led on from one with a slash after it.
_LONGEST_LED_ON = 500


@router.get("")
@router.get("/")
def choose_language(request: Request) -> Response:
    """Leads to the help centre in the first language of the reader's that we have."""
    headers = {"vary": "Accept-Language", "cache-control": "no-cache"}
    return RedirectResponse(f"/help/{languages.accepted(request)}", 307, headers)


@router.get("/{path:path}/")
def without_slashes(request: Request, path: str) -> Response:
    """Leads `/help/en/` to `/help/en`: somebody adds a slash by hand, or another site's link has one."""
    if len(path) > _LONGEST_LED_ON:
        raise NotFound(NO_ARTICLE)
    query = f"?{request.url.query}" if request.url.query else ""
    # Below /help whatever is asked for, so that no path (`//elsewhere`, say) leads to another site.
    return RedirectResponse(f"/help/{quote(path.strip('/'))}".rstrip("/") + query, 308)


@router.get("/images/{digest}")
def image(request: Request, digest: str) -> Response:
    """A picture of an article, by the digest of its bytes, so that browsers need to ask once."""
    if not _DIGEST.fullmatch(digest):
        raise NotFound(NO_ARTICLE)
    etag = f'"{digest[:24]}"'
    found = services_of(request).articles.image(digest)
    headers = {
        "etag": etag,
        "cache-control": "public, max-age=86400",
        "content-security-policy": IMAGE_POLICY,
    }
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(found.content, 200, headers, found.media_type)


@router.get("/{locale}")
def listing(request: Request, locale: str) -> Response:
    """All public articles of a language by category; what it lacks in the default one."""
    if locale not in languages.readable(services_of(request).settings):
        raise NotFound(NO_ARTICLE)
    return category.home(request, locale)


@router.get("/{locale}/{article_id:path}")
def article(
    request: Request,
    locale: str,
    article_id: str,
    revision: Annotated[str, Query(pattern=r"^[0-9A-Za-z]{0,64}$")] = "",
    start: Annotated[int | None, Query(ge=0, lt=10**9)] = None,
    end: Annotated[int | None, Query(ge=0, lt=10**9)] = None,
) -> Response:
    """One article; `revision` shows an older text, `start` and `end` mark the passage an answer quoted."""
    asked = ArticleKey(article_id.strip("/"), locale)
    mark = (start, end) if start is not None and end is not None and start < end else None
    try:
        page = article_of(request, asked, revision, mark)
    except NotFound:
        if revision or (found := category.page(request, locale, asked.id)) is None:
            raise
        return found
    key = ArticleKey(asked.id, page.locale)
    pages = pages_of(request)
    words = pages.texts(locale)
    body, headings = outline(dressed(page.html, words), words)
    settings = services_of(request).settings
    address = article_url(key.locale, key.id)
    trail = category.trail_of(request, locale, key.id)
    response = pages.render(
        request,
        "help_article.html",
        locale,
        page=page,
        body=body,
        headings=headings,
        current_url=article_url(locale, key.id),
        canonical=address,
        alternates=_alternates(request, page, address),
        description=described(page.html),
        structured=article_data(page, settings.site_name, f"{base_url(request)}{address}"),
        related=_related(request, key, locale),
        trail=trail,
        breadcrumbs=breadcrumb_data(trail, page.title, f"{base_url(request)}/help/{locale}"),
        ballot=ballot(request, key, page.revision) if page.is_current else None,
        text_language=pages.language_name(page.locale),
        other_locales=_languages(request, page, locale, key.id),
    )
    # What a reader has said of the article stands on the page.
    response.headers["vary"] = "Cookie"
    return response


def article_of(
    request: Request, key: ArticleKey, revision: str = "", mark: tuple[int, int] | None = None
) -> ArticlePage:
    """The page of a public article, in the default language where its own lacks it. Raises `NotFound`."""
    if not _ARTICLE_ID.fullmatch(key.id) or any(step in ("", ".", "..") for step in key.id.split("/")):
        raise NotFound(NO_ARTICLE)
    if not _LOCALE.fullmatch(key.locale):
        raise NotFound(NO_ARTICLE)
    settings, articles = services_of(request).settings, services_of(request).articles
    tried = [key.locale]
    # A revision and a passage are of one text in one language.
    if not revision and key.locale in languages.readable(settings) and key.locale != settings.default_locale:
        tried.append(settings.default_locale)
    for locale in tried:
        with contextlib.suppress(NotFound):
            shown = mark if locale == key.locale else None
            return articles.page(key.id, locale, revision, shown, reader=key.locale)
    # One sentence for all: why an article is not here could tell that it exists for agents.
    raise NotFound(NO_ARTICLE)


def _alternates(request: Request, page: ArticlePage, address: str) -> list[tuple[str, str]]:
    """(language, address) of the article in every language, its own among them, and the one for all others.

    Whole addresses where the service knows its own.
    """
    settings = services_of(request).settings
    base, default = settings.public_url.rstrip("/"), settings.default_locale
    known = {page.locale: address, **dict(page.other_locales)}
    if len(known) == 1:
        return []
    whole = {code: f"{base}{one}" if one.startswith("/") else one for code, one in sorted(known.items())}
    return [*whole.items(), *([("x-default", whole[default])] if default in whole else [])]


def _languages(
    request: Request, page: ArticlePage, locale: str, article_id: str
) -> list[tuple[str, str, str]]:
    """(code, own name, address) of every other language: of the text where it is written in it, else of the page."""
    pages, settings = pages_of(request), services_of(request).settings
    texts = dict(page.other_locales)
    offered = languages.switch(request, pages, locale, lambda other: article_url(other, article_id))
    if settings.default_locale not in texts and page.locale != settings.default_locale:
        # Without a text in the default language there is nothing to fall back on.
        offered = [one for one in offered if one[0] in texts or one[0] == page.locale]
    more = [(one, pages.language_name(one), url) for one, url in texts.items()]
    known = {code for code, _, _ in offered} | {locale}
    return [*offered, *(one for one in more if one[0] not in known)]


def _related(request: Request, key: ArticleKey, locale: str) -> list[tuple[str, str]]:
    """(address, title) of articles to read on; none where there is no index, since an article must open without."""
    try:
        found = services_of(request).help_search.related(key)
    except (BotError, SearchError):
        return []
    return [(article_url(locale, other.id), title) for other, title in found]


def described(body: str) -> str:
    """The first words of an article, for lists of results elsewhere."""
    words = plain(body)
    return words if len(words) <= _DESCRIPTION else f"{words[:_DESCRIPTION].rsplit(' ', 1)[0]} …"
