"""The help centre's home and its categories as pages: lists of articles, cut where they grow long."""

from collections.abc import Sequence
from typing import Final

from fastapi import Request, Response

from bot.help_centre.shelves import Category, Listed, below, trail
from bot.web import languages
from bot.web.pages import pages_of
from bot.web.services import services_of

#: Articles of a category shown on the home page; one more than that is shown instead of a link to one more.
SHOWN_AT_HOME: Final = 6
#: Categories up to which the home page shows articles too.
MOST_WITH_ARTICLES: Final = 40
#: Articles of one page of a category.
MOST_ON_A_PAGE: Final = 100


def home(request: Request, locale: str) -> Response:
    """Every category with its first articles."""
    pages, found = pages_of(request), services_of(request).articles.categories(locale)
    return pages.render(
        request,
        "help_list.html",
        locale,
        shelves=found,
        popular=services_of(request).popular.of(found),
        shown=SHOWN_AT_HOME if len(found) <= MOST_WITH_ARTICLES else 0,
        elsewhere=_elsewhere(found, locale),
        default_language=pages.language_name(services_of(request).settings.default_locale),
        other_locales=languages.switch(request, pages, locale, lambda other: f"/help/{other}"),
    )


def page(request: Request, locale: str, path: str) -> Response | None:
    """A category with what is in it, a page of it at a time (`?page=`); None where there is none."""
    if locale not in languages.readable(services_of(request).settings):
        return None
    known = services_of(request).articles.categories(locale)
    found = below(known, path)
    asked = request.query_params.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    total = sum(len(shelf.articles) for shelf in found)
    count = -(-total // MOST_ON_A_PAGE)
    if not 1 <= number <= count:
        return None
    steps = trail(known, f"{path}/")
    pages = pages_of(request)
    return pages.render(
        request,
        "help_category.html",
        locale,
        name=steps[-1][1] if steps else path,
        trail=steps[:-1],
        groups=_cut(found, (number - 1) * MOST_ON_A_PAGE),
        path=path,
        total=total,
        number=number,
        count=count,
        elsewhere=_elsewhere(found, locale),
        default_language=pages.language_name(services_of(request).settings.default_locale),
        other_locales=languages.switch(request, pages, locale, lambda other: f"/help/{other}/{path}"),
    )


def trail_of(request: Request, locale: str, article_id: str) -> tuple[tuple[str, str], ...]:
    """(path, name) of the categories that an article is in, the outermost first."""
    return trail(services_of(request).articles.categories(locale), article_id) if "/" in article_id else ()


def _cut(found: Sequence[Category], first: int) -> list[tuple[Category, tuple[Listed, ...]]]:
    """Each category with those of its articles that stand on a page that begins with the article number `first`."""
    groups: list[tuple[Category, tuple[Listed, ...]]] = []
    before = 0
    for shelf in found:
        shown = shelf.articles[max(0, first - before) : max(0, first + MOST_ON_A_PAGE - before)]
        before += len(shelf.articles)
        if shown:
            groups.append((shelf, shown))
    return groups


def _elsewhere(found: Sequence[Category], locale: str) -> str:
    """`some` or `none` of the articles are in the reader's language; empty where all are."""
    written = {one.locale for shelf in found for one in shelf.articles}
    if written <= {locale}:
        return ""
    return "some" if locale in written else "none"
