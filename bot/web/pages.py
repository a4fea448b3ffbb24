"""Templates and interface texts in, whole HTML pages out, each with an ETag."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.dialogue.language_names import own_name, primary
from bot.web.assets import Assets
from bot.web.category_icons import drawing
from bot.web.services import services_of

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = Path(__file__).parent

#: Languages written from right to left, by primary subtag (from Unicode CLDR).
RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "ug", "ur", "yi"})
#: What readers are told of an error, by its status.
_TOLD: Final[Mapping[int, str]] = {403: "form", 404: "missing", 405: "address", 410: "missing", 429: "busy"}


def direction(locale: str) -> str:
    """`rtl` or `ltr`, as HTML's `dir` says it."""
    return "rtl" if primary(locale) in RIGHT_TO_LEFT else "ltr"


def told_date(at: dt.date, words: Mapping[str, str]) -> str:
    """A day as people write it in a language, such as `20 November 2026`."""
    month = words["months"].split()[at.month - 1]
    return words["date"].format(day=at.day, month=month, year=at.year)


class Pages:
    """Renders every page, escaped, with the reader's words, or English ones where they are missing."""

    def __init__(self, assets: Assets) -> None:
        self.assets = assets

    @cached_property
    def _texts(self) -> Mapping[str, Mapping[str, str]]:
        return {
            path.stem: json.loads(path.read_text("utf-8")) for path in (FOLDER / "locales").glob("*.json")
        }

    @cached_property
    def _environment(self) -> "Environment":
        # Imported when the first page is drawn: a start needs none of it.
        from jinja2 import Environment, FileSystemLoader, StrictUndefined

        environment = Environment(
            loader=FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            auto_reload=False,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.globals["asset"] = self.assets.url
        environment.globals["direction_of"] = direction
        environment.globals["drawing_of"] = drawing
        environment.globals["language_name"] = self.language_name
        environment.filters["day"] = told_date
        return environment

    def prepare(self) -> None:
        """Reads what every page is made of now, so that the first one does not wait for it."""
        _ = self._texts, self._environment
        self.assets.prepare()

    def texts(self, locale: str) -> Mapping[str, str]:
        """Interface texts by name."""
        return {**self._texts["en"], **self._texts.get(primary(locale), {})}

    def language_name(self, locale: str) -> str:
        """A language in its own words, or its code where we do not know them."""
        known = self._texts.get(primary(locale), {}).get("language")
        return known or own_name(locale)

    def render(
        self, request: Request, template: str, locale: str, *, status: int = 200, **values: Any
    ) -> Response:
        """A page, or 304. Browsers ask again each time, because what was withdrawn must vanish."""
        settings = services_of(request).settings
        content = self._environment.get_template(template).render(
            t=self.texts(locale),
            locale=locale,
            direction=direction(locale),
            site_name=settings.site_name,
            public_url=settings.public_url.rstrip("/"),
            contact_email=settings.contact_email,
            **values,
        )
        etag = f'"{hashlib.blake2b(content.encode(), digest_size=12).hexdigest()}"'
        headers = {"etag": etag, "cache-control": "no-cache", "content-language": locale}
        if status == 200 and etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return HTMLResponse(content, status, headers)

    def error(self, request: Request, status: int, title: str, detail: str) -> Response:
        """An error as a page with the way back to the help centre."""
        locale = services_of(request).settings.default_locale
        return self.render(
            request, "error.html", locale, status=status, title=title, detail=detail, find=False
        )

    def reader_error(self, request: Request, status: int, locale: str) -> Response:
        """An error of the help centre in the words and the language of its readers."""
        words = self.texts(locale)
        kind = _TOLD.get(status, "failed" if status >= 500 else "address")
        if request.method == "POST" and 400 <= status < 429:
            kind = "form"
        title, detail = words[f"error_{kind}_title"], words[f"error_{kind}"]
        values = {"title": title, "detail": detail, "find": kind == "missing"}
        return self.render(request, "error.html", locale, status=status, **values)


def pages_of(request: Request) -> Pages:
    """The pages of the application that handles a request."""
    pages: Pages = request.app.state.pages
    return pages
