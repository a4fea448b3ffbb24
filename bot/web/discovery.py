"""What machines read of the help centre: `sitemap.xml`, `robots.txt` and feeds of changes. Public articles alone."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from urllib.parse import quote as url_quote
from xml.sax.saxutils import escape, quoteattr

from fastapi import APIRouter, Request, Response

from bot.errors import NotFound
from bot.help_centre.articles import Change
from bot.web import languages
from bot.web.addresses import base_url
from bot.web.help import NO_ARTICLE
from bot.web.pages import pages_of
from bot.web.services import services_of

router = APIRouter(include_in_schema=False)

#: Addresses that one sitemap may have (sitemaps.org).
MOST_ADDRESSES = 50_000
#: Articles in a feed.
MOST_CHANGES = 50

#: A page's address, and when it changed last.
_Page = tuple[str, dt.datetime]

_HEADERS = {"cache-control": "no-cache"}


@router.get("/robots.txt")
def robots(request: Request) -> Response:
    """Where crawlers find the sitemap; what is for staff is no business of theirs."""
    lines = [
        "User-agent: *",
        "Disallow: /desk",
        "Disallow: /help/search",
        "Disallow: /help/contact",
        "Disallow: /help/requests",
        f"Sitemap: {base_url(request)}/sitemap.xml",
    ]
    return Response("\n".join(lines) + "\n", 200, _HEADERS, "text/plain; charset=utf-8")


@router.get("/sitemap.xml")
def sitemap(request: Request) -> Response:
    """The home of each language that has articles, its categories and its articles, with their other languages."""
    base, readable = base_url(request), languages.readable(services_of(request).settings)
    changes = services_of(request).articles.changes("", MOST_ADDRESSES)
    articles: defaultdict[str, dict[str, _Page]] = defaultdict(dict)
    lists: defaultdict[str, dict[str, _Page]] = defaultdict(dict)
    for one in changes:
        language = one.key.locale
        articles[one.key.id][language] = (_absolute(base, one), one.at)
        for path in _lists(one.key.id) if language in readable else ():
            # The last changed comes first.
            lists[path].setdefault(language, (f"{base}/help/{language}{url_quote(path)}", one.at))
    # An article goes before a category of the same address.
    shown = [lists[path] for path in sorted(lists) if path[1:] not in articles]
    entries = [_entry(page, each) for each in (*shown, *articles.values()) for page in each.values()]
    document = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
        + "".join(entries[:MOST_ADDRESSES])
        + "</urlset>\n"
    )
    return Response(document, 200, _HEADERS, "application/xml; charset=utf-8")


@router.get("/help/feed/{locale}.atom")
def feed(request: Request, locale: str) -> Response:
    """What changed in the articles of a language, newest first (RFC 4287)."""
    settings = services_of(request).settings
    if locale not in languages.readable(settings):
        raise NotFound(NO_ARTICLE)
    base, texts = base_url(request), pages_of(request).texts(locale)
    changes = services_of(request).articles.changes(locale, MOST_CHANGES)
    own = f"{base}/help/feed/{locale}.atom"
    updated = changes[0].at if changes else dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    entries = [
        f"<entry><id>{escape(_absolute(base, one))}</id><title>{escape(one.title)}</title>"
        f"<updated>{one.at.isoformat()}</updated><link href={quoteattr(_absolute(base, one))}/>"
        f"<summary>{escape(services_of(request).articles.beginning(one.key))}</summary></entry>\n"
        for one in changes
    ]
    document = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(locale)}>\n'
        f"<id>{escape(own)}</id><title>{escape(texts['help_centre'])} · {escape(settings.site_name)}</title>"
        f"<author><name>{escape(settings.site_name)}</name></author><updated>{updated.isoformat()}</updated>"
        f'<link rel="self" href={quoteattr(own)}/><link href={quoteattr(f"{base}/help/{locale}")}/>\n'
        + "".join(entries)
        + "</feed>\n"
    )
    return Response(document, 200, _HEADERS, "application/atom+xml; charset=utf-8")


def _lists(article_id: str) -> list[str]:
    """What an article is listed on, below the address of its language: the home, and each category that it is in."""
    folders = article_id.split("/")[:-1]
    return ["", *(f"/{'/'.join(folders[: count + 1])}" for count in range(len(folders)))]


def _entry(page: _Page, languages: Mapping[str, _Page]) -> str:
    """One page, and its addresses by language."""
    address, at = page
    alternates = "".join(
        f'<xhtml:link rel="alternate" hreflang={quoteattr(language)} href={quoteattr(other)}/>'
        for language, (other, _) in languages.items()
        if len(languages) > 1
    )
    return f"<url><loc>{escape(address)}</loc><lastmod>{at.date().isoformat()}</lastmod>{alternates}</url>\n"


def _absolute(base: str, one: Change) -> str:
    return f"{base}{one.address}" if one.address.startswith("/") else one.address
