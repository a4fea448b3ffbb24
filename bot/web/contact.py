"""The help centre's contact form: fitting articles while somebody writes, or before it is sent where no script runs."""

from typing import Annotated, Any, Final

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response
from starlette.responses import JSONResponse

from bot.dialogue import contact
from bot.errors import NotFound
from bot.help_centre.search import Searched
from bot.web import languages
from bot.web.ballot import is_token
from bot.web.desk.access import refuse_foreign
from bot.web.desk.forms import fields_of
from bot.web.help_search import found_json, shown
from bot.web.live.hub import hub_of
from bot.web.pages import pages_of
from bot.web.schemas import clean_text
from bot.web.services import services_of

router = APIRouter(prefix="/help", include_in_schema=False)

#: RFC 5321, 4.5.3.1.3.
_LONGEST_ADDRESS: Final = 254
_LONGEST_NAME: Final = 100
_FIELDS: Final = ("name", "email", "message", "meant")
_PRIVATE: Final = {"cache-control": "no-store"}
_OUT_OF_DATE: Final = "This form is out of date. Open it again."


@router.get("/contact")
def form(request: Request, locale: Annotated[str, Query(max_length=100)] = "") -> Response:
    """The empty form."""
    return _page(request, _locale(request, locale), token=services_of(request).contact_form.token())


@router.post("/contact/fitting")
async def fitting(request: Request) -> Response:
    """Articles for what somebody has written so far, as JSON; sent as a form, so that no address holds their words."""
    refuse_foreign(request)
    fields = await fields_of(request)
    found = await to_thread.run_sync(lambda: _fitting(request, fields))
    return JSONResponse(
        found_json(found, len(found.articles), _locale(request, fields.get("locale", ""))), headers=_PRIVATE
    )


@router.post("/contact/answered")
async def answered(request: Request) -> Response:
    """The customer says that the articles answered it; nothing is sent."""
    refuse_foreign(request)
    fields = await fields_of(request)
    locale = _locale(request, fields.get("locale", ""))
    token = _token(fields)
    await to_thread.run_sync(lambda: services_of(request).contact_form.helped(token, locale))
    return await to_thread.run_sync(lambda: _page(request, locale, token=token, answered=True))


@router.post("/contact")
async def send(request: Request) -> Response:
    """Makes a ticket; first, once, shows articles that may answer it, where the form has shown none yet."""
    refuse_foreign(request)
    fields = await fields_of(request)
    return await to_thread.run_sync(lambda: _sent(request, fields))


def _sent(request: Request, fields: dict[str, str]) -> Response:
    locale, token = _locale(request, fields.get("locale", "")), _token(fields)
    given = {name: clean_text(fields.get(name, "")) for name in ("name", "email", "message")}
    problems = _problems(request, given, insisted=fields.get("insisted", ""))
    if problems:
        return _page(request, locale, status=400, token=token, problems=problems, given=given)
    form = services_of(request).contact_form
    try:
        shown_before = form.was_shown(token)
    except NotFound:
        # The page lay open too long. What was written goes into a new one.
        return _page(request, locale, status=400, token=form.token(), problems={"meant": ""}, given=given)
    if not shown_before and (found := _fitting(request, fields)).articles:
        return _page(request, locale, token=token, found=found, given=given)
    text = given["message"]
    if given["name"]:
        text += "\n\n" + pages_of(request).texts(locale)["contact_signed"].format(name=given["name"])
    written = form.send(token, text, locale=locale, contact=given["email"])
    hub_of(request.app).changed(written.ticket.conversation_id)
    return _page(request, locale, token=token, written=written, given=given)


def _fitting(request: Request, fields: dict[str, str]) -> Searched:
    text = clean_text(fields.get("message", ""))[: services_of(request).settings.max_message_chars]
    locale = _locale(request, fields.get("locale", ""))
    return services_of(request).contact_form.fitting(_token(fields), text, locale)


def _problems(request: Request, given: dict[str, str], insisted: str) -> dict[str, str]:
    """What is wrong with each field, by the name of the sentence that says so."""
    longest = services_of(request).settings.max_message_chars
    found: dict[str, str] = {}
    if not any(map(str.isalnum, given["message"])):
        found["message"] = "contact_no_message"
    elif len(given["message"]) > longest:
        found["message"] = "contact_long_message"
    if len(given["name"]) > _LONGEST_NAME:
        found["name"] = "contact_long_name"
    wrong, meant = checked(given["email"], insisted)
    if wrong:
        found["email"] = wrong
        found["meant"] = meant
    return found


def checked(address: str, insisted: str) -> tuple[str, str]:
    """What is wrong with an address, or nothing, and what it was probably meant to be; who insists is believed."""
    heard = contact.read(address) if contact.is_nothing_else(address) and "@" in address else None
    if heard is None or len(address) > _LONGEST_ADDRESS:
        return "contact_no_address", ""
    if isinstance(heard, contact.Doubtful):
        if heard.insisted() is not None and (insisted == address or not heard.meant):
            return "", ""
        return ("contact_typo", heard.meant) if heard.meant else ("contact_no_address", "")
    return "", ""


def _token(fields: dict[str, str]) -> str:
    token = fields.get("token", "")
    if not is_token(token):
        raise NotFound(_OUT_OF_DATE)
    return token


def _locale(request: Request, wanted: str) -> str:
    return languages.known(request, wanted)


def _page(request: Request, locale: str, *, status: int = 200, **values: Any) -> Response:
    empty: dict[str, Any] = {
        "given": dict.fromkeys(("name", "email", "message"), ""),
        "problems": {},
        "found": None,
        "written": None,
        "answered": False,
    }
    found: Searched | None = values.get("found")
    pages = pages_of(request)
    response = pages.render(
        request,
        "help_contact.html",
        locale,
        status=status,
        **{**empty, **values, "problems": dict.fromkeys(_FIELDS, "") | values.get("problems", {})},
        wrong=bool(values.get("problems")),
        results=[shown(one, locale) for one in found.articles] if found else [],
        longest=services_of(request).settings.max_message_chars,
        other_locales=languages.switch(request, pages, locale, lambda other: f"/help/contact?locale={other}"),
    )
    response.headers.update(_PRIVATE)
    return response
