"""Addresses of our own pages."""

from starlette.requests import Request

from bot.web.services import services_of


def article_url(locale: str, article_id: str) -> str:
    """Address of the built-in page of an article or a category, for readers of a language."""
    return f"/help/{locale}/{article_id}"


def base_url(request: Request) -> str:
    """Address that ours begin with: the one that is set, else the one that was asked for; without a slash."""
    return services_of(request).settings.public_url.rstrip("/") or str(request.base_url).rstrip("/")
