"""A language in, the public articles that its readers find by category out; what it lacks comes in the default one."""

from dataclasses import dataclass

from fastapi import Request

from bot.web.services import services_of


@dataclass(frozen=True, slots=True)
class Listed:
    """One article of a list."""

    id: str
    title: str
    locale: str
    """Of its text; may differ from that of the page."""
    url: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """The articles of one category."""

    path: str
    """The part of their ids before the last slash; empty for articles without."""
    articles: tuple[Listed, ...]
    """By title."""

    @property
    def name(self) -> str:
        """Words for it; empty for articles without a category."""
        return named(self.path)


def named(path: str) -> str:
    """Words for a category, made of its folder: `billing/how-to_pay` -> `Billing › How to pay`."""
    parts = (" ".join(part.replace("-", " ").replace("_", " ").split()) for part in path.split("/"))
    return " › ".join(part[:1].upper() + part[1:] for part in parts if part)


def shelves(request: Request, locale: str) -> tuple[Shelf, ...]:
    """Categories by their names, of all articles that a reader of the language can open."""
    services = services_of(request)
    found: dict[str, tuple[str, str, str]] = {}
    for tried in dict.fromkeys((locale, services.settings.default_locale)):
        for article_id, title, category in services.articles.listing(tried):
            found.setdefault(article_id, (title, category, tried))
    grouped: dict[str, list[Listed]] = {}
    for article_id, (title, category, of) in found.items():
        listed = Listed(article_id, title, of, article_url(locale, article_id))
        grouped.setdefault(category, []).append(listed)
    made = [Shelf(path, tuple(sorted(some, key=_by_title))) for path, some in grouped.items()]
    return tuple(sorted(made, key=lambda shelf: (not shelf.path, shelf.name.casefold(), shelf.path)))


def article_url(locale: str, article_id: str) -> str:
    """Address of the built-in page of an article."""
    return f"/help/{locale}/{article_id}"


def _by_title(listed: Listed) -> tuple[str, str]:
    return listed.title.casefold(), listed.id
