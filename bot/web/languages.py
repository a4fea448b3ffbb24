"""Which language a reader of the help centre gets, and the way to every other one."""

from collections.abc import Callable
from typing import Final

from starlette.requests import Request

from bot.dialogue.language_names import primary
from bot.web.pages import Pages
from bot.web.ports import WebSettings
from bot.web.services import services_of

#: Characters of `Accept-Language` that are looked at.
_LONGEST_WISH: Final = 500


def readable(settings: WebSettings) -> tuple[str, ...]:
    """Languages with a help centre: those that can be chosen, and those that the chat cites."""
    return tuple(dict.fromkeys((*settings.help_locales, *settings.locales)))


def known(request: Request, wanted: str) -> str:
    """The language asked for, or the default one."""
    settings = services_of(request).settings
    return wanted if wanted in readable(settings) else settings.default_locale


def accepted(request: Request) -> str:
    """The first language of a browser's that can be chosen, or the default one."""
    settings = services_of(request).settings
    wish = request.headers.get("accept-language", "")[:_LONGEST_WISH]
    wanted = [primary(part.partition(";")[0].strip()) for part in wish.split(",")]
    ours = {primary(locale): locale for locale in reversed(settings.help_locales)}
    return next((ours[language] for language in wanted if language in ours), settings.default_locale)


def of_address(request: Request) -> str:
    """The language of an address of the help centre, else the browser's: for a page about what is not there."""
    settings = services_of(request).settings
    ours = readable(settings)
    for named in (request.url.path.split("/")[2:3], request.query_params.getlist("locale")):
        if named and named[0] in ours:
            return str(named[0])
    return accepted(request)


def switch(
    request: Request, pages: Pages, locale: str, address: Callable[[str], str]
) -> list[tuple[str, str, str]]:
    """(code, own name, address) of every other language that can be chosen."""
    settings = services_of(request).settings
    return [(one, pages.language_name(one), address(one)) for one in settings.help_locales if one != locale]
